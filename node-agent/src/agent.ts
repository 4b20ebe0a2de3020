import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createNetworkClient, createNetworkWriter, parseNetwork } from "@worker3/sdk";
import type { Logger } from "pino";
import { createAdmin } from "./admin/createAdmin.ts";
import { createStatus } from "./admin/createStatus.ts";
import { createApi } from "./api/createApi.ts";
import { createApiParts } from "./api/createApiParts.ts";
import { serveOnSocket } from "./api/serveOnSocket.ts";
import { createChainClock } from "./chain/chainClock.ts";
import { createFunding } from "./chain/createFunding.ts";
import { followChain } from "./chain/followChain.ts";
import { createOutbox } from "./chain/outbox/createOutbox.ts";
import { readNetwork } from "./chain/readNetwork.ts";
import { createChainView } from "./chain/view/createChainView.ts";
import { createSettlementView } from "./chain/view/createSettlementView.ts";
import type { AgentConfig } from "./config.ts";
import { createSources } from "./content/createSources.ts";
import { dropUnnamed } from "./content/dropUnnamed.ts";
import { fetchContent } from "./content/fetchContent.ts";
import { openContentStore } from "./content/openContentStore.ts";
import { ownHosts } from "./edge/ownHosts.ts";
import { every } from "./every.ts";
import { batchTable } from "./ledger/batchTable.ts";
import { checkpointTable } from "./ledger/checkpointTable.ts";
import { factTable } from "./ledger/factTable.ts";
import { openLedger } from "./ledger/openLedger.ts";
import { outboxTable } from "./ledger/outboxTable.ts";
import { projectTable } from "./ledger/projectTable.ts";
import { usageTable } from "./ledger/usageTable.ts";
import { createCapWatch } from "./metering/createCapWatch.ts";
import { createMeter } from "./metering/createMeter.ts";
import { readOperatorKey } from "./operatorKey.ts";
import { boundHeap } from "./process/boundHeap.ts";
import { startServing } from "./serving/startServing.ts";
import { createSettlement } from "./settlement/createSettlement.ts";

export interface StartAgentOptions {
  readonly logger: Logger;
}

