import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

const files = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0");
const pages = files.filter((file) => file.endsWith(".md") && !file.startsWith("test/"));
const textOf = (page: string) => readFileSync(join(ROOT, page), "utf8");

describe("the docs", () => {
  it("link to files that are there", () => {
    const missing = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].flatMap(([, path = ""]) =>
        existsSync(join(ROOT, dirname(page), path)) ? [] : [`${page}: ${path}`],
      ),
    );
    assert.deepEqual(missing, []);
  });

  it("name sources that are there", () => {
    const named = pages.flatMap((page) =>
      [...textOf(page).matchAll(/`((?:[\w.-]+\/)+[\w.-]+\.ts)`/g)].map(([, path = ""]) => ({ page, path })),
    );
    assert.ok(named.length > 50, "the check reads no names");
    // By the end of its path: a page need not say again which package it speaks of.
    const missing = named.filter(({ path }) => !files.some((file) => `/${file}`.endsWith(`/${path}`)));
    assert.deepEqual(
      missing.map(({ page, path }) => `${page}: ${path}`),
      [],
    );
  });
});
