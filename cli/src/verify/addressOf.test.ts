import assert from "node:assert/strict";
import { addressOf } from "./addressOf.ts";
import { type HtmlHandling, resolveAsset } from "./resolveAsset.ts";

const HANDLINGS = ["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"] as const;

/** Addresses of each file by handling, in the order above; the folder holds just the files of its row. */
const FOLDERS: readonly Readonly<Record<string, readonly (string | undefined)[]>>[] = [
  { "index.html": ["/", "/", "/", "/index.html"] },
  { "foo.html": ["/foo", "/foo/", "/foo", "/foo.html"] },
  { "foo/index.html": ["/foo/", "/foo/", "/foo", "/foo/index.html"] },
  { "a b/ü&?#.txt": Array(4).fill("/a%20b/%C3%BC%26%3F%23.txt") },
  { "100%.txt": Array(4).fill("/100%25.txt") },
  {
    "foo.html": ["/foo", "/foo.html", "/foo", "/foo.html"],
    "foo/index.html": ["/foo/", "/foo/", "/foo/index.html", "/foo/index.html"],
  },
  {
    foo: ["/foo", "/foo", "/foo", "/foo"],
    "foo.html": ["/foo.html", "/foo/", "/foo.html", "/foo.html"],
  },
  { index: ["/index", "/index", "/index", "/index"], "index.html": ["/", "/", "/", "/index.html"] },
  { "404.html": ["/404", "/404/", "/404", "/404.html"] },
];

describe("addressOf", () => {
  for (const folder of FOLDERS) {
    const files = Object.keys(folder);
    for (const [i, handling] of HANDLINGS.entries()) {
      it(`${files.join(", ")} with ${handling}`, () => {
        const has = (path: string): boolean => files.includes(path.slice(1));
        for (const [file, addresses] of Object.entries(folder)) {
          assert.equal(addressOf(file, handling, has), addresses[i], file);
        }
      });
    }
  }

  it("a path that redirects is no address", () => {
    const has = (path: string): boolean => path === "/foo/index.html";
    const serves = (path: string, handling: HtmlHandling): string | undefined =>
      resolveAsset(path, handling, has);
    assert.equal(serves("/foo", "auto-trailing-slash"), undefined);
    assert.equal(serves("/foo", "drop-trailing-slash"), "/foo/index.html");
    assert.equal(serves("/foo/index.html", "auto-trailing-slash"), undefined);
    assert.equal(serves("/foo/index", "force-trailing-slash"), undefined);
    assert.equal(serves("/foo/", "drop-trailing-slash"), undefined);
    assert.equal(serves("/bar", "auto-trailing-slash"), undefined);
  });
});
