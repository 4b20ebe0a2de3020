import {
  type Capabilities,
  escrow,
  hashMessage,
  type Network,
  type NetworkClient,
  projects as projectActions,
  Worker3Error,
} from "@worker3/sdk";
import type { Logger } from "pino";
import { type Address, isAddressEqual } from "viem";
import type { Incidents } from "../cells/index.ts";
import type { ChainClock } from "../chain/chainClock.ts";
import type { Follower } from "../chain/follow/createFollower.ts";
import { readingChain } from "../chain/readingChain.ts";
import { type ChainProject, termsAt } from "../chain/view/chainProject.ts";
import type { ChainView } from "../chain/view/createChainView.ts";
import { isAccepting } from "../chain/view/nodes.ts";
import type { AgentConfig } from "../config.ts";
import type { ContentStore } from "../content/ContentStore.ts";
import type { Housekeeping } from "../content/createHousekeeping.ts";
import type { DenyList } from "../content/denyList.ts";
import type { IdentityWatch } from "../identity/createIdentityWatch.ts";
import type { FactTable } from "../ledger/factTable.ts";
import { monotonicMs } from "../process/monotonicMs.ts";
import type { Reconciler } from "../reconcile/Reconciler.ts";
import type { Settlement } from "../settlement/createSettlement.ts";
import { VERSION } from "../version.ts";
import { ApiError } from "./ApiError.ts";
import type { ApiParts, ProjectDocument } from "./ApiParts.ts";
import { createUploadAdmission, type UploadAdmission } from "./createUploadAdmission.ts";
import { createVouching } from "./createVouching.ts";
import { createDownloads } from "./downloads/createDownloads.ts";
import type { KeyThread } from "./keys/createKeyThread.ts";
import { ownedProjects } from "./ownedProjects.ts";
import { shareForMoment } from "./shareForMoment.ts";

export interface ApiSources {
  readonly config: AgentConfig;
  readonly network: Network;
  /** Of the operator. */
  readonly operator: Address;
  readonly keys: KeyThread;
  readonly logger: Logger;
  readonly view: ChainView;
  readonly facts: Pick<FactTable, "projectsNaming" | "ownedBy">;
  readonly clock: ChainClock;
  readonly content: ContentStore;
  readonly client: NetworkClient;
  readonly follower: Pick<Follower, "refresh" | "status">;
  readonly settlement: Pick<Settlement, "usageOf" | "statementText">;
  readonly reconciler: Pick<Reconciler, "status" | "prepare" | "reconcile">;
  readonly incidents: Pick<Incidents, "of">;
  readonly capabilities: Capabilities;
  readonly denied: DenyList;
  readonly housekeeping: Pick<Housekeeping, "room">;
  readonly identity: Pick<IdentityWatch, "instance" | "noteNonce" | "refusal">;
}

/** Refusals that a transaction of a moment ago may have made wrong: the node looks at the chain once more. */
const MAY_BE_BEHIND: ReadonlySet<string> = new Set([
  "UNKNOWN_PROJECT",
  "NO_SEAT",
  "INTENT_MISSING",
  "OWNER_CHANGED",
  "SIGNATURE_WRONG",
]);

const LOOK_EVERY_MS = 250;

