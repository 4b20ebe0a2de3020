import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

const FAILS = `import assert from "node:assert/strict";
describe("amounts", () => {
  it("that differ", () => assert.equal(1n, 2n));
  it("that are deep", () => assert.deepEqual({ a: [1n] }, { a: [3n] }));
  it("that are right", () => {});
});
`;

describe("failures of files that run side by side", function () {
  this.timeout(60_000);

  it("are told by their names, whatever was compared", async () => {
    const directory = await mkdtemp(join(tmpdir(), "failures-"));
    try {
      for (const name of ["one", "two"]) await writeFile(join(directory, `${name}.test.ts`), FAILS);
      const output = await new Promise<string>((resolve) => {
        const args = ["mocha", "--parallel", "--jobs", "2", join(directory, "*.test.ts")];
        execFile("npx", args, { cwd: ROOT }, (_, stdout) => resolve(stdout));
      });
      assert.match(output, /2 passing/);
      assert.match(output, /4 failing/);
      assert.match(output, /amounts\s+that differ:\s+AssertionError/);
      assert.match(output, /amounts\s+that are deep:\s+AssertionError/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
