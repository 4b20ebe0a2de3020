import {
  epochStart,
  formatAmount,
  type NetworkClient,
  nodes,
  stakeWindow,
  type Times,
  untilAborted,
} from "@worker3/sdk";
import { usd } from "../text/usd.ts";

/** What the chain says of a node that is about to run. */
export interface NodeOnChain {
  readonly node: Pick<
    nodes.Node,
    "nodeId" | "endpoint" | "retiredFrom" | "isLiftable" | "stake" | "thawing" | "thawEpoch"
  >;
  readonly epoch: number;
  /** In base units. */
  readonly minStake: bigint;
}

/** The chain is given so long: an agent starts without it too. */
const TIMEOUT_MS = 3_000;

/** Undefined where the chain does not answer in time. */
export async function nodeOnChain(
  client: Promise<NetworkClient>,
  nodeId: number,
): Promise<NodeOnChain | undefined> {
  try {
    const asked = client.then((reader) => nodes.nodeSummary(reader, { nodeId }));
    return await untilAborted(asked, AbortSignal.timeout(TIMEOUT_MS));
  } catch {
    return undefined;
  }
}

/** What is left of a node whose retirement was asked for; undefined of any other. */
export function retirementText({ node, epoch, minStake }: NodeOnChain, times: Times): string | undefined {
  const { nodeId, retiredFrom, stake, thawing, thawEpoch } = node;
  if (retiredFrom === undefined) return undefined;
  const lastHandedIn = retiredFrom - 1 + times.late;
  const is =
    epoch < retiredFrom
      ? `Node ${nodeId} retires: epoch ${retiredFrom - 1} is its last.`
      : `Node ${nodeId} is retired since epoch ${retiredFrom}: receipts of later ones do not count.`;
  const work =
    epoch <= lastHandedIn
      ? `Let it run until epoch ${lastHandedIn} is over: so long it hands in what it served before.`
      : `It has nothing to hand in any more and need not run; what matures is paid by worker3 node claim --node ${nodeId}.`;
  const { firstWithdraw } = stakeWindow(times, thawEpoch);
  const from = new Date(epochStart(times, firstWithdraw) * 1000).toISOString();
  const leaves =
    stake === 0n
      ? "Its stake is out."
      : thawing === 0n
        ? `Its stake of ${usd(stake)} was not asked back: worker3 node unstake all`
        : `Its stake of ${usd(thawing)} leaves ${epoch >= firstWithdraw ? "now" : `from ${from} on`}: worker3 node withdraw`;
  // Only a slash retires so: what is asked back for good is not meant to stay.
  const missing = minStake - (stake - thawing);
  const lifts =
    node.isLiftable && epoch < retiredFrom && missing > 0n
      ? [
          `A slash left it too little stake: ${usd(missing)} more before epoch ${retiredFrom} takes the retirement back: worker3 node stake ${formatAmount(missing)}.`,
        ]
      : [];
  return [is, ...lifts, work, leaves].join("\n");
}
