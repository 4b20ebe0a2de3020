import { RpcError } from "@worker3/sdk";
import type { Checkpoint } from "../../ledger/checkpointTable.ts";
import { ChainError } from "../ChainError.ts";
import { headerAt } from "./headers.ts";
import { asking, type Provider } from "./providers.ts";

export interface Identity {
  readonly chainId: number;
  /** A block that is final for good: every RPC of the chain has it. Undefined while none is known. */
  readonly pinned: Checkpoint | undefined;
}

/**
 * Makes sure that a provider speaks for this chain: by its id, and by a block that was final. Asked before it is believed
 * for the first time and after each failure, since what answers under a host may be another machine then.
 *
 * @throws {RpcError | ChainError} `WRONG_CHAIN`, `BELOW_FINAL`, `RPC_BEHIND`, or why it cannot be asked.
 */
export async function checkIdentity(provider: Provider, { chainId, pinned }: Identity): Promise<void> {
  if (provider.learnt.isChecked) return;
  await checkChainId(provider, chainId);
  await asking(provider, async () => {
    if (pinned === undefined) return;
    const block = await headerAt(provider, { blockNumber: pinned.number });
    const head = provider.learnt.head?.number;
    if (block === undefined && head !== undefined && head < pinned.number)
      throw isBehind(provider, head, pinned);
    if (block?.hash !== pinned.hash) throw belowFinal(provider, pinned, block?.hash);
  });
  provider.learnt.isChecked = true;
}

/**
 * Makes sure that a provider that was not checked says that it speaks for this chain: before what it tells is compared with
 * what another one tells, or both would be blamed.
 *
 * @throws {RpcError} `WRONG_CHAIN`, or why it cannot be asked.
 */
export async function checkChainId(provider: Provider, chainId: number): Promise<void> {
  if (provider.learnt.isOfChain) return;
  await asking(provider, async () => {
    const told = await provider.client.getChainId();
    provider.learnt.isOfChain = told === chainId;
    if (provider.learnt.isOfChain) return;
    throw new RpcError({
      code: "WRONG_CHAIN",
      message: `${provider.name} speaks for chain ${told}, the network is on chain ${chainId}.`,
      value: String(told),
      next: "name an RPC of the network's chain in the network file of node.json",
    });
  });
}

function isBehind({ name }: Provider, head: bigint, { number }: Checkpoint): ChainError {
  return new ChainError({
    code: "RPC_BEHIND",
    message: `${name} is at block ${head}, this node has read block ${number} already`,
    value: String(head),
    next: "nothing, if it is still reading the chain itself; else name another RPC in node.json",
  });
}

/** A block that was final is not part of the chain, says a provider. */
function belowFinal({ name }: Provider, { number, hash }: Checkpoint, told: string | undefined): ChainError {
  return new ChainError({
    code: "BELOW_FINAL",
    message: `${name} says that block ${number}, which was final, is not part of the chain: nothing is taken back for that`,
    value: `${hash}, there ${told ?? "no such block"}`,
    next:
      "name another RPC in the network file of node.json; if the chain was really set back by those who run it, " +
      `chain.acceptRollbackTo in node.json: the number of a block before ${number} that both have`,
  });
}
