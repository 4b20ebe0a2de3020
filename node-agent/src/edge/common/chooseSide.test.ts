import assert from "node:assert/strict";
import { chooseSide } from "./chooseSide.ts";

const active = { kind: "cell", version: 1, socketPath: "/1" } as const;
const canary = { kind: "sleeping", version: 2 } as const;
const split = (bps: number) => ({ kind: "split", active, canary, bps }) as const;
const side = (address: string, bps: number, wantedVersion?: string, projectId = "7") =>
  chooseSide(projectId, split(bps), { address, wantedVersion }).version;
const addresses = Array.from({ length: 20_000 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);

describe("a split", () => {
  it("gives the canary to its share of the visitors", () => {
    for (const bps of [100, 1_000, 5_000, 9_999]) {
      const share = addresses.filter((address) => side(address, bps) === 2).length / addresses.length;
      assert.ok(Math.abs(share - bps / 10_000) < 0.015, `${share} for ${bps}`);
    }
  });

  it("gives a visitor the same side every time, and who has the canary keeps it when its share grows", () => {
    for (const address of addresses.slice(0, 2_000)) {
      assert.equal(side(address, 3_000), side(address, 3_000));
      if (side(address, 1_000) === 2) assert.equal(side(address, 3_000), 2);
    }
  });

  it("of another project chooses others", () => {
    const both = addresses.filter((a) => side(a, 5_000) === 2 && side(a, 5_000, undefined, "8") === 2);
    assert.ok(Math.abs(both.length / addresses.length - 0.25) < 0.02);
  });

  it("takes the addresses of one IPv6 network for one visitor, however they are written", () => {
    for (let i = 0; i < 100; i++) {
      const network = `2001:db8:0:${i.toString(16)}`;
      const seen = [
        `${network}::1`,
        `${network}:1:2:3:4`,
        `2001:0db8::${i.toString(16)}:5:6:7:8`,
        `${network}::2%eth0`,
      ];
      assert.equal(new Set(seen.map((address) => side(address, 5_000))).size, 1, network);
    }
    assert.ok(new Set([0, 1, 2, 3, 4, 5, 6, 7].map((i) => side(`2001:db8:0:${i}::1`, 5_000))).size === 2);
    for (const address of addresses.slice(0, 200)) {
      assert.equal(side(`::ffff:${address}`, 5_000), side(address, 5_000));
    }
  });

  it("gives the side that a request names, and no version that is not one of both", () => {
    for (const address of addresses.slice(0, 50)) {
      assert.equal(side(address, 5_000, "1"), 1);
      assert.equal(side(address, 5_000, "2"), 2);
      assert.equal(side(address, 5_000, "3"), side(address, 5_000));
    }
  });
});
