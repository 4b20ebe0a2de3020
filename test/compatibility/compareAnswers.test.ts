import assert from "node:assert/strict";
import { type Answer, compareAnswers } from "./compareAnswers.ts";

const answer = (body: string, headers: Answer["headers"] = {}, status = 200): Answer => ({
  status,
  headers,
  body: Buffer.from(body),
});

describe("answers of a node and of wrangler dev", () => {
  it("are equal where only what belongs to connection, time and platform differs", () => {
    const got = answer("a", { date: "now", etag: '"1"', "worker3-node": "1", "content-type": "text/html" });
    const reference = answer("a", { etag: '"2"', "content-type": "text/html", "content-length": "1" });
    assert.deepEqual(compareAnswers(got, reference), []);
  });

  for (const [what, got, reference, differences] of [
    [
      "status, with the platform's code",
      answer("", { "worker3-error": "NO_VERSION" }, 503),
      answer(""),
      ["status 503 (NO_VERSION), not 200", "worker3-error: NO_VERSION, not none"],
    ],
    [
      "header that one has",
      answer("", { vary: "accept" }),
      answer("", { "x-frame-options": "DENY" }),
      ["vary: accept, not none", "x-frame-options: none, not DENY"],
    ],
    [
      "cookie among several",
      answer("", { "set-cookie": ["a=1", "b=2"] }),
      answer("", { "set-cookie": ["a=1", "b=3"] }),
      ["set-cookie: a=1\nb=2, not a=1\nb=3"],
    ],
    ["etag that is missing", answer(""), answer("", { etag: '"2"' }), ['etag: none, not "2"']],
    [
      "byte of the body",
      answer("same then"),
      answer("same there"),
      ['body of 9 bytes, not 10; from byte 8: "n", not "re"'],
    ],
    ["longer body", answer("ab"), answer("a"), ['body of 2 bytes, not 1; from byte 1: "b", not ""']],
  ] as const) {
    it(`differ by a ${what}`, () => {
      assert.deepEqual(compareAnswers(got, reference), differences);
    });
  }
});