/** Hands the parts of a node to its HTTP surface. */
export function createApiParts(sources: ApiSources): ApiParts {
  const { config, network, operator, logger, view, facts, clock, content, client } = sources;
  const { nodeId } = config;
  const project = (projectId: bigint): ChainProject => view.project(projectId);
  const nowSeconds = () => Math.floor(clock.nowMs() / 1000);
  const ownerOf = (projectId: bigint) => project(projectId).owner;
  const seatOf = (projectId: bigint) => view.seat(project(projectId), clock.epoch());
  const isVouchedBy = createVouching({ publicClient: client.publicClient });
  const admission = createUploadAdmission({
    network,
    nowSeconds,
    ownerOf,
    mayPropose: (projectId, who) => project(projectId).delegates.some((one) => isAddressEqual(one.who, who)),
    isVouchedBy,
    recoverKey: sources.keys.recoverKey,
    carBytes: config.content.carBytes,
    content,
    denies: (projectId, cid) =>
      sources.denied.cid(cid) || (projectId !== undefined && sources.denied.project(projectId)),
    room: sources.housekeeping.room,
    projectsNaming: facts.projectsNaming,
    hasSeat: (projectId) => seatOf(projectId) !== "none",
    missingCredit: shareForMoment({ ms: LOOK_EVERY_MS }, async (projectId: bigint) => {
      if (config.settlement.serveUnpaid) return undefined;
      const [available, { budget: now, nextBudget }, { balance, thawing }] = await Promise.all([
        escrow.available(client, { projectId }),
        projectActions.readBudgets(client, { projectId }),
        escrow.accountOf(client, { projectId }),
      ]);
      // What is for a seat of the next epoch is taken once both are paid for.
      const budget = seatOf(projectId) === "prepares" ? now + nextBudget : now;
      if (available >= budget) return undefined;
      return { available, budget, free: balance - thawing, thawing, late: network.times.late };
    }),
  });
  return {
    nodeId,
    network,
    logger,
    readingChain: () => readingChain(sources.follower.status()),
    nowSeconds,
    ownerOf,
    isVouchedBy,
    recoverKey: sources.keys.recoverKey,
    content,
    isDenied(cid) {
      const named = facts.projectsNaming(cid);
      return sources.denied.cid(cid) || (named.length > 0 && named.every(sources.denied.project));
    },
    uploads: caughtUp(admission, sources.follower),
    downloads: createDownloads({ limits: config.content.downloads }),
    isReplica: (operator, cid) =>
      facts
        .projectsNaming(cid)
        .flatMap((projectId) => view.peers(project(projectId), clock.epoch()))
        .some((peer) => isAddressEqual(peer.operator, operator)),
    nodeDocument() {
      const node = view.node(nodeId);
      return {
        nodeId,
        protocol: 1,
        instance: sources.identity.instance,
        version: VERSION,
        region: node?.region ?? "",
        operator,
        accepting: node !== undefined && isAccepting(node, clock.epoch()),
        abuse: config.abuseContact,
        capabilities: sources.capabilities,
      };
    },
    ownedProjects(question) {
      const reading = readingChain(sources.follower.status());
      if (reading !== undefined)
        throw new ApiError({ ...reading, next: "ask another node, or again in a moment" });
      const block = () => sources.follower.status().head?.number;
      return ownedProjects({ facts, view, epoch: clock.epoch, block, nowMs: monotonicMs }, question);
    },
    async proveEndpoint(nonce) {
      const { endpoint = "" } = view.node(nodeId) ?? {};
      // Nobody is told that the operator holds an endpoint by one who is not the operator.
      if (endpoint === "" || sources.identity.refusal()?.code === "OPERATOR_KEY_WRONG") return undefined;
      sources.identity.noteNonce(nonce);
      const proof = { nodeId, endpoint, nonce };
      return { endpoint, signature: await sources.keys.sign(hashMessage(network, "EndpointProof", proof)) };
    },
    projectDocument(projectId) {
      const known = project(projectId);
      const status = sources.reconciler.status(projectId);
      const seat = view.seat(known, clock.epoch());
      if (status === undefined || seat === "none") return undefined;
      const { wanted, active, split, ready, state, code } = status;
      const terms = termsAt(known.terms, clock.epoch() + (seat === "serves" ? 0 : 1));
      const role = terms?.nodeIds[0] === nodeId ? "home" : "replica";
      return {
        projectId: String(projectId),
        wanted,
        active,
        ...(split === undefined ? {} : { split }),
        ready,
        role,
        state,
        proposed: proposalsOf(known),
        ...(code === undefined ? {} : { code }),
        incidents: sources.incidents.of(projectId),
      };
    },
    projectFailure: (projectId) => sources.reconciler.status(projectId)?.failure,
    usageTotals(projectId, epoch) {
      if (ownerOf(projectId) === undefined) return undefined;
      const used = sources.settlement.usageOf({ projectId, epoch });
      const { requests = "0", cpuMs = "0", egressKiB = "0", storedMiB = "0" } = used?.totals ?? {};
      return {
        requests: BigInt(requests),
        cpuMs: BigInt(cpuMs),
        egressKiB: BigInt(egressKiB),
        storedMiB: BigInt(storedMiB),
      };
    },
    usageMinutes: (projectId, epoch) => sources.settlement.usageOf({ projectId, epoch })?.minutes ?? [],
    statementText: (projectId, epoch) => sources.settlement.statementText({ projectId, epoch }),
    isReady: (cid) =>
      facts.projectsNaming(cid).some((projectId) => {
        const { ready = [] } = sources.reconciler.status(projectId) ?? {};
        return project(projectId).versions.some((one) => one.cid === cid && ready.includes(one.version));
      }),
    isAwaited(cid, projectId) {
      const { versions, active, split } = project(projectId);
      const named = versions.filter((one) => one.cid === cid);
      return (
        named.length === 0 || named.some(({ version }) => version === active || version === split?.version)
      );
    },
    async afterUpload(cid, projectId) {
      await sources.reconciler.prepare(projectId, cid);
      await sources.reconciler.reconcile(projectId);
      return { ready: true };
    },
  };
}

/** So many are told, so that the document has a bound. */
const PROPOSALS_TOLD = 20;

function proposalsOf({ versions, activated }: ChainProject): ProjectDocument["proposed"] {
  const were = new Set(activated);
  return versions
    .flatMap(({ version, proposedBy: by }) =>
      by === undefined || were.has(version) ? [] : [{ version, by }],
    )
    .slice(-PROPOSALS_TOLD);
}

/** An upload comes right after its transaction, perhaps before the node has seen that. */
function caughtUp(admission: UploadAdmission, follower: Pick<Follower, "refresh">): UploadAdmission {
  // Strangers can make the node look; all who ask within a moment share one look.
  let looking: Promise<void> = Promise.resolve();
  let nextLookMs = 0;
  const look = (): Promise<void> => {
    if (Date.now() < nextLookMs) return looking;
    nextLookMs = Date.now() + LOOK_EVERY_MS;
    looking = follower.refresh();
    return looking;
  };
  return {
    async admit(request) {
      try {
        return await admission.admit(request);
      } catch (error) {
        if (!(error instanceof Worker3Error) || !MAY_BE_BEHIND.has(error.code)) throw error;
        await look();
        return admission.admit(request);
      }
    },
  };
}
