import type { IncomingMessage } from "node:http";
import { Pace } from "../../../process/Pace.ts";
import type { ApiRates } from "../../Edge.ts";
import { networkOf } from "../../networkOf.ts";
import type { Refusal } from "../../Refusal.ts";
import type { Visitor } from "../../Visitor.ts";

/** So many seconds' worth may come at once after a rest. */
const BURST_SECONDS = 10;
/** The node's only path that has a query and costs nothing to speak of: its downloads have bounds of their own. */
const DOWNLOAD = /^\/ipfs\/\w+(?:\?.*)?$/;
const PLAIN_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
const EVERYBODY = "";

/** What came to the node itself, as much of it as says what it may cost. */
export type OwnHostRequest = Pick<IncomingMessage, "method" | "rawHeaders"> & { readonly path: string };

/** How often this process lets the node itself be asked: the agent has one thread, and strangers may ask it. */
export class OwnHostRates {
  readonly #tiers: readonly { readonly isCostly: boolean; readonly perClient: Pace; readonly total: Pace }[];

  constructor(rates: ApiRates) {
    const pace = (perSecond: number) => new Pace({ perSecond, burst: BURST_SECONDS * perSecond });
    this.#tiers = [
      { isCostly: true, perClient: pace(rates.costlyPerClient), total: pace(rates.costlyTotal) },
      { isCostly: false, perClient: pace(rates.perClient), total: pace(rates.total) },
    ];
  }

  /**
   * Counts a request. A costly one counts as any other, too; one that is refused does not count.
   *
   * @param nowMs - by any steady clock.
   * @returns why it comes too early; undefined where it does not.
   */
  admit(request: OwnHostRequest, { address }: Pick<Visitor, "address">, nowMs: number): Refusal | undefined {
    const client = networkOf(address);
    const tiers = this.#tiers.filter(({ isCostly }) => !isCostly || mayBeCostly(request));
    for (const { perClient, total } of tiers) {
      const ownMs = perClient.waitMs(client, nowMs);
      if (ownMs > 0) return tooMany("this address asks the node too often", ownMs);
      const totalMs = total.waitMs(EVERYBODY, nowMs);
      if (totalMs > 0) return tooMany("the node is asked too often", totalMs);
    }
    for (const { perClient, total } of tiers) {
      perClient.take(client, nowMs);
      total.take(EVERYBODY, nowMs);
    }
    return undefined;
  }
}

/**
 * Whether the agent may have to sign something, to look whose a signature is, or to ask the chain. What cannot be told from
 * that without knowing its paths, such as one in which characters are escaped, is costly.
 */
export function mayBeCostly({ method = "", path, rawHeaders }: OwnHostRequest): boolean {
  if (!PLAIN_METHODS.has(method)) return true;
  if (rawHeaders.some((name, index) => index % 2 === 0 && /^worker3-/i.test(name))) return true;
  return /[?%\\]|\.\./.test(path) && !DOWNLOAD.test(path);
}

function tooMany(message: string, waitMs: number): Refusal {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return { status: 429, code: "TOO_MANY_REQUESTS", message, retryAfterSeconds };
}
