import { every } from "./background/every.ts";
import type { RequestOverLimit } from "./cells/limits/createIncidents.ts";
import { findDifference } from "./chain/compareFacts.ts";
import { createLooks } from "./chain/createLooks.ts";
import { readingChain } from "./chain/readingChain.ts";
import { settledMs } from "./chain/settledMs.ts";
import { dropUnnamed } from "./content/dropUnnamed.ts";
import { ownHosts } from "./edge/ownHosts.ts";
import type { Parts } from "./parts.ts";
import { cellLimitRefusal } from "./reconcile/cellLimitRefusal.ts";
import type { ServingParts } from "./servingParts.ts";
import { startWatchdogThread } from "./watchdog/startWatchdogThread.ts";

const SECOND_MS = 1_000;
/** How often it is looked whether an epoch is over: seats of the next one serve from its begin, those given up no longer. */
const TURN_MS = 250;
/** How often it is looked whether the IPFS daemon holds what this node keeps. */
const PINS_MS = 5_000;
const MINUTE_MS = 60_000;
/** How often what events said is compared with what the contracts say. */
const COMPARE_MS = 10 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long requests may finish when it stops. */
const STOP_GRACE_MS = 5_000;

/**
 * Everything that a node does by itself, from the top: what visitors bring about, what the chain does, what the clock does.
 * Takes no new step once `stopping` aborts, and has ended when it is disposed.
 *
 * @throws {Worker3Error} as `serveVisitors`. Nothing is left running then.
 */
export async function startLoop(parts: Parts, stopping: AbortSignal): Promise<AsyncDisposable> {
  const { nodeId, network, logger, clock, view, projects, facts, funding, content, scrub, housekeeping } =
    parts;
  const { kuboPins } = parts;
  const { follower, identity, outbox, settlement, meter, capWatch, stored, serving } = parts;
  const { edge, reconciler, cells, cpu } = serving;
  const ending = new AbortController();
  const signal = AbortSignal.any([stopping, ending.signal]);
  await using running = new AsyncDisposableStack();

  // What is looked at, whoever asks: a project is reconciled, and again once it is known whether it is paid for.
  const look = createLooks({
    asks(projectId) {
      const project = view.project(projectId);
      return project.hasCredit && view.seat(project, clock.epoch()) !== "none";
    },
    reconcile: reconciler.reconcile,
    funding,
    epoch: clock.epoch,
    logger,
    signal,
  });
  const lookAtAll = () => Promise.all(projects.listOwn().map(look));

  // Visitors. A name without a route is not unknown before the chain is read and every project has one.
  let areRoutesSet = false;
  let successorTold: string | undefined;
  edge.setOwnHosts(hostsOfNode());
  tellUnknownHosts();
  // A restart finds again what it had before the first visitor comes, and asks nobody for that.
  await Promise.allSettled(projects.listOwn().map(reconciler.reconcile));
  running.use(await serveVisitors(serving));

  // The chain.
  const following = follower.follow({
    signal,
    async onHead({ head, isWitnessed, wasSynced }) {
      if (head !== undefined && clock.see({ ...head, isWitnessed })) {
        edge.setClock(clock.settings());
        meter.clockChanged();
      }
      for (const projectId of projects.listDirty()) {
        // Cleaned first: a fact that comes while it is looked at makes it dirty again.
        projects.clean(projectId);
        void look(projectId);
      }
      edge.setOwnHosts(hostsOfNode());
      tellSuccessor();
      // Settlement has its own pace: routes come first.
      outbox.wake();
      if (!wasSynced || areRoutesSet) return;
      await Promise.allSettled(projects.listOwn().map(reconciler.reconcile));
      areRoutesSet = true;
      tellUnknownHosts();
    },
  });
  const sending = outbox.run(signal);
  running.defer(async () => {
    ending.abort();
    await Promise.all([following, sending]);
  });

  // The clock. Of every project it is asked whether it is paid for; an RPC that does not answer holds up nothing below.
  void lookAtAll();
  let epochSeen = clock.epoch();
  // Each by itself: what throws, or waits for the chain, holds up nothing else.
  again(SECOND_MS, "CPU time could not be booked", () => cpu.book(cells.cells()));
  again(SECOND_MS, "what is held could not be booked", stored.book);
  again(SECOND_MS, "caps could not be looked at", () => capWatch.check(clock.epoch()));
  again(SECOND_MS, "what is due could not be done", reconciler.tick);
  again(TURN_MS, "the turn of an epoch could not be acted on", () => {
    const epoch = clock.epoch();
    if (epoch === epochSeen) return;
    void lookAtAll();
    epochSeen = epoch;
  });
  again(COMPARE_MS, "what is known of the chain could not be compared with the contracts", compare);
  again(SECOND_MS, "what names without a route get could not be told", tellUnknownHosts);
  again(SECOND_MS, "who this agent is could not be looked at", identity.look);
  again(MINUTE_MS, "the node's own endpoint could not be asked", () => identity.askEndpoint(signal));
  again(SECOND_MS, "settlement failed", () => settlement.settle(clock.nowMs(), signal));
  again(MINUTE_MS, "uploads that nobody names could not be dropped", async () => {
    const finalMs = settledMs(follower.status(), clock.nowMs());
    if (finalMs === undefined) return;
    const isNamed = (cid: string) => facts.projectsNaming(cid).length > 0;
    await dropUnnamed({ store: content, isNamed, nowMs: clock.nowMs(), finalMs, logger });
  });

  again(MINUTE_MS, "the disk could not be tidied", () => housekeeping.tidy(reconciler.isInUse));
  if (kuboPins !== undefined)
    again(PINS_MS, "the IPFS daemon could not be looked after", () => kuboPins.round(signal));
  again(DAY_MS, "content on the disk could not be looked at", () => scrub.round(signal));

  const loop = running.move();
  return { [Symbol.asyncDispose]: () => loop.disposeAsync() };

  function again(ms: number, failed: string, work: () => unknown): void {
    every(ms, { signal, logger, failed }, work);
  }

  function tellUnknownHosts(): void {
    const reading = readingChain({ ...follower.status(), ...(areRoutesSet ? {} : { wasSynced: false }) });
    edge.setUnknownHosts(reading && { ...reading, status: 503, retryAfterSeconds: 2 });
  }

  async function compare(): Promise<void> {
    const { isSynced, head } = follower.status();
    if (!isSynced || head === undefined) return;
    const asked = { client: parts.client, view, own: projects.listOwn(), nodeId, block: head.number };
    const difference = await findDifference({ ...asked, random: Math.random });
    if (difference === undefined) return follower.compared(head);
    logger.error(
      { difference, block: String(head.number) },
      "an event was never told: the chain is read again",
    );
    await follower.reread();
  }

  /** What its operator has to know, once in the log: sooner or later this network's projects go on elsewhere. */
  function tellSuccessor(): void {
    const successor = view.successor();
    if (successor === successorTold) return;
    successorTold = successor;
    if (successor !== undefined)
      logger.warn({ successor }, "another settlement is announced to take over from this network's");
  }

  function hostsOfNode(): string[] {
    return ownHosts({ nodeId, zone: network.zone, endpoint: view.node(nodeId)?.endpoint ?? "" });
  }
}

