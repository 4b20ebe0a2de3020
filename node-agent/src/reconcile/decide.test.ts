import assert from "node:assert/strict";
import { type Actual, decide, type Wanted } from "./decide.ts";

const wanted: Wanted = { seat: "serves", isDenied: false, version: 2, funded: true, capReached: false };
const nothing: Actual = {
  hasContent: false,
  trouble: undefined,
  cell: "none",
  isAskedFor: false,
  isResting: false,
  served: undefined,
};
const trouble = { status: 503, code: "UNSUPPORTED_BINDING", message: "no" };

/** In words: `route step`. A refusal is named by its code. */
function told(change: Partial<Wanted>, actual: Partial<Actual>, serveUnpaid = false): string {
  const { route, step } = decide({ ...wanted, ...change }, { ...nothing, ...actual }, { serveUnpaid });
  return `${route.to === "refusal" ? route.refusal.code : route.to} ${step}`;
}

describe("what a node does about a project", () => {
  const here: Partial<Actual> = { hasContent: true };
  const table: [what: string, wanted: Partial<Wanted>, actual: Partial<Actual>, expected: string][] = [
    [
      "without a seat it forgets it",
      { seat: "none" },
      { ...here, cell: "warm", served: 2 },
      "nowhere forget",
    ],
    [
      "what its operator denies it neither serves nor fetches, whoever pays",
      { isDenied: true, funded: undefined },
      { ...here, cell: "warm", served: 2 },
      "DENIED stop",
    ],
    ["before the first live version it says so", { version: 0 }, {}, "NO_VERSION none"],
    ["without credit it neither fetches nor starts", { funded: false }, {}, "NO_CREDIT stop"],
    [
      "without credit it stops what runs",
      { funded: false },
      { ...here, cell: "warm", served: 2 },
      "NO_CREDIT stop",
    ],
    ["while the credit is not known it waits", { funded: undefined }, here, "CREDIT_UNKNOWN none"],
    [
      "while the credit is not known again it goes on serving",
      { funded: undefined },
      { ...here, cell: "warm", served: 2 },
      "cell none",
    ],
    [
      "also through the cell's sleep",
      { funded: undefined },
      { ...here, served: 2, isAskedFor: true },
      "sleeping start",
    ],
    ["but begins no other version", { funded: undefined }, { ...here, served: 1 }, "keep none"],
    [
      "what was refused meanwhile is not begun either",
      { funded: undefined },
      { ...here, isAskedFor: true },
      "CREDIT_UNKNOWN none",
    ],
    [
      "at the cap it stops answering, and keeps the cell",
      { capReached: true },
      { ...here, cell: "warm", served: 2 },
      "CAP_REACHED none",
    ],
    ["the first version's content is fetched", {}, {}, "WAITING_FOR_CONTENT fetch"],
    ["until the content is there the version before is served", {}, { served: 1 }, "keep fetch"],
    ["content that cannot be served is refused", {}, { ...here, trouble }, "UNSUPPORTED_BINDING none"],
    [
      "a version that cannot be served leaves the one before",
      {},
      { ...here, trouble, served: 1 },
      "keep none",
    ],
    [
      "a version that can no longer be served is not kept",
      {},
      { ...here, trouble, served: 2 },
      "UNSUPPORTED_BINDING none",
    ],
    ["with content and nobody asking it sleeps", {}, here, "sleeping none"],
    ["the first visitor waits for the cell", {}, { ...here, isAskedFor: true }, "sleeping start"],
    ["the next ones share that start", {}, { ...here, isAskedFor: true, cell: "starting" }, "sleeping none"],
    [
      "a new version is made warm while the one before serves",
      {},
      { ...here, isAskedFor: true, served: 1 },
      "keep start",
    ],
    [
      "the one before serves until the new one is warm",
      {},
      { ...here, isAskedFor: true, cell: "starting", served: 1 },
      "keep none",
    ],
    ["a warm version is served", {}, { ...here, cell: "warm", served: 1 }, "cell none"],
  ];
  for (const [what, change, actual, expected] of table) {
    it(what, () => assert.equal(told(change, actual), expected));
  }

  describe("for a seat of the next epoch", () => {
    const ahead: Partial<Wanted> = { seat: "prepares" };
    const table: [what: string, wanted: Partial<Wanted>, actual: Partial<Actual>, expected: string][] = [
      ["it fetches once the credit pays for both epochs", {}, {}, "nowhere fetch"],
      ["it fetches nothing before that is known", { funded: undefined }, {}, "nowhere stop"],
      ["it fetches nothing where the credit pays for one alone", { funded: false }, {}, "nowhere stop"],
      [
        "it makes ready what is here, and starts no cell",
        {},
        { ...here, isAskedFor: true },
        "nowhere prepare",
      ],
      ["what cannot be served it leaves", {}, { ...here, trouble }, "nowhere none"],
      ["before the first live version there is nothing to do", { version: 0 }, {}, "nowhere stop"],
      ["what its operator denies it does not fetch", { isDenied: true }, {}, "nowhere stop"],
      ["the cap of the epoch that runs is not its own", { capReached: true }, {}, "nowhere fetch"],
      [
        "what it served in an earlier epoch it serves no more",
        {},
        { ...here, cell: "warm", served: 2 },
        "nowhere prepare",
      ],
    ];
    for (const [what, change, actual, expected] of table)
      it(what, () => assert.equal(told({ ...ahead, ...change }, actual), expected));

    it("an operator who serves unpaid fetches unpaid, too", () =>
      assert.equal(told({ ...ahead, funded: false }, {}, true), "nowhere fetch"));
  });

  it("no decision for a seat that is not of this epoch has a route or a cell", () => {
    for (const seat of ["prepares", "none"] as const)
      for (const funded of [true, false, undefined])
        for (const cell of ["none", "starting", "warm"] as const)
          for (const served of [undefined, 1, 2])
            for (const serveUnpaid of [false, true]) {
              const actual = { ...nothing, hasContent: true, cell, served, isAskedFor: true };
              const { route, step } = decide({ ...wanted, seat, funded }, actual, { serveUnpaid });
              assert.equal(route.to, "nowhere");
              assert.notEqual(step, "start");
            }
  });

  it("an operator may choose to serve on unpaid", () => {
    for (const change of [{ funded: false }, { funded: undefined }, { capReached: true }]) {
      assert.equal(told(change, { hasContent: true, cell: "warm", served: 2 }, true), "cell none");
    }
  });

  it("no decision serves a version whose content is not here", () => {
    for (const cell of ["none", "starting", "warm"] as const) {
      for (const isAskedFor of [false, true]) {
        for (const served of [undefined, 1, 2]) {
          const { route } = decide(wanted, { ...nothing, cell, isAskedFor, served }, { serveUnpaid: false });
          assert.ok(route.to === "refusal" || (route.to === "keep" && served === 1), JSON.stringify(route));
        }
      }
    }
  });
});
