import assert from "node:assert/strict";
import { checkLayout } from "./checkLayout.ts";
import { checkPath } from "./checkPath.ts";
import { PathError } from "./errors.ts";
import { foldName } from "./foldName.ts";

describe("checkPath", () => {
  const good = [
    "a",
    "a/b.txt",
    ".well-known/acme",
    "...",
    "..a",
    "a b",
    "日本/語",
    "🙂",
    "%2e%2e",
    "con",
    "a:b",
    "x".repeat(255),
    "é".repeat(127),
    "a~",
    "-",
    "\u00a0",
  ];
  for (const path of good) {
    it(`takes ${JSON.stringify(path.slice(0, 20))}`, () =>
      assert.deepEqual(checkPath(path), path.split("/")));
  }

  const bad: [what: string, path: string][] = [
    ["an empty path", ""],
    ["an absolute path", "/a"],
    ["a trailing slash", "a/"],
    ["an empty segment", "a//b"],
    ["a dot", "a/./b"],
    ["two dots", "a/../b"],
    ["a backslash", "a\\..\\b"],
    ["NUL", "a\0b"],
    ["a line feed", "a\nb"],
    ["DEL", "a\u007fb"],
    ["a C1 control character", "a\u0085b"],
    ["half of a surrogate pair", "a\ud83d"],
    ["the replacement character", "a\ufffd"],
    ["a byte order mark", "\ufeffa"],
    ["a name over 255 bytes", "x".repeat(256)],
    ["a name of 128 characters over 255 bytes", "é".repeat(128)],
    ["33 segments", Array.from({ length: 33 }, () => "a").join("/")],
    ["a path over 2048 bytes", Array.from({ length: 9 }, () => "x".repeat(250)).join("/")],
  ];
  for (const [what, path] of bad) {
    it(`refuses ${what} and names the path`, () => {
      assert.throws(
        () => checkPath(path),
        (error) => {
          assert.ok(error instanceof PathError);
          assert.deepEqual([error.code, error.value], ["PATH_BAD", path]);
          return true;
        },
      );
    });
  }
});

describe("foldName", () => {
  const same: [string, string][] = [
    ["README", "readme"],
    ["é", "e\u0301"],
    ["É", "e\u0301"],
    ["straße", "STRASSE"],
    ["ΟΔΟΣ", "οδος"],
    ["οδοσ", "οδος"],
    ["ſ", "S"],
    ["\u212a", "k"],
    ["Å", "\u212b"],
  ];
  for (const [a, b] of same)
    it(`"${a}" and "${b}" are one name`, () => assert.equal(foldName(a), foldName(b)));

  const different: [string, string][] = [
    ["a", "b"],
    ["a", "á"],
    ["a.txt", "a_txt"],
    ["1", "１"],
    ["日", "曰"],
  ];
  for (const [a, b] of different)
    it(`"${a}" and "${b}" are two`, () => assert.notEqual(foldName(a), foldName(b)));
});

describe("checkLayout", () => {
  it("takes a site's files under any other name, and in .worker3 the manifest and modules", () => {
    const good: [string, "file" | "directory"][] = [
      [".worker3", "directory"],
      [".worker3/manifest.json", "file"],
      [".worker3/worker", "directory"],
      [".worker3/worker/a.js", "file"],
      [".worker3/worker/lib", "directory"],
      ["index.html", "file"],
      ["assets/a/b.html", "file"],
      ["worker/index.js", "file"],
      ["manifest.json", "file"],
      ["_headers", "file"],
      [".well-known/security.txt", "file"],
      ["docs/.worker3/x", "file"],
      [".worker3.txt", "file"],
      [".worker33/x", "file"],
      ["worker3/x", "file"],
      ["empty", "directory"],
    ];
    for (const [path, kind] of good) checkLayout(path, kind);
  });

  it("refuses what else lies in .worker3, and names that a disk could take for it", () => {
    const bad: [string, "file" | "directory"][] = [
      [".worker3", "file"],
      [".worker3/index.html", "file"],
      [".worker3/project.json", "file"],
      [".worker3/manifest.json", "directory"],
      [".worker3/manifest.json/a", "file"],
      [".worker3/Manifest.json", "file"],
      [".worker3/worker", "file"],
      [".worker3/Worker/a.js", "file"],
      [".worker3/workers/a.js", "file"],
      [".worker3/assets/a", "file"],
      [".worker3/empty", "directory"],
      [".Worker3/manifest.json", "file"],
      [".WORKER3", "directory"],
      [".wor\u212aer3/x", "file"],
    ];
    for (const [path, kind] of bad) {
      assert.throws(
        () => checkLayout(path, kind),
        (error) => {
          assert.ok(error instanceof PathError);
          assert.deepEqual([error.code, error.value], ["PATH_NOT_IN_LAYOUT", path]);
          return true;
        },
      );
    }
  });
});