/**
 * Lets visitors in: their counts are booked, their wishes wake projects, and what they ask of cells is held to the limits.
 * Runs until it is disposed.
 *
 * @throws {EdgeError} as `Edge.listen`. Nothing is left running then.
 */
export async function serveVisitors(serving: ServingParts): Promise<AsyncDisposable> {
  const { edge, lineSocketPath, cells, reconciler, incidents, meter, logger } = serving;
  await using open = new AsyncDisposableStack();
  open.use(
    await startWatchdogThread({
      socketPath: lineSocketPath,
      refusals: {
        CPU_LIMIT: cellLimitRefusal("CPU_LIMIT"),
        CPU_HANG: cellLimitRefusal("CPU_HANG"),
        MEMORY_LIMIT: cellLimitRefusal("MEMORY_LIMIT"),
        WALL_LIMIT: cellLimitRefusal("WALL_LIMIT"),
      },
      cells,
      replace: reconciler.replace,
      onIncident: incidents.add,
      logger,
    }),
  );
  await edge.listen({
    onCounts(report) {
      if (!meter.bookReport(report)) return;
      for (const { projectId } of report.counts) reconciler.touch(BigInt(projectId));
    },
    onWake: (projectId) => reconciler.wake(BigInt(projectId)),
    onTrouble: (upstream, reason) => logger.warn({ upstream, reason }, "a cell does not answer"),
    onCut(requests) {
      incidents.addRequests(
        requests.map(({ projectId, version, code, id }) => {
          return { projectId: BigInt(projectId), version, code: code as RequestOverLimit["code"], id };
        }),
      );
    },
  });
  open.defer(() => edge.close({ graceMs: STOP_GRACE_MS }));
  return open.move();
}
