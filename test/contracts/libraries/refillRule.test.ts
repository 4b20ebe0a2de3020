import assert from "node:assert/strict";
import { type CallLibrary, deployLibraries } from "../support/libraries.ts";

const ALL_REGIONS = 0x1ff;
const SEATS = [1, 2, 3, 4, 5, 6, 7, 8];

/** `regionMask 9 | seats 4 | pinHome 1 | chosen 1`, as its difference from three seats anywhere with a home that stays. */
const packed = (regionMask: number, seats: number, pinHome: boolean, isChosen: boolean) =>
  (regionMask + seats * 512 + (pinHome ? 8_192 : 0) + (isChosen ? 16_384 : 0)) ^
  (ALL_REGIONS + 3 * 512 + 8_192);

describe("RefillRule", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  async function holds(...rule: [number, number, boolean, boolean]): Promise<void> {
    const word = packed(...rule);
    assert.ok(word < 2 ** 15, "a rule has 15 bits of a project's head");
    assert.deepEqual(await call("packRefill", ...rule), { returned: word });
    const [regionMask, seats, ...flags] = rule;
    assert.deepEqual(await call("readRefill", word), {
      returned: [BigInt(regionMask), BigInt(seats), ...flags],
    });
  }

  it("reads back what was packed: every mask", async () => {
    const masks = Array.from({ length: 512 }, (_, mask) => mask);
    const isSet = (mask: number, bit: number) => (mask >> bit) % 2 === 1;
    await Promise.all(masks.map((mask) => holds(mask, SEATS[mask % 8] ?? 1, isSet(mask, 3), isSet(mask, 4))));
  });

  it("reads back what was packed: every number of seats, pinned or not, chosen or not", async () => {
    const masks = [0, 1, 0x100, 0x0aa, 0x155, ALL_REGIONS];
    const flags = [true, false];
    const rules = masks.flatMap((mask) =>
      SEATS.flatMap((seats) =>
        flags.flatMap((pin) => flags.map((chosen) => [mask, seats, pin, chosen] as const)),
      ),
    );
    await Promise.all(rules.map((rule) => holds(...rule)));
  });

  it("is zero by default: three seats from anywhere, a home that stays, and nothing that the owner chose", async () => {
    assert.deepEqual(await call("packRefill", ALL_REGIONS, 3, true, false), { returned: 0 });
    assert.deepEqual(await call("readRefill", 0), { returned: [BigInt(ALL_REGIONS), 3n, true, false] });
  });
});
