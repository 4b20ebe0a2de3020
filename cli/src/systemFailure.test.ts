import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { systemFailure } from "./systemFailure.ts";

function refused(code: string, path: string | undefined): Error {
  return Object.assign(new Error(`${code}: no`), {
    code,
    syscall: "open",
    ...(path === undefined ? {} : { path }),
  });
}

describe("what the system refuses", () => {
  const cases: [code: string, path: string, outcome: string, next: RegExp][] = [
    ["EACCES", "/home/key", "DISK_UNUSABLE", /may be read and written/],
    ["ENOENT", "/tmp/w3/x", "DISK_UNUSABLE", /TMPDIR/],
    ["ENOENT", "/tmp/w3", "DISK_UNUSABLE", /TMPDIR/],
    ["ENOENT", "/tmp/w3x", "DISK_UNUSABLE", /may be read and written/],
    ["ENOSPC", "/home/car", "DISK_FULL", /make room/],
    ["ENOSPC", "/tmp/w3/car", "DISK_FULL", /TMPDIR/],
  ];
  for (const [code, path, outcome, next] of cases) {
    it(`is told with the path: ${code} of ${path}`, () => {
      const document = systemFailure(refused(code, path), "/tmp/w3");
      assert.equal(document?.code, outcome);
      assert.equal(document?.value, path);
      assert.match(document?.next ?? "", next);
    });
  }

  it("is what Node throws", async () => {
    const error: unknown = await readFile("/proc/none").catch((thrown: unknown) => thrown);
    assert.deepEqual(systemFailure(error), {
      code: "DISK_UNUSABLE",
      message: "The system does not let worker3 use a file or folder (open): it is not there.",
      value: "/proc/none",
      next: "see that it is there and may be read and written, and run it again",
    });
  });

  it("is nothing else: other errors stay what they are", () => {
    for (const error of [
      refused("ECONNREFUSED", undefined),
      refused("ESRCH", "/x"),
      new TypeError("no"),
      "no",
    ]) {
      assert.equal(systemFailure(error), undefined);
    }
  });
});
