import { epochStart, type NetworkClient, nodes, stakeWindow, type Times, untilAborted } from "@worker3/sdk";
import type { Enforces } from "../cells/index.ts";
import type { ChainClock } from "../chain/chainClock.ts";
import type { Follower } from "../chain/follow/createFollower.ts";
import type { Outbox } from "../chain/outbox/createOutbox.ts";
import { termsAt } from "../chain/view/chainProject.ts";
import type { ChainView } from "../chain/view/createChainView.ts";
import type { ChainNode } from "../chain/view/nodes.ts";
import type { ContentStore } from "../content/ContentStore.ts";
import type { KuboPins } from "../content/createKuboPins.ts";
import type { Scrub } from "../content/createScrub.ts";
import type { IdentityWatch } from "../identity/createIdentityWatch.ts";
import type { Reconciler } from "../reconcile/Reconciler.ts";
import type { Settlement } from "../settlement/createSettlement.ts";
import { VERSION } from "../version.ts";
import type { NodeStatus } from "./NodeStatus.ts";

export interface StatusParts {
  readonly nodeId: number;
  readonly url: () => string;
  readonly view: Pick<ChainView, "node" | "project" | "seat" | "successor">;
  readonly clock: Pick<ChainClock, "epoch">;
  readonly client: NetworkClient;
  readonly enforces: Enforces;
  readonly follower: Pick<Follower, "status">;
  readonly identity: Pick<IdentityWatch, "instance" | "refusal" | "unreached">;
  readonly outbox: Pick<Outbox, "status">;
  readonly settlement: Pick<Settlement, "earned" | "receipts" | "unpaid">;
  readonly reconciler: Pick<Reconciler, "projects" | "status">;
  readonly content: Pick<ContentStore, "list">;
  readonly scrub: Pick<Scrub, "damaged">;
  /** Absent where no IPFS daemon is configured. */
  readonly kuboPins?: Pick<KuboPins, "status"> | undefined;
  /** What the disk may hold, in bytes. */
  readonly limits: { readonly totalBytes: number };
}

/** The chain is given so long to say what only it knows. */
const CHAIN_TIMEOUT_MS = 3_000;

/** What the operator sees of a node; also while the chain is away. */
export function createStatus(parts: StatusParts): () => Promise<NodeStatus> {
  const { nodeId, url, view, clock, client, enforces, follower, identity, outbox, settlement, reconciler } =
    parts;
  const startedAt = new Date().toISOString();
  return async () => {
    const [onChain, minStake, factor, earned] = await Promise.all([
      inTime(nodes.nodeOf(client, { nodeId })),
      inTime(nodes.minStake(client)),
      inTime(nodes.seatStakeFactor(client)),
      inTime(settlement.earned()),
    ]);
    const { head, final, target, isSynced, isWitnessed, providers, error } = follower.status();
    const { address, queueLength, lastError } = outbox.status();
    const node = view.node(nodeId);
    return {
      nodeId,
      version: VERSION,
      startedAt,
      url: url(),
      endpoint: { url: node?.endpoint ?? null, error: identity.unreached()?.toJSON() ?? null },
      stake: onChain && String(onChain.stake),
      epoch: clock.epoch(),
      presence: presenceOf(node),
      exposure: exposureOf(parts, freeOf(onChain), factor),
      retiredFrom: node?.retiredFrom ?? null,
      liftable: liftableOf(node, clock.epoch(), { free: freeOf(onChain), minStake }),
      unstaking: onChain && unstakingOf(onChain, client.network.times),
      enforces,
      identity: { instance: identity.instance, error: identity.refusal()?.toJSON() ?? null },
      chain: {
        head: head === undefined ? null : Number(head.number),
        final: final === undefined ? null : Number(final.number),
        target: target === undefined ? null : Number(target),
        isSynced,
        isWitnessed,
        providers,
        error: error?.toJSON() ?? null,
      },
      outbox: { operator: address, queueLength, error: lastError ?? null },
      content: contentOf(parts),
      projects: reconciler.projects().flatMap((projectId) => {
        const status = reconciler.status(projectId);
        if (status === undefined || status.state === "gone") return [];
        const { state, active, wanted, split = null, code = null, rssBytes, cells } = status;
        return [
          { projectId: String(projectId), state, version: active, wanted, split, code, rssBytes, cells },
        ];
      }),
      unpaid: settlement.unpaid().map(({ why, count, amount }) => ({ why, count, amount: String(amount) })),
      successor: view.successor() ?? null,
      receipts: receiptsOf(settlement.receipts()),
      earned:
        earned === null
          ? null
          : {
              pending: String(earned.pending),
              claimable: String(earned.claimable),
              claimed: String(earned.claimed),
            },
    };
  };
}

