import assert from "node:assert/strict";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { applyMutant } from "./applyMutant.ts";
import { mutants } from "./mutants.ts";

const root = join(import.meta.dirname, "../..");

describe("the list of mutants", () => {
  it("has names that a command line takes, each once", () => {
    const names = mutants.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i || !/^[a-z]+(-[a-z]+)*$/.test(name)),
      [],
    );
  });

  it("has no bug twice", () => {
    const bugs = mutants.map(({ file, find, replace }) => JSON.stringify([file, find, replace]));
    assert.deepEqual(
      mutants.filter((_, i) => bugs.indexOf(bugs[i] ?? "") !== i).map(({ name }) => name),
      [],
    );
  });

  for (const mutant of mutants) {
    it(`fits the sources: ${mutant.name}`, async () => {
      const source = await readFile(join(root, "contracts", mutant.file), "utf8");
      assert.notEqual(applyMutant(mutant, source), source);
      assert.ok(mutant.tests.length > 0, "names no test to ask first");
      for (const test of mutant.tests) await access(join(root, "test/contracts", test));
    });
  }
});
