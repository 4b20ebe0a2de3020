import assert from "node:assert/strict";
import { type Address, padHex, toFunctionSelector } from "viem";
import { compareRoles } from "./compareRoles.ts";
import type { RoleState, Roles, TargetState } from "./declaredRoles.ts";

const ALICE = padHex("0xa1", { size: 20 });
const BOB = padHex("0xb0", { size: 20 });
const TARGET = padHex("0x7a", { size: 20 });
const PAUSE = toFunctionSelector("function pause()");
const ROLE: RoleState = { members: [{ account: ALICE, delay: 60 }], admin: 0n, guardian: 2n, grantDelay: 0 };
const OPEN: TargetState = { closed: false, adminDelay: 0, functions: new Map([[PAUSE, 2n]]) };
const sides = (role: Partial<RoleState> = {}, target: Partial<TargetState> = {}): Roles => ({
  roles: new Map([[1n, { ...ROLE, ...role }]]),
  targets: new Map([[TARGET, { ...OPEN, ...target }]]),
});
const compare = (found: Roles, deployer: Address | undefined = BOB) =>
  compareRoles({
    declared: sides(),
    found,
    deployer,
    contracts: [
      {
        name: "Thing",
        address: TARGET,
        abi: [{ type: "function", name: "pause", stateMutability: "nonpayable", inputs: [], outputs: [] }],
      },
    ],
  });
const wrong = (found: Roles, deployer?: Address) =>
  compare(found, deployer)
    .filter(({ ok }) => !ok)
    .map(({ what, found }) => `${what}: ${found}`);

describe("roles against their declaration", () => {
  it("what is declared has a row each, and is right", () => {
    assert.deepEqual(
      compare(sides()).map(({ what, expected, ok }) => [what, expected, ok]),
      [
        ["role parameters: members", `${ALICE} after 60 s`, true],
        ["role parameters: granted by", "admin", true],
        ["role parameters: cancelled by", "guardian", true],
        ["role parameters: delay of a grant", "at once", true],
        ["roles of the deploying account", "none", true],
        ["restrictions of Thing", "open, changed at once", true],
        ["who may call Thing.pause()", "guardian", true],
      ],
    );
  });

  const [alice] = ROLE.members;
  const day = Date.UTC(2026, 0, 1) / 1000;
  const cases: [string, Roles, string[]][] = [
    [
      "one more member",
      sides({ members: [...ROLE.members, { account: TARGET, delay: 0 }] }),
      [`role parameters: members: ${[`${TARGET} at once`, `${ALICE} after 60 s`].sort().join(", ")}`],
    ],
    ["no member", sides({ members: [] }), ["role parameters: members: nobody"]],
    [
      "another delay",
      sides({ members: [{ account: ALICE, delay: 61 }] }),
      [`role parameters: members: ${ALICE} after 61 s`],
    ],
    [
      "a member to come",
      sides({ members: [{ account: ALICE, delay: 60, since: day }] }),
      [`role parameters: members: ${ALICE} after 60 s from 2026-01-01T00:00:00.000Z on`],
    ],
    [
      "a delay to come",
      sides({ members: [{ account: ALICE, delay: 60, nextDelay: { delay: 0, from: day } }] }),
      [`role parameters: members: ${ALICE} after 60 s, from 2026-01-01T00:00:00.000Z on at once`],
    ],
    ["another granting role", sides({ admin: 9n }), ["role parameters: granted by: 9"]],
    [
      "another cancelling role",
      sides({ guardian: 2n ** 64n - 1n }),
      ["role parameters: cancelled by: everyone"],
    ],
    [
      "a grant's delay to come",
      sides({ nextGrantDelay: { delay: 5, from: day } }),
      ["role parameters: delay of a grant: at once, from 2026-01-01T00:00:00.000Z on after 5 s"],
    ],
    [
      "a grant's delay that will be shorter",
      sides({ grantDelay: 60, nextGrantDelay: { delay: 5, from: day } }),
      ["role parameters: delay of a grant: after 60 s, from 2026-01-01T00:00:00.000Z on after 5 s"],
    ],
    ["a closed contract", sides({}, { closed: true }), ["restrictions of Thing: closed, changed at once"]],
    ["another admin delay", sides({}, { adminDelay: 8 }), ["restrictions of Thing: open, changed after 8 s"]],
    [
      "a function that lost its role",
      sides({}, { functions: new Map() }),
      ["who may call Thing.pause(): admin"],
    ],
    [
      "one more function",
      sides(
        {},
        {
          functions: new Map([
            [PAUSE, 2n],
            ["0x01020304", 1n],
          ]),
        },
      ),
      ["who may call Thing.0x01020304: parameters"],
    ],
    [
      "the declared side alone",
      { roles: new Map(), targets: new Map() },
      [
        "role parameters: members: nobody",
        "role parameters: cancelled by: admin",
        "who may call Thing.pause(): admin",
      ],
    ],
  ];
  for (const [name, found, expected] of cases) {
    it(`${name} is named`, () => assert.deepEqual(wrong(found), expected));
  }

  it("a grant's delay that is declared may be still to come: it counts after five days", () => {
    const found = sides({ grantDelay: 0, nextGrantDelay: { delay: 60, from: day } });
    const declared = sides({ grantDelay: 60 });
    const row = compareRoles({ declared, found, deployer: BOB, contracts: [] }).find(
      ({ what }) => what === "role parameters: delay of a grant",
    );
    assert.deepEqual(row, {
      what: "role parameters: delay of a grant",
      expected: "after 60 s",
      found: "at once, from 2026-01-01T00:00:00.000Z on after 60 s",
      ok: true,
    });
    const leaving = sides({ grantDelay: 60, nextGrantDelay: { delay: 0, from: day } });
    const wrongRows = compareRoles({ declared, found: leaving, deployer: BOB, contracts: [] });
    assert.ok(wrongRows.some(({ what, ok }) => what === row?.what && !ok));
  });

  it("the deployer may hold nothing, and has to be known", () => {
    assert.deepEqual(wrong(sides(), alice?.account), ["roles of the deploying account: parameters"]);
    const rows = compareRoles({ declared: sides(), found: sides(), deployer: undefined, contracts: [] });
    assert.equal(rows.find(({ what }) => what === "roles of the deploying account")?.ok, false);
  });
});