function presenceOf(node: ChainNode | undefined): NodeStatus["presence"] {
  const { presentUntil = 0, leastCap = 0n } = node ?? {};
  return { untilEpoch: presentUntil, leastCap: String(leastCap), isFull: leastCap >= nodes.FULL };
}

/** The stake that stands for new seats. */
function freeOf(node: nodes.Node | null): bigint | null {
  return node && node.stake - node.thawing;
}

function exposureOf(
  { view, clock, reconciler, nodeId }: Pick<StatusParts, "view" | "clock" | "reconciler" | "nodeId">,
  free: bigint | null,
  factor: number | null,
): NodeStatus["exposure"] {
  const epoch = clock.epoch();
  const capsIn = (at: number) =>
    reconciler.projects().flatMap((projectId) => {
      const terms = termsAt(view.project(projectId).terms, at);
      return terms?.nodeIds.includes(nodeId) === true ? [terms.cap] : [];
    });
  const [current, next] = [capsIn(epoch), capsIn(epoch + 1)];
  const sumOf = (caps: readonly bigint[]) => String(caps.reduce((sum, cap) => sum + cap, 0n));
  const highestCap = [...current, ...next].reduce((most, cap) => (cap > most ? cap : most), 0n);
  return {
    current: sumOf(current),
    next: sumOf(next),
    highestCap: String(highestCap),
    mostCap: free === null || factor === null || factor === 0 ? null : String(free / BigInt(factor)),
  };
}

function liftableOf(
  node: ChainNode | undefined,
  epoch: number,
  { free, minStake }: { readonly free: bigint | null; readonly minStake: bigint | null },
): NodeStatus["liftable"] {
  if (node?.retiredFrom === undefined || !node.isLiftable || epoch >= node.retiredFrom) return null;
  const missing = free === null || minStake === null ? null : minStake - free;
  return {
    addStake: missing === null ? null : String(missing > 0n ? missing : 0n),
    untilEpoch: node.retiredFrom - 1,
  };
}

function receiptsOf(counts: ReturnType<Settlement["receipts"]>): NodeStatus["receipts"] {
  const { open, openForGas, lost, lostForGas } = counts;
  return { waiting: open, waitingForGas: openForGas, lost, lostForGas };
}

function unstakingOf({ thawing, thawEpoch }: nodes.Node, times: Times): NodeStatus["unstaking"] {
  if (thawing === 0n) return null;
  const { firstWithdraw } = stakeWindow(times, thawEpoch);
  return {
    amount: String(thawing),
    thawsAt: new Date(epochStart(times, firstWithdraw) * 1000).toISOString(),
  };
}

function contentOf({
  content,
  scrub,
  kuboPins,
  limits,
}: Pick<StatusParts, "content" | "scrub" | "kuboPins" | "limits">): NodeStatus["content"] {
  const rows = content.list();
  return {
    contents: rows.length,
    bytes: rows.reduce((sum, { carBytes, bytes }) => sum + carBytes + bytes, 0),
    totalBytes: limits.totalBytes,
    unwanted: rows.filter(({ unwantedMs }) => unwantedMs !== undefined).length,
    damaged: scrub
      .damaged()
      .map(({ cid, what, foundMs }) => ({ cid, what, foundAt: new Date(foundMs).toISOString() })),
    kubo: kuboPins?.status() ?? null,
  };
}

/** The answer, or null where it does not come. */
async function inTime<answer>(asked: Promise<answer>): Promise<answer | null> {
  try {
    return await untilAborted(asked, AbortSignal.timeout(CHAIN_TIMEOUT_MS));
  } catch {
    return null;
  }
}
