import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createNetworkClient, createNetworkWriter, parseAmount, parseNetwork } from "@worker3/sdk";
import { openKubo } from "@worker3/sdk/node";
import type { Logger } from "pino";
import { privateKeyToAccount } from "viem/accounts";
import { createAdmin } from "./admin/createAdmin.ts";
import { createStatus } from "./admin/createStatus.ts";
import { createApi } from "./api/createApi.ts";
import { createApiParts } from "./api/createApiParts.ts";
import { askAsPeer } from "./api/downloads/askAsPeer.ts";
import { createKeyThread } from "./api/keys/createKeyThread.ts";
import { serveOnSocket } from "./api/serveOnSocket.ts";
import { createChainClock } from "./chain/chainClock.ts";
import { createFunding } from "./chain/createFunding.ts";
import { createWitnesses } from "./chain/createWitnesses.ts";
import { createFollower } from "./chain/follow/createFollower.ts";
import { countBy, createOutbox } from "./chain/outbox/createOutbox.ts";
import { readNetwork } from "./chain/readNetwork.ts";
import { settledMs } from "./chain/settledMs.ts";
import type { ChainProject } from "./chain/view/chainProject.ts";
import { createChainView } from "./chain/view/createChainView.ts";
import { createSettlementView } from "./chain/view/createSettlementView.ts";
import type { AgentConfig } from "./config.ts";
import { createHousekeeping } from "./content/createHousekeeping.ts";
import { createKuboPins, pinNameOf } from "./content/createKuboPins.ts";
import { createPace } from "./content/createPace.ts";
import { createScrub } from "./content/createScrub.ts";
import { createSources } from "./content/createSources.ts";
import { createDenyList } from "./content/denyList.ts";
import { fetchContent } from "./content/fetchContent.ts";
import { openContentStore } from "./content/openContentStore.ts";
import { pinWishes } from "./content/pinWishes.ts";
import { createIdentityWatch } from "./identity/createIdentityWatch.ts";
import { lockIdentity } from "./identity/lockIdentity.ts";
import { requireOperator } from "./identity/requireOperator.ts";
import { batchTable } from "./ledger/batchTable.ts";
import { checkpointTable } from "./ledger/checkpointTable.ts";
import { claimLedger } from "./ledger/claimLedger.ts";
import { factTable } from "./ledger/factTable.ts";
import { kuboPinTable } from "./ledger/kuboPinTable.ts";
import { openLedger } from "./ledger/openLedger.ts";
import { outboxTable } from "./ledger/outboxTable.ts";
import { projectTable } from "./ledger/projectTable.ts";
import { usageTable } from "./ledger/usageTable.ts";
import { createCapWatch } from "./metering/createCapWatch.ts";
import { createMeter } from "./metering/createMeter.ts";
import { createStoredBook } from "./metering/createStoredBook.ts";
import { heldBytes } from "./metering/heldBytes.ts";
import { readOperatorKey } from "./operatorKey.ts";
import { contentUses } from "./reconcile/contentUses.ts";
import { buildServing } from "./servingParts.ts";
import { createSettlement } from "./settlement/createSettlement.ts";

/** How long RPCs are waited for before anything is served. */
const START_TIMEOUT_MS = 3_000;

/** The parts of a node. Nothing happens by itself yet: see `loop.ts`. Disposing ends what is open. */
export type Parts = Awaited<ReturnType<typeof buildParts>>;

export interface BuildOptions {
  readonly logger: Logger;
  /** Aborts when the agent stops. */
  readonly signal: AbortSignal;
}

/**
 * Builds the parts of a node and hands them to each other. Nobody else does.
 *
 * @throws {Worker3Error} `LEDGER_IN_USE`, `LEDGER_DAMAGED`, `NODE_RUNNING`, `OPERATOR_KEY_UNREADABLE`,
 *   `OPERATOR_KEY_WRONG`, and as `buildServing`. Nothing is left open then.
 */
