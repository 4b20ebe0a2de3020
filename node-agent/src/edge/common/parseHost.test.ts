import assert from "node:assert/strict";
import { parseHost } from "./parseHost.ts";

describe("parseHost", () => {
  const names: [string, string, boolean][] = [
    ["a.example", "a.example", false],
    ["A.Example:8080", "a.example", false],
    ["a.example.", "a.example", false],
    ["a.example.:1", "a.example", false],
    ["a.example:", "a.example", false],
    ["a.example:65535", "a.example", false],
    ["a.example:00080", "a.example", false],
    ["_dmarc.a-b.example", "_dmarc.a-b.example", false],
    ["localhost:1", "localhost", true],
    ["127.0.0.1:8080", "127.0.0.1", true],
    ["[::1]:8080", "::1", true],
    ["[2001:DB8::1]", "2001:db8::1", true],
    ["1.2.3", "1.2.3", false],
  ];
  for (const [value, name, isAddress] of names) {
    it(`reads ${value}`, () => assert.deepEqual(parseHost(value), { name, isAddress }));
  }

  const wrong = [
    "",
    " a",
    "a b",
    "a/b",
    "a@b",
    "a,b",
    "a..b",
    ".a",
    "-a.example",
    "a..",
    "a:b",
    "a:123456",
    "a:65536",
    "a:99999",
    "a:0",
    "a:00000",
    "a:+80",
    "a:80:80",
    "[::1]:65536",
    "::1",
    "[::1",
    "[zz]",
    "[1.2.3.4]",
    "bücher.example",
    `${"a".repeat(300)}.example`,
  ];
  for (const value of wrong)
    it(`refuses ${JSON.stringify(value.slice(0, 20))}`, () => assert.equal(parseHost(value), undefined));
});
