import assert from "node:assert/strict";
import { TEMPLATES } from "../templates/templates.ts";
import { PUBLIC_PROJECTS } from "./projects.ts";
import { readPage } from "./table.ts";

describe("the list of projects", () => {
  it("is that of docs/compatibility.md; if not: npm run test:projects -- --write", async () => {
    const { text, wanted } = await readPage();
    assert.equal(text, wanted);
  });

  it("has thirty public projects or more at one commit each, and ten that templates make", () => {
    assert.ok(PUBLIC_PROJECTS.length >= 30, `${PUBLIC_PROJECTS.length}`);
    assert.ok(TEMPLATES.length >= 10, `${TEMPLATES.length}`);
    for (const { name, commit } of PUBLIC_PROJECTS) assert.match(commit, /^[0-9a-f]{40}$/, name);
  });

  it("gives each a name that becomes one label of a domain", () => {
    for (const list of [PUBLIC_PROJECTS, TEMPLATES]) {
      const names = list.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      for (const name of names) assert.match(name, /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    }
  });

  it("asks something of each that is served, and knows words for each that is refused", () => {
    for (const { name, expected } of [...PUBLIC_PROJECTS, ...TEMPLATES]) {
      if (expected.outcome === "served") assert.ok(expected.asks.length > 0, name);
      else assert.ok(expected.words.length > 0, name);
    }
  });
});