export async function buildParts(config: AgentConfig, { logger, signal }: BuildOptions) {
  const { nodeId, stateDirectory } = config;
  const network = parseNetwork(config.network);
  const operatorKey = await readOperatorKey(config);
  const operator = privateKeyToAccount(operatorKey);
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  // What has to be closed, the newest first.
  await using open = new AsyncDisposableStack();

  const ledger = openLedger(join(stateDirectory, "ledger.sqlite"), { alone: true });
  open.defer(() => ledger.close());
  // After the folder's own lock, whose error says more where it is the same folder.
  open.use(await lockIdentity({ network, nodeId, stateDirectory }));
  const isNewLedger = claimLedger(ledger, {
    chainId: network.chainId,
    settlement: network.contracts.usageSettlement,
    nodeId,
    genesis: network.times.genesis,
    epochSeconds: network.times.epochSeconds,
  });
  const facts = factTable(ledger);
  const projects = projectTable(ledger);
  const usage = usageTable(ledger);
  const batches = batchTable(ledger);

  const asked = readNetwork(network);
  const client = createNetworkClient({ network: asked });
  const { requestTimeoutMs } = config.chain;
  const witnesses = createWitnesses({ network: asked, requestTimeoutMs });
  // Who is asked at the start has less time: sites are served meanwhile by what is known.
  const starters = createWitnesses({
    network: asked,
    requestTimeoutMs: Math.min(requestTimeoutMs, START_TIMEOUT_MS),
  });
  await requireOperator({ nodeId, key: operator.address, witnesses: starters, logger });
  const checkpoints = checkpointTable(ledger);
  const clock = createChainClock(network.times, { knownSeconds: checkpoints.newest()?.timestamp });
  const view = createChainView({ ledger, facts, projects, network, nodeId });
  const funding = createFunding({ clients: witnesses.clients, projects });
  const follower = createFollower({
    tables: { ledger, facts, checkpoints, projects, view },
    settings: config.chain,
    network,
    nodeId,
    logger,
  });
  const identity = createIdentityWatch({
    network,
    nodeId,
    operator: operator.address,
    node: () => view.node(nodeId),
    timeoutMs: requestTimeoutMs,
    logger,
  });
  const outbox = createOutbox({
    table: outboxTable(ledger),
    client: createNetworkWriter({ network: asked, account: operator }),
    account: operator,
    finalBlock: () => follower.status().final?.number ?? -1n,
    countTransactions: async (address, at) =>
      Math.min(...(await witnesses.ask((host) => countBy(host.publicClient, address, at)))),
    bumpAfterMs: config.settlement.bumpAfterMs,
    refusal: identity.refusal,
    nowMs: clock.nowMs,
    logger,
  });

  const content = await openContentStore({
    directory: join(stateDirectory, "content"),
    ledger,
    limits: config.content,
    nowMs: clock.nowMs,
    logger,
  });
  if (isNewLedger && (await content.unlisted()).length > 0)
    logger.warn(
      { stateDirectory },
      "the ledger is new and content is there: if one was lost, what it had of unpaid usage is lost unless you stop now and put it back",
    );
  const seat = (project: ChainProject) => view.seat(project, clock.epoch());
  /** Whether the credit of a project pays for what its seat here is for. */
  const funded = (projectId: bigint): boolean | undefined => {
    const project = view.project(projectId);
    if (!project.hasCredit) return false;
    const isNext = seat(project) === "prepares";
    return isNext ? funding.fundedNext(projectId, clock.epoch()) : funding.funded(projectId, clock.epoch());
  };
  const denied = createDenyList(config.deny);
  const uses = (cid: string) => {
    const own = facts.projectsNaming(cid).filter(projects.isOwn);
    return contentUses(cid, own.map(view.project), (project) => seat(project) !== "none");
  };
  const finalMs = () => settledMs(follower.status(), clock.nowMs());
  const housekeeping = createHousekeeping({
    store: content,
    uses,
    denied,
    limits: config.content,
    finalMs,
    nowMs: clock.nowMs,
    logger,
  });
  const daemon = config.content.kubo;
  const kubo = daemon && (await openKubo({ url: daemon.url, idleMs: daemon.idleTimeoutMs }));
  const kuboPins =
    kubo &&
    createKuboPins({
      kubo,
      name: pinNameOf(network, nodeId),
      isPinning: daemon.pins,
      table: kuboPinTable(ledger),
      store: content,
      wishes: pinWishes({ store: content, uses, denied, finalMs }),
      logger,
    });
  const keys = open.use(createKeyThread(operatorKey));
  const sources = open.use(
    createSources({
      ...config.content,
      kubo,
      network,
      publicClient: client.publicClient,
      headersFor: askAsPeer({
        network,
        keys,
        nowSeconds: () => Math.floor(clock.nowMs() / 1_000),
        maySign: () => identity.refusal() === undefined,
      }),
    }),
  );

  const meter = createMeter({
    ledger,
    usage,
    batches,
    currentEpoch: clock.epoch,
    late: network.times.late,
  });
  const apiSocketPath = join(stateDirectory, "api.sock");
  const serving = open.use(
    await buildServing({
      config,
      apiSocketPath,
      clock,
      meter,
      content,
      project: view.project,
      seat,
      denies: (projectId, cid) => denied.project(projectId) || denied.cid(cid),
      funded,
      hosts: view.hosts,
      fetch: (project, cid, fetchSignal) =>
        fetchContent({
          store: content,
          cid,
          sources: sources.of(view.peers(project, clock.epoch()), config.content.gateways),
          room: () => housekeeping.room(project.projectId),
          logger,
          signal: fetchSignal,
        }),
      logger,
      signal,
    }),
  );
  const { edge, cells, reconciler, incidents, capabilities } = serving;
  const { scrubBytesPerSecond } = config.content;
  const scrub = createScrub({
    store: content,
    pace: scrubBytesPerSecond === 0 ? undefined : createPace(scrubBytesPerSecond),
    changed(cid) {
      // A content may be that of several projects.
      for (const projectId of facts.projectsNaming(cid))
        if (projects.isOwn(projectId)) void reconciler.reconcile(projectId); // never rejects
    },
    nowMs: clock.nowMs,
    logger,
  });
  const { epochSeconds } = network.times;
  const capWatch = createCapWatch({ meter, view, reconciler, nodeId, epochSeconds });
  const stored = createStoredBook({
    meter,
    times: network.times,
    nowMs: clock.nowMs,
    held: () =>
      heldBytes({
        served: reconciler.served(),
        project: view.project,
        funded,
        bytesOf: content.bytesOf,
      }),
  });
  // What was held last is booked when nothing is served any more.
  open.defer(stored.flush);

  const settlement = createSettlement({
    ledger,
    usage,
    batches,
    meter,
    closedEpoch: () => edge.closedEpoch,
    outbox,
    view: createSettlementView({
      projects,
      view,
      network,
      nodeId,
      nowMs: clock.nowMs,
      status: follower.status,
    }),
    client,
    operator,
    isShort: (projectId) => funded(projectId) === false,
    refusal: identity.refusal,
    settings: {
      ...config.settlement,
      presence: {
        epochs: config.presence.epochs,
        leastCap: parseAmount(config.presence.leastCap),
        isFull: config.presence.full,
      },
    },
    logger,
  });

  const api = createApi(
    createApiParts({
      config,
      network,
      operator: operator.address,
      keys,
      logger,
      view,
      facts,
      clock,
      content,
      client,
      follower,
      settlement,
      reconciler,
      incidents,
      capabilities,
      identity,
      denied,
      housekeeping,
    }),
  );
  const apiSocket = await serveOnSocket(api, apiSocketPath, 0o600);
  open.defer(() => apiSocket.close());
  const status = createStatus({
    nodeId,
    url: () => edge.url,
    view,
    clock,
    client,
    enforces: cells.enforces,
    follower,
    identity,
    outbox,
    settlement,
    reconciler,
    content,
    scrub,
    kuboPins,
    limits: config.content,
  });
  const adminSocket = await serveOnSocket(createAdmin({ status }), join(stateDirectory, "admin.sock"), 0o600);
  open.defer(() => adminSocket.close());

  const opened = open.move();
  return {
    nodeId,
    network,
    logger,
    projects,
    facts,
    clock,
    view,
    funding,
    follower,
    identity,
    outbox,
    client,
    content,
    meter,
    scrub,
    housekeeping,
    kuboPins,
    capWatch,
    stored,
    settlement,
    serving,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
