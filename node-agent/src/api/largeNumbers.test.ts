import assert from "node:assert/strict";
import { bookBlocks, openTables } from "../chain/testing/bookBlocks.ts";
import { fact } from "../chain/testing/fact.ts";
import { batchTable } from "../ledger/batchTable.ts";
import { factTable } from "../ledger/factTable.ts";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import { projectTable } from "../ledger/projectTable.ts";
import { usageTable } from "../ledger/usageTable.ts";
import { ownedProjects } from "./ownedProjects.ts";
import { startTestApi, type TestApi } from "./testing/startTestApi.ts";

const OWNER = "0x00000000000000000000000000000000000000A1";
const BASE = "/.well-known/worker3";
/** Around what a double, SQLite's integers and the chain's ids can hold. */
const LARGE = [53n, 63n, 64n].flatMap((bits) => [2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n]);
const isId = (id: bigint) => id < 2n ** 64n;

describe("a number that nothing has", () => {
  let ledger: Ledger;
  let api: TestApi;
  before(async () => {
    ledger = openLedger(":memory:");
    const tables = openTables(ledger);
    const { facts, view } = tables;
    bookBlocks(tables, [
      fact({ block: 1, logIndex: 0 }, "projectRegistry", "ProjectCreated", { projectId: 1n, owner: OWNER }),
    ]);
    const [usage, batches] = [usageTable(ledger), batchTable(ledger)];
    const ownerOf = (projectId: bigint) => view.project(projectId).owner;
    const parts = { facts, view, epoch: () => 9, block: () => 1n, nowMs: () => 0 };
    api = await startTestApi(OWNER, {
      ownerOf,
      ownedProjects: (question) => ownedProjects(parts, question),
      projectDocument: (id) => (ownerOf(id) === undefined ? undefined : assert.fail(`${id} is there`)),
      usageTotals: (projectId, epoch) =>
        usage.minutesOf({ projectId, epoch }).length === 0 && ownerOf(projectId) === undefined
          ? undefined
          : assert.fail(`${projectId} is there`),
      statementText: (projectId, epoch) => batches.statementText({ projectId, epoch }),
    });
  });
  after(async () => {
    await api[Symbol.asyncDispose]();
    ledger.close();
  });

  const answerTo = async (path: string) => {
    const { status, code = null } = await api.ask(`${BASE}/${path}`);
    return [status, code];
  };

  it("is one where the node is asked for a project, its usage or a statement, and no bug of the node", async () => {
    for (const id of LARGE) {
      const missing = (code: string) => (isId(id) ? [404, code] : [400, "BAD_REQUEST"]);
      assert.deepEqual(await answerTo(`projects/${id}`), missing("UNKNOWN_PROJECT"), `${id}`);
      assert.deepEqual(await answerTo(`usage/${id}/9`), missing("UNKNOWN_PROJECT"), `${id}`);
      assert.deepEqual(await answerTo(`statements/${id}/9`), missing("STATEMENT_MISSING"), `${id}`);
      for (const what of ["usage/1", "statements/1"]) {
        assert.deepEqual(await answerTo(`${what}/${id}`), [400, "BAD_REQUEST"], `${what}/${id}`);
      }
    }
    for (const epoch of [2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n]) {
      assert.deepEqual(await answerTo(`statements/1/${epoch}`), [404, "STATEMENT_MISSING"], `${epoch}`);
    }
    assert.deepEqual(await answerTo(`statements/1/${2n ** 32n}`), [400, "BAD_REQUEST"]);
  });

  it("ends the list of an account's projects", async () => {
    for (const after of LARGE) {
      const { status, text } = await api.ask(`${BASE}/index/projects?owner=${OWNER}&after=${after}`);
      assert.equal(status, isId(after) ? 200 : 400, `${after}`);
      if (isId(after)) assert.deepEqual([JSON.parse(text).projects, JSON.parse(text).next], [[], null]);
      assert.deepEqual(await answerTo(`index/projects?owner=${OWNER}&limit=${after}`), [400, "BAD_REQUEST"]);
    }
  });

  it("is found in no table of the ledger", () => {
    const [facts, usage, batches, projects] = [
      factTable(ledger),
      usageTable(ledger),
      batchTable(ledger),
      projectTable(ledger),
    ];
    for (const id of LARGE.filter(isId)) {
      const of = { scope: "project", id, topic: "owner" } as const;
      const key = { projectId: id, epoch: 9 };
      assert.deepEqual(
        [facts.history(of), facts.history(of, "owner"), facts.withPrefix(of, ""), facts.keys(of)],
        [[], [], [], []],
      );
      assert.equal(facts.newest({ ...of, key: "" }), undefined);
      assert.deepEqual(usage.minutesOf(key), []);
      assert.equal(
        Object.values(usage.totalsOf(key)).find((count) => Number(count) !== 0),
        undefined,
      );
      assert.deepEqual(
        [batches.statement(key), batches.statementText(key), batches.hasStatement(key)],
        [undefined, undefined, false],
      );
      assert.equal(projects.isOwn(id), false);
      assert.equal(projects.funding(id).credit, undefined);
    }
    assert.equal(facts.history({ scope: "project", id: 1n }, "owner").length, 1);
  });
});
