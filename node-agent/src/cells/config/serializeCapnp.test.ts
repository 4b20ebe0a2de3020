import assert from "node:assert/strict";
import { Embed, serializeCapnp } from "./serializeCapnp.ts";

describe("serializeCapnp", () => {
  const cases: [name: string, value: Parameters<typeof serializeCapnp>[0], text: string][] = [
    ["a string", "plain", '"plain"'],
    ["quotes and backslashes", 'a"b\\c', '"a\\"b\\\\c"'],
    ["control characters", "\n\r\t\0\x7f1", '"\\x0a\\x0d\\x09\\x00\\x7f1"'],
    ["characters beyond ASCII", "ü😀\u2028", '"ü😀\u2028"'],
    ["half of a surrogate pair", "a\ud800b", '"a\ufffdb"'],
    ["booleans and numbers", [true, false, 3], "[true, false, 3]"],
    ["a struct without its undefined fields", { a: "1", b: undefined, c: true }, '(a = "1", c = true)'],
    ["an empty struct and list", { a: {}, b: [] }, "(a = (), b = [])"],
    ["a file", { data: new Embed('/worker/a "b".bin') }, '(data = embed "/worker/a \\"b\\".bin")'],
  ];
  for (const [name, value, text] of cases) {
    it(`writes ${name}`, () => assert.equal(serializeCapnp(value), text));
  }

  it("breaks what is too long for a line", () => {
    const long = "x".repeat(90);
    assert.equal(
      serializeCapnp({ a: [long, "y"], b: "z" }),
      `(\n  a = [\n    "${long}",\n    "y"\n  ],\n  b = "z"\n)`,
    );
  });
});
