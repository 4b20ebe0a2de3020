import type { ErrorDocument, Worker3Error } from "@worker3/sdk";
import { ChainError } from "../ChainError.ts";
import type { Pair, Provider } from "./providers.ts";

/** What the operator sees of an RPC. */
export interface ProviderStatus {
  /** Its host. */
  readonly name: string;
  /** The newest block that it told; null before it told one. */
  readonly head: number | null;
  /** How long that is its newest block, in ms. */
  readonly headAgeMs: number | null;
  /** What it failed with last; null while it answers. */
  readonly error: ErrorDocument | null;
  /** It refuses longer ranges of blocks; null where it never did. */
  readonly rangeBlocks: number | null;
  /** It took seconds to tell its newest block, a minute ago at most. */
  readonly isSlow: boolean;
  /** It does not know which block is final: so many blocks down are taken for it. */
  readonly lacksFinal: boolean;
}

export function statusOfProvider({ name, learnt }: Provider, nowMs: number): ProviderStatus {
  const { head, error, rangeBlocks = null, lacksFinal } = learnt;
  return {
    name,
    head: head === undefined ? null : Number(head.number),
    headAgeMs: head === undefined ? null : Math.round(nowMs - head.sinceMs),
    error: error?.toJSON() ?? null,
    rangeBlocks,
    isSlow: learnt.slowUntilMs > nowMs,
    lacksFinal,
  };
}

/** Something tells no new blocks: a provider of which the other one shows that it stands still, or all of them. */
export interface Stall {
  /** Undefined where it may be the chain itself that rests. */
  readonly provider: Provider | undefined;
  readonly error: Worker3Error;
}

/** Whether a provider, or the chain, stands still: no new block for `stalledMs`. */
export function stalledOf(
  { leader, witness }: Pair,
  { nowMs, stalledMs }: { readonly nowMs: number; readonly stalledMs: number },
): Stall | undefined {
  const still = [leader, witness].filter(
    (one): one is Provider => one !== undefined && ageOf(one, nowMs) >= stalledMs,
  );
  const [first] = still;
  if (first === undefined) return undefined;
  const seconds = Math.round(ageOf(first, nowMs) / 1_000);
  const value = `block ${first.learnt.head?.number} for ${seconds} s`;
  if (witness !== undefined && still.length === 1) {
    const other = first === leader ? witness : leader;
    const message = `${first.name} tells no new blocks, ${other.name} does`;
    const next = "nothing newer is believed of one RPC alone: name another in the network file of node.json";
    return { provider: first, error: new ChainError({ code: "RPC_STALLED", message, value, next }) };
  }
  const names = still.map(({ name }) => name).join(" and ");
  const message = `no new block came from ${names}`;
  const next =
    "look at the chain with an explorer: if it goes on there, name another RPC in the network file of node.json";
  return { provider: undefined, error: new ChainError({ code: "CHAIN_STALLED", message, value, next }) };
}

function ageOf({ learnt }: Provider, nowMs: number): number {
  return learnt.head === undefined ? 0 : nowMs - learnt.head.sinceMs;
}
