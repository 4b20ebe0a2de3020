import assert from "node:assert/strict";
import type { Fact } from "@worker3/sdk";
import { zeroHash } from "viem";
import { type Ledger, openLedger } from "../ledger/openLedger.ts";
import type { ChainTables } from "./applyFacts.ts";
import { bookBlocks, NODE, openTables } from "./testing/bookBlocks.ts";
import { fact } from "./testing/fact.ts";

const OWNER = "0x00000000000000000000000000000000000000A1";
const CREDIT = { available: 5n, budget: 1n, nextBudget: 1n };

describe("what a fact has looked at again", () => {
  let ledger: Ledger;
  let tables: ChainTables;
  let block = 0;
  const at = () => {
    block += 1;
    return { block, logIndex: 0 };
  };
  const terms = (projectId: bigint, nodeIds: number[]): Fact =>
    fact(at(), "projectRegistry", "TermsSet", { projectId, fromEpoch: 3, cap: 1n, nodeIds });

  /** The projects that are dirty, and of them those whose credit is to be asked for. */
  function after(told: Fact): { dirty: bigint[]; asked: bigint[] } {
    const { projects } = tables;
    for (const id of projects.listOwn()) {
      projects.clean(id);
      projects.setFunding(id, { ...projects.funding(id), epoch: 3, credit: CREDIT });
    }
    bookBlocks(tables, [told]);
    const dirty = projects.listDirty();
    return { dirty, asked: projects.listOwn().filter((id) => projects.funding(id).epoch !== 3) };
  }

  beforeEach(() => {
    ledger = openLedger(":memory:");
    tables = openTables(ledger);
    bookBlocks(tables, [terms(1n, [NODE, 2]), terms(2n, [NODE, 3]), terms(3n, [2, 3])]);
  });
  afterEach(() => ledger.close());

  const project = { projectId: 1n };
  const node = { nodeId: 2 };
  const table: [rule: string, told: () => Fact, dirty: bigint[], asked: bigint[]][] = [
    [
      "a deposit: the project and its credit",
      () =>
        fact(at(), "creditEscrow", "Deposited", {
          ...project,
          from: OWNER,
          amount: 1n,
          balance: 1n,
          salt: zeroHash,
        }),
      [1n],
      [1n],
    ],
    ["grown terms: the same", () => terms(1n, [NODE, 2, 3]), [1n], [1n]],
    [
      "a node that retires: the projects that have it in a seat, whose budgets are others then",
      () => fact(at(), "nodeRegistry", "Retired", { ...node, retiredFrom: 4, isLiftable: true }),
      [1n],
      [1n],
    ],
    [
      "a retirement that is taken back: the same",
      () => fact(at(), "nodeRegistry", "RetirementLifted", node),
      [1n],
      [1n],
    ],
    [
      "this node's retirement: all that it has a seat in",
      () => fact(at(), "nodeRegistry", "Retired", { nodeId: NODE, retiredFrom: 4, isLiftable: false }),
      [1n, 2n],
      [1n, 2n],
    ],
    [
      "a domain that is claimed: the project, not its credit",
      () => fact(at(), "nameRegistry", "DomainClaimed", { ...project, domain: "www.example.org" }),
      [1n],
      [],
    ],
    [
      "where a deployment of somebody goes: nothing",
      () => fact(at(), "nameRegistry", "TargetSet", { ...project, owner: OWNER, domain: "www.example.org" }),
      [],
      [],
    ],
    [
      "what another project was paid: nothing",
      () =>
        fact(at(), "creditEscrow", "Deposited", {
          projectId: 3n,
          from: OWNER,
          amount: 1n,
          balance: 1n,
          salt: zeroHash,
        }),
      [],
      [],
    ],
  ];
  for (const [rule, told, dirty, asked] of table)
    it(rule, () => assert.deepEqual(after(told()), { dirty, asked }));

  it("of a new project its domain is told before itself, and both are known", () => {
    const place = at();
    bookBlocks(tables, [
      fact(place, "nameRegistry", "DomainClaimed", { projectId: 9n, domain: "new.worker3.localhost" }),
      fact({ ...place, logIndex: 1 }, "projectRegistry", "ProjectCreated", { projectId: 9n, owner: OWNER }),
      fact({ ...place, logIndex: 2 }, "projectRegistry", "TermsSet", {
        projectId: 9n,
        fromEpoch: 3,
        cap: 1n,
        nodeIds: [NODE],
      }),
    ]);
    const view = openTables(ledger).view;
    assert.deepEqual(
      [view.project(9n).owner, view.project(9n).domains, view.projectAt("new.worker3.localhost")],
      [OWNER, ["new.worker3.localhost"], 9n],
    );
    assert.ok(tables.projects.listDirty().includes(9n));
  });
});
