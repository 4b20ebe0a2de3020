import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { workerdBinary } from "./workerdBinary.ts";

describe("workerdBinary", () => {
  it("names the program that npm installed, with the date that it knows itself", () => {
    const { path, compatibilityDate } = workerdBinary();
    assert.equal(
      execFileSync(path, ["--version"], { encoding: "utf8" }).trim(),
      `workerd ${compatibilityDate}`,
    );
  });
});
