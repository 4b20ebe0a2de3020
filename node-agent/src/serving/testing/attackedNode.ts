import assert from "node:assert/strict";
import type { Cell } from "../../cells/Cell.ts";
import { type Answer, fetchEdge } from "../../edge/testing/testEdge.ts";
import { until } from "../../testing/until.ts";
import { type Neighbours, startNeighbours } from "./startNeighbours.ts";
import { type ServingNode, type ServingNodeOptions, startServingNode } from "./startServingNode.ts";
import { workerVersion } from "./workerVersion.ts";

const NEIGHBOURS = Array.from({ length: 10 }, (_, i) => BigInt(i + 1));
/** Of a neighbour's answer, whatever goes on beside it, on a machine that does nothing else. */
const ANSWER_MS = 2_000;
/** An answer takes some turns on the processor: of the edge, of the cell, of who asks. */
const TURNS = 10;

export interface Attack extends Answer {
  readonly projectId: bigint;
  /** What the node says went wrong; absent where the worker answered. */
  readonly code: string | undefined;
}

/** A node with ten neighbours, and those who attack it. Usable within tests. */
export interface AttackedNode {
  readonly node: ServingNode;
  /** The project of an attacker, by a name that the test chooses. */
  idOf(name: string): bigint;
  deploy(name: string, source: string, manifest?: object): Promise<number>;
  visit(name: string, path?: string): Promise<Answer>;
  /** Deploys, visits once, and says what came of it. */
  attack(name: string, source: string, manifest?: object): Promise<Attack>;
  /** Codes and versions of what the owner is told, the newest first. */
  incidentsOf(projectId: bigint): string[];
  cellsOf(projectId: bigint): Cell[];
}

/**
 * For a `describe` of attacks: all its tests share one node with ten neighbours that are visited all the while. After
 * each test each answers twice more, and must have answered every request since the test before, none later than 2 s,
 * or as much later as the machine kept this process waiting for a processor.
 *
 * @param options - asked for once, before the first test; what it defers is done when the node has stopped.
 */
export function attackedNode(
  options: (undo: AsyncDisposableStack) => ServingNodeOptions | Promise<ServingNodeOptions> = () => ({}),
): AttackedNode {
  const undo = new AsyncDisposableStack();
  let node: ServingNode | undefined;
  let neighbours: Neighbours | undefined;
  const attackers = new Map<string, bigint>();
  const running = (): ServingNode => node ?? assert.fail("the node runs within tests only");

  before(async () => {
    node = undo.use(await startServingNode(await options(undo)));
    neighbours = await startNeighbours(node, NEIGHBOURS);
    undo.defer(neighbours.stop);
    await until("all neighbours", () => running().serving.cells.cells().length >= NEIGHBOURS.length);
    // Their own starts are not what an attack did.
    await neighbours.settle();
    neighbours.take();
  });
  afterEach(async () => {
    await neighbours?.settle();
    const { failures, tookMs, starvedMs } = neighbours?.take() ?? assert.fail("no neighbours");
    assert.deepEqual(failures, []);
    const slowestMs = Math.round(Math.max(...tookMs));
    const told = `a neighbour's visitor waited ${slowestMs} ms, this process ${Math.round(starvedMs)} ms for a turn`;
    assert.ok(slowestMs < ANSWER_MS + TURNS * starvedMs, told);
  });
  after(() => undo.disposeAsync());

  const idOf = (name: string): bigint => {
    const projectId = attackers.get(name) ?? BigInt(100 + attackers.size);
    attackers.set(name, projectId);
    return projectId;
  };
  const deploy = (name: string, source: string, manifest: object = {}) =>
    running().deploy(idOf(name), workerVersion(source, manifest));
  const visit = (name: string, path = "/") =>
    fetchEdge(running().edge, { host: running().hostOf(idOf(name)), path });
  return {
    get node() {
      return running();
    },
    idOf,
    deploy,
    visit,
    async attack(name, source, manifest = {}) {
      await deploy(name, source, manifest);
      const answer = await visit(name);
      const code = answer.headers["worker3-error"];
      return { projectId: idOf(name), ...answer, code: code === undefined ? code : String(code) };
    },
    incidentsOf: (projectId) =>
      running()
        .serving.incidents.of(projectId)
        .map(({ code, version }) => `${code} ${version}`),
    cellsOf: (projectId) =>
      running()
        .serving.cells.cells()
        .filter((cell) => cell.spec.projectId === projectId),
  };
}

/** A module whose `fetch` runs this code. */
export function handler(code: string): string {
  return `export default { async fetch(request, env, ctx) { ${code} } }`;
}
