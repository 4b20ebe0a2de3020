import assert from "node:assert/strict";
import { type Life, type LifeEvent, nextLife } from "./life.ts";

const EVENTS: readonly LifeEvent[] = ["wake", "ready", "retire", "end"];

/** What each event leads to, in the order of `EVENTS`; `-` where it means nothing. */
const table: Record<Life, readonly (Life | "-")[]> = {
  sleeping: ["starting", "-", "gone", "-"],
  starting: ["-", "warm", "draining", "gone"],
  warm: ["-", "-", "draining", "gone"],
  draining: ["-", "draining", "-", "gone"],
  gone: ["-", "-", "-", "-"],
};

describe("nextLife", () => {
  for (const [life, expected] of Object.entries(table) as [Life, (Life | "-")[]][]) {
    it(`knows what becomes of a cell that is ${life}`, () => {
      assert.deepEqual(
        EVENTS.map((event) => nextLife(life, event) ?? "-"),
        expected,
      );
    });
  }

  it("never goes back, and ends everywhere", () => {
    const order: readonly Life[] = ["sleeping", "starting", "warm", "draining", "gone"];
    for (const life of order) {
      for (const event of EVENTS) {
        const next = nextLife(life, event);
        if (next !== undefined) assert.ok(order.indexOf(next) >= order.indexOf(life), `${life}, ${event}`);
      }
      let at: Life = life;
      for (const event of ["wake", "retire", "end"] as const) at = nextLife(at, event) ?? at;
      assert.equal(at, "gone");
    }
  });
});