/** A node that serves. */
export interface RunningAgent {
  readonly nodeId: number;
  readonly url: string;
  readonly port: number;
  /** Takes nothing new, lets requests finish, books the last counts and ends every process. Idempotent. */
  stop(): Promise<void>;
  /** Settles when it stopped. */
  readonly done: Promise<void>;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * The composition root: builds the parts of a node and hands them to each other. Nobody else does.
 *
 * @throws {Worker3Error} `LEDGER_IN_USE`, `PORT_IN_USE`, `OPERATOR_KEY_UNREADABLE`, `CELL_DIRECTORY_TOO_LONG`,
 *   `BELOW_MINIMUM`, and what else keeps a part from starting. Nothing is left running then.
 */
export async function startAgent(config: AgentConfig, { logger }: StartAgentOptions): Promise<RunningAgent> {
  boundHeap();
  const { nodeId, stateDirectory, chain, settlement: settlementConfig } = config;
  const network = parseNetwork(config.network);
  const operator = await readOperatorKey(config);
  await mkdir(stateDirectory, { recursive: true, mode: 0o700 });
  const stopping = new AbortController();
  const { signal } = stopping;
  // What has to be undone, the newest first.
  const undo = new AsyncDisposableStack();

  try {
    const ledger = openLedger(join(stateDirectory, "ledger.sqlite"), { alone: true });
    undo.defer(() => ledger.close());
    const facts = factTable(ledger);
    const projects = projectTable(ledger);
    const usage = usageTable(ledger);
    const batches = batchTable(ledger);
    const view = createChainView({ ledger, facts, projects, network, nodeId });
    const clock = createChainClock(network.times);
    const asked = readNetwork(network);
    const client = createNetworkClient({ network: asked });
    const funding = createFunding({ client, projects, logger });

    const content = await openContentStore({
      directory: join(stateDirectory, "content"),
      ledger,
      limits: config.content,
      logger,
    });
    const sources = createSources({ ...config.content, network, publicClient: client.publicClient });
    undo.use(sources);

    const meter = createMeter({
      ledger,
      usage,
      batches,
      currentEpoch: clock.epoch,
      late: network.times.late,
    });
    const epochClock = () => ({
      genesisMs: network.times.genesis * 1000,
      epochMs: network.times.epochSeconds * 1000,
      skewMs: clock.skewMs(),
    });
    const hostsOfNode = () =>
      ownHosts({ nodeId, zone: network.zone, endpoint: view.node(nodeId)?.endpoint ?? "" });
    const apiSocketPath = join(stateDirectory, "api.sock");
    const serving = await startServing({
      ...{ config, apiSocketPath, meter, content, logger, signal },
      ownHosts: hostsOfNode(),
      clock: { ...clock, ofEdge: epochClock },
      project: view.project,
      serves: (project) => view.serves(project, clock.epoch()),
      funded: funding.funded,
      hosts: view.hosts,
      fetch: (project, cid, fetchSignal) =>
        fetchContent({
          store: content,
          cid,
          sources: sources.of(view.peers(project, clock.epoch()), config.content.gateways),
          logger,
          signal: fetchSignal,
        }),
    });
    undo.use(serving);
    const { edge, reconciler, cells, incidents, bookCpu } = serving;
    const capWatch = createCapWatch({ meter, view, reconciler, nodeId });

    const follower = followChain({
      ...chain,
      tables: { ledger, facts, checkpoints: checkpointTable(ledger), projects, view },
      network,
      nodeId,
      logger,
      signal,
      onHead({ head }) {
        if (head !== undefined && clock.see(head.timestamp)) edge.setClock(epochClock());
        for (const projectId of projects.listDirty()) {
          // Cleaned first: a fact that comes while it is looked at makes it dirty again.
          projects.clean(projectId);
          void lookAt([projectId]);
        }
        edge.setOwnHosts(hostsOfNode());
        // Settlement has its own pace: routes come first.
        outbox.wake();
      },
    });
    undo.defer(() => follower.done);

    const outbox = createOutbox({
      table: outboxTable(ledger),
      client: createNetworkWriter({ network: asked, account: operator }),
      account: operator,
      finalBlock: () => follower.status().final?.number ?? 0n,
      bumpAfterMs: settlementConfig.bumpAfterMs,
      logger,
    });
    const settlement = createSettlement({
      ledger,
      usage,
      batches,
      meter: { isClosed: (epoch) => edge.closedEpoch >= epoch, prune: meter.prune },
      outbox,
      view: createSettlementView({ projects, view, network, nodeId, status: follower.status }),
      client,
      operator,
      settings: settlementConfig,
      logger,
    });
    const outboxDone = outbox.run(signal);
    undo.defer(() => outboxDone);

    async function settle(): Promise<void> {
      try {
        await settlement.settle(Date.now(), signal);
      } catch (error) {
        if (!signal.aborted) logger.error({ error }, "settlement failed");
      }
    }

    /** Asks whether they are paid for where that is not known, and reconciles them. */
    async function lookAt(projectIds: readonly bigint[]): Promise<void> {
      const known = projectIds.filter((projectId) => view.serves(view.project(projectId), clock.epoch()));
      await Promise.all(projectIds.map((projectId) => reconciler.reconcile(projectId)));
      const changed = await funding.refresh(known, clock.epoch());
      await Promise.all(changed.map((projectId) => reconciler.reconcile(projectId)));
    }

    const api = await serveOnSocket(
      createApi(
        createApiParts({
          ...{ config, network, operator, logger, view, facts, funding, projects, clock, content, client },
          ...{ follower, settlement, reconciler, incidents },
        }),
      ),
      apiSocketPath,
      0o600,
    );
    undo.defer(() => api.close());
    const status = createStatus({
      ...{ nodeId, url: edge.url, view, clock, client, enforces: cells.enforces },
      ...{ follower, outbox, settlement, reconciler },
    });
    const admin = await serveOnSocket(createAdmin({ status }), join(stateDirectory, "admin.sock"), 0o600);
    undo.defer(() => admin.close());

    // A restart finds again what it had: every project of its own, asleep until somebody asks.
    await lookAtAll();
    let epochSeen = clock.epoch();
    every(SECOND_MS, { signal, logger }, () => {
      const epoch = clock.epoch();
      bookCpu();
      capWatch.check(epoch);
      reconciler.tick();
      if (epoch !== epochSeen) {
        epochSeen = epoch;
        void lookAtAll();
      }
      return settle();
    });
    // Whoever could not be asked for is asked again.
    every(5 * SECOND_MS, { signal, logger }, () => askUnknown());
    every(5 * SECOND_MS, { signal, logger }, () => serving.rememberProcesses());
    every(MINUTE_MS, { signal, logger }, () => dropUnclaimed());

    async function lookAtAll(): Promise<void> {
      await lookAt(projects.listOwn());
    }
    async function askUnknown(): Promise<void> {
      const unknown = reconciler
        .projects()
        .filter((projectId) => projects.funding(projectId).epoch !== clock.epoch());
      const changed = await funding.refresh(unknown, clock.epoch());
      await Promise.all(changed.map((projectId) => reconciler.reconcile(projectId)));
    }
    async function dropUnclaimed(): Promise<void> {
      const isNamed = (cid: string) => facts.projectsNaming(cid).length > 0;
      await dropUnnamed({ store: content, isNamed, nowMs: Date.now(), logger });
    }

    let _stopped: Promise<void> | undefined;
    const done = Promise.withResolvers<void>();
    return {
      nodeId,
      url: edge.url,
      port: edge.port,
      done: done.promise,
      stop() {
        _stopped ??= (async () => {
          stopping.abort(new Error("the agent stops"));
          await undo.disposeAsync();
        })().then(done.resolve, done.reject);
        return done.promise;
      },
    };
  } catch (error) {
    stopping.abort(error);
    await undo.disposeAsync();
    throw error;
  }
}
