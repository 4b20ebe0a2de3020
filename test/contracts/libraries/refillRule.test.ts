import assert from "node:assert/strict";
import { type CallLibrary, deployLibraries } from "../support/libraries.ts";

const ALL_REGIONS = 0x1ff;
const SEATS = [1, 2, 3, 4, 5, 6, 7, 8];

/** `regionMask 9 | seats 4 | pinHome 1`, as its difference from three seats anywhere. */
const packed = (regionMask: number, seats: number, pinHome: boolean) =>
  (regionMask + seats * 512 + (pinHome ? 8_192 : 0)) ^ (ALL_REGIONS + 3 * 512);

describe("RefillRule", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  async function holds(regionMask: number, seats: number, pinHome: boolean): Promise<void> {
    const word = packed(regionMask, seats, pinHome);
    assert.deepEqual(await call("packRefill", regionMask, seats, pinHome), { returned: word });
    assert.deepEqual(await call("readRefill", word), {
      returned: [BigInt(regionMask), BigInt(seats), pinHome],
    });
  }

  it("reads back what was packed: every mask", async () => {
    const masks = Array.from({ length: 512 }, (_, mask) => mask);
    await Promise.all(masks.map((mask) => holds(mask, SEATS[mask % 8] ?? 1, (mask >> 3) % 2 === 1)));
  });

  it("reads back what was packed: every number of seats, pinned or not", async () => {
    const masks = [0, 1, 0x100, 0x0aa, 0x155, ALL_REGIONS];
    const rules = masks.flatMap((mask) =>
      SEATS.flatMap((seats) => [true, false].map((pin) => [mask, seats, pin] as const)),
    );
    await Promise.all(rules.map((rule) => holds(...rule)));
  });

  it("is zero by default: three seats from anywhere, and a home that moves", async () => {
    assert.deepEqual(await call("packRefill", ALL_REGIONS, 3, false), { returned: 0 });
    assert.deepEqual(await call("readRefill", 0), { returned: [BigInt(ALL_REGIONS), 3n, false] });
  });
});
