import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCheckout } from "./findCheckout.ts";
import type { PublicProject } from "./PublicProject.ts";

describe("the checkout of a public project", () => {
  let checkouts: string;
  let checkout: string;
  let commit: string;

  const project = (more: Partial<PublicProject> = {}): PublicProject => ({
    name: "site",
    uses: "files",
    repository: "someone/site",
    commit,
    folder: "public",
    expected: { outcome: "served", reference: { kind: "folder" }, asks: [{ path: "/" }] },
    ...more,
  });
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", checkout, "-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
      encoding: "utf8",
    }).trim();
  const why = async (more: Partial<PublicProject> = {}) => {
    const found = await findCheckout(project(more), checkouts);
    return "missing" in found ? found.missing : found.directory;
  };

  before(async () => {
    checkouts = await mkdtemp(join(tmpdir(), "worker3-checkouts-"));
    checkout = join(checkouts, "someone+site");
    await mkdir(join(checkout, "public"), { recursive: true });
    await writeFile(join(checkout, "public/index.html"), "one");
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "-m", "one");
    commit = git("rev-parse", "HEAD");
  });

  after(() => rm(checkouts, { recursive: true, force: true }));

  it("is a folder of the repository at its commit", async () => {
    assert.equal(await why(), join(checkout, "public"));
  });

  it("is named where it is missing", async () => {
    assert.equal(await why({ repository: "no/body" }), `there is no checkout ${join(checkouts, "no+body")}`);
  });

  it("is refused at another commit", async () => {
    const other = "0".repeat(40);
    assert.equal(await why({ commit: other }), `the checkout ${checkout} is at ${commit}, not at ${other}`);
  });

  it("is refused before it is built", async () => {
    assert.equal(
      await why({ ready: ["index.html", "node_modules"] }),
      `${join(checkout, "public")} is not installed and built: there is no node_modules`,
    );
  });

  it("is refused where its files were changed, not where a build added some", async () => {
    await writeFile(join(checkout, "public/built.js"), "");
    assert.equal(await why(), join(checkout, "public"));
    await writeFile(join(checkout, "public/index.html"), "two");
    assert.match(await why(), /was changed: M public\/index\.html/);
  });
});
