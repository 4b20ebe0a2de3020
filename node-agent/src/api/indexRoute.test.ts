import assert from "node:assert/strict";
import type { Fact } from "@worker3/sdk";
import { type Address, getAddress } from "viem";
import { rollbackFacts } from "../chain/applyFacts.ts";
import { bookBlocks, checkpointAt, openTables } from "../chain/testing/bookBlocks.ts";
import { fact } from "../chain/testing/fact.ts";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import { ApiError } from "./ApiError.ts";
import { ownedProjects } from "./ownedProjects.ts";
import { startTestApi, type TestApi } from "./testing/startTestApi.ts";

const OWNER = getAddress("0x00000000000000000000000000000000000000A1");
const BUYER = getAddress("0x00000000000000000000000000000000000000B2");
const PATH = "/.well-known/worker3/index/projects";

describe("GET index/projects", () => {
  let ledger: Ledger;
  let api: TestApi;
  let tables: ReturnType<typeof openTables>;
  let facts: Fact[];
  /** How far it is; undefined: to the end. */
  let reading: { code: "SYNCING"; message: string } | undefined;
  /** How long each project takes to be read. */
  let stepMs = 0;

  beforeEach(async () => {
    ledger = openLedger(":memory:");
    tables = openTables(ledger);
    facts = [];
    reading = undefined;
    stepMs = 0;
    let nowMs = 0;
    const { view } = tables;
    const parts = {
      facts: tables.facts,
      view: {
        project(projectId: bigint) {
          nowMs += stepMs;
          return view.project(projectId);
        },
      },
      epoch: () => 9,
      block: () => facts.at(-1)?.blockNumber,
      nowMs: () => nowMs,
    };
    api = await startTestApi(OWNER, {
      ownedProjects(question) {
        if (reading !== undefined) throw new ApiError(reading);
        return ownedProjects(parts, question);
      },
    });
  });
  afterEach(async () => {
    await api[Symbol.asyncDispose]();
    ledger.close();
  });

  /** Books a project of which everything is known. */
  function create(id: number, owner: Address, block = id): void {
    const projectId = BigInt(id);
    let logIndex = 0;
    const at = () => ({ block, logIndex: logIndex++ });
    const told = [
      fact(at(), "projectRegistry", "ProjectCreated", { projectId, owner }),
      fact(at(), "nameRegistry", "DomainClaimed", { projectId, domain: `p${id}.worker3.localhost` }),
      fact(at(), "projectRegistry", "TermsSet", { projectId, fromEpoch: 9, cap: 5n, nodeIds: [4, 0, 2] }),
      fact(at(), "projectRegistry", "VersionAdded", { projectId, version: 1, cid: `cid-${id}`, live: true }),
      fact(at(), "projectRegistry", "VersionAdded", {
        projectId,
        version: 2,
        cid: `cid-${id}-2`,
        live: false,
      }),
    ];
    facts.push(...told);
    bookBlocks(tables, told);
  }
  function give(id: number, owner: Address, block: number): void {
    const told = fact({ block, logIndex: 0 }, "projectRegistry", "OwnerAccepted", {
      projectId: BigInt(id),
      owner,
    });
    facts.push(told);
    bookBlocks(tables, [told]);
  }
  async function page(query: string) {
    const { status, text, headers } = await api.ask(`${PATH}?${query}`);
    assert.equal(status, 200, text);
    assert.equal(headers["access-control-allow-origin"], "*");
    return JSON.parse(text);
  }
  const idsOf = ({ projects }: { projects: { projectId: string }[] }) =>
    projects.map(({ projectId }) => projectId);

  it("tells an account's projects, whoever's seats they have, with the block that it is at", async () => {
    create(1, OWNER);
    create(2, BUYER);
    assert.deepEqual(await page(`owner=${OWNER.toLowerCase()}`), {
      owner: OWNER,
      block: 2,
      projects: [
        {
          projectId: "1",
          owner: OWNER,
          domains: ["p1.worker3.localhost"],
          domainCount: 1,
          active: 1,
          cid: "cid-1",
          nodeIds: [4, 2],
        },
      ],
      next: null,
    });
    assert.deepEqual(idsOf(await page("owner=0x00000000000000000000000000000000000000c3")), []);
  });

  it("goes by who owns it now, also after it was given back, and where the chain goes back", async () => {
    create(1, OWNER);
    create(2, OWNER);
    give(1, BUYER, 3);
    assert.deepEqual(
      [idsOf(await page(`owner=${OWNER}`)), idsOf(await page(`owner=${BUYER}`))],
      [["2"], ["1"]],
    );
    give(1, OWNER, 4);
    assert.deepEqual(
      [idsOf(await page(`owner=${OWNER}`)), idsOf(await page(`owner=${BUYER}`))],
      [["1", "2"], []],
    );
    rollbackFacts(tables, checkpointAt(3n));
    assert.deepEqual(
      [idsOf(await page(`owner=${OWNER}`)), idsOf(await page(`owner=${BUYER}`))],
      [["2"], ["1"]],
    );
  });

  it("comes in pages that leave nothing out, also where one ends early because it takes long", async () => {
    for (let id = 1; id <= 7; id += 1) create(id, id === 4 ? BUYER : OWNER);
    const found: string[] = [];
    let pages = 0;
    for (let after: string | null = "0"; after !== null; pages += 1) {
      const told = await page(`owner=${OWNER}&limit=4${after === "0" ? "" : `&after=${after}`}`);
      found.push(...idsOf(told));
      after = told.next;
    }
    assert.deepEqual([found, pages], [["1", "2", "3", "5", "6", "7"], 2]);
    stepMs = 60;
    const slow = await page(`owner=${OWNER}&limit=4`);
    assert.deepEqual([idsOf(slow), slow.next], [["1"], "1"]);
  });

  it("refuses what is no question, and answers none before it has read the chain", async () => {
    for (const [query, value] of [
      ["", ""],
      ["owner=0x12", "0x12"],
      ["owner=nobody.eth", "nobody.eth"],
      [`owner=0x00000000000000000000000000000000000000aB`, "0x00000000000000000000000000000000000000aB"],
      [`owner=${OWNER}&limit=0`, "0"],
      [`owner=${OWNER}&limit=101`, "101"],
      [`owner=${OWNER}&limit=x`, "x"],
      [`owner=${OWNER}&after=-1`, "-1"],
    ] as const) {
      const { status, code, text } = await api.ask(`${PATH}?${query}`);
      assert.deepEqual([status, code], [400, "BAD_REQUEST"], query);
      assert.equal(JSON.parse(text).error.value, value, query);
    }
    const post = await api.ask(`${PATH}?owner=${OWNER}`, { method: "POST" });
    assert.deepEqual([post.status, post.code], [405, "METHOD_NOT_ALLOWED"]);
    reading = { code: "SYNCING", message: "This node is still reading the chain." };
    const early = await api.ask(`${PATH}?owner=${OWNER}`);
    assert.deepEqual([early.status, early.code], [503, "SYNCING"]);
  });
});
