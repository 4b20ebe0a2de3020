import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

describe("object literals", () => {
  it("are not spread into another one to save lines: fields stand where they are, for the formatter and the type check", () => {
    const files = execFileSync("git", ["ls-files", "-z", "*.ts"], { cwd: ROOT, encoding: "utf8" }).split(
      "\0",
    );
    assert.ok(files.length > 1_000, "git lists no sources");
    const spread = /\.\.\.\{/;
    const found = files
      .filter((file) => file !== "")
      .flatMap((file) =>
        readFileSync(join(ROOT, file), "utf8")
          .split("\n")
          .flatMap((line, index) => (spread.test(line) ? [`${file}:${index + 1}`] : [])),
      );
    assert.deepEqual(found, []);
  });
});
