import assert from "node:assert/strict";
import { ChainError } from "./ChainError.ts";
import { settledMs } from "./settledMs.ts";

const NOW_S = 1_700_000_000;
const block = (ageSeconds: number) => ({ number: 9n, hash: "0x09", timestamp: NOW_S - ageSeconds });
const error = new ChainError({ code: "CHAIN_UNREADABLE", message: "away" });

describe("settledMs", () => {
  const well = { head: block(5), final: block(900), error: undefined, isSynced: true };
  const table: [rule: string, status: Parameters<typeof settledMs>[0], ageSeconds: number | undefined][] = [
    ["is the final block's time", well, 900],
    ["is none before a final block is known", { ...well, final: undefined }, undefined],
    ["is none before there is a head", { ...well, head: undefined }, undefined],
    ["is none while the chain cannot be read", { ...well, error }, undefined],
    ["is none while the agent still reads", { ...well, isSynced: false }, undefined],
    ["is none while the agent is behind", { ...well, head: block(601) }, undefined],
    ["is one with a head that is a little old", { ...well, head: block(600) }, 900],
    ["is not later than now", { ...well, final: block(-50) }, 0],
  ];
  for (const [rule, status, ageSeconds] of table) {
    const expected = ageSeconds === undefined ? undefined : (NOW_S - ageSeconds) * 1_000;
    it(rule, () => assert.equal(settledMs(status, NOW_S * 1_000), expected));
  }
});
