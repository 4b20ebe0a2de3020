import assert from "node:assert/strict";
import { markedHeaders } from "./markedHeaders.ts";

describe("markedHeaders", () => {
  const rules = (count: number) => Array.from({ length: count }, (_, i) => `/${i}\n  X: ${i}`).join("\n");

  it("marks every file before the rules of the folder", () => {
    assert.equal(markedHeaders(undefined, { pages: false }), "/*\n  worker3-asset: :splat\n");
    assert.equal(
      markedHeaders("/a\n  X: y\n", { pages: true }),
      "/*\n  worker3-asset: :splat\n  worker3-pages: 1\n/a\n  X: y\n",
    );
  });

  it("takes no rule's place", () => {
    assert.match(markedHeaders(rules(99), { pages: false }), /^\/\*\n/);
    assert.equal(markedHeaders(rules(100), { pages: false }), rules(100));
  });
});
