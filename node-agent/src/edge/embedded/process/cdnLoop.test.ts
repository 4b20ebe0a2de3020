import assert from "node:assert/strict";
import { nextCdnLoop, passesOf } from "./cdnLoop.ts";

describe("CDN-Loop", () => {
  const counted: [string | undefined, number][] = [
    [undefined, 0],
    ["", 0],
    ["cloudflare", 0],
    ["worker3", 1],
    ["worker3; node=7", 1],
    ["WORKER3;node=7 , worker3", 2],
    ["cloudflare; subreqs=1, worker3; node=1, worker3; node=2", 2],
    ["worker3.example, xworker3, worker3x", 0],
    ['other; note="worker3, worker3", worker3', 1],
    ['other; note="a \\" , worker3", fastly', 0],
    [Array(17).fill("worker3; node=7").join(","), 17],
  ];
  for (const [value, passes] of counted) {
    it(`of ${value} tells ${passes} passes`, () => assert.equal(passesOf(value), passes));
  }

  it("goes on as it came, with this node behind", () => {
    assert.equal(nextCdnLoop(undefined, 7), "worker3; node=7");
    assert.equal(nextCdnLoop(" ", 7), "worker3; node=7");
    const once = nextCdnLoop('other; note="a, b"', 7);
    assert.equal(once, 'other; note="a, b", worker3; node=7');
    assert.equal(passesOf(nextCdnLoop(once, 8)), 2);
  });
});
