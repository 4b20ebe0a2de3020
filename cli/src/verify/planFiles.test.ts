import assert from "node:assert/strict";
import { type ListedFile, type Manifest, parseDeploymentCid } from "@worker3/sdk";
import { planFiles } from "./planFiles.ts";
import { redirectRules } from "./redirectRules.ts";
import { sampleFiles } from "./sampleFiles.ts";
import { workerFirst } from "./workerFirst.ts";

const { cid } = parseDeploymentCid("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi");
const listed = (...paths: string[]): ListedFile[] => paths.map((path) => ({ path, size: 1, cid }));
const never = (): boolean => false;

describe("planFiles", () => {
  it("takes what is not below .worker3, without what configures it", () => {
    const files = listed("_headers", "_redirects", "a.html", "sub/_headers", ".worker3/manifest.json");
    const plan = planFiles({ manifest: 2 }, [...files, ...listed(".worker3/worker/index.js")], never);
    assert.deepEqual(
      plan.files.map(({ path, address }) => [path, address]),
      [
        ["a.html", "/a"],
        ["sub/_headers", "/sub/_headers"],
      ],
    );
    assert.deepEqual(plan.skipped, []);
  });

  it("leaves out what the worker answers first, but only where there is a worker", () => {
    const manifest: Manifest = { manifest: 2, assets: { runWorkerFirst: ["/api/*", "!/api/docs/*"] } };
    const files = listed("api/a.json", "api/docs/b.json");
    const paths = (found: Manifest): string[] => planFiles(found, files, never).files.map(({ path }) => path);
    assert.deepEqual(paths({ ...manifest, main: "index.js" }), ["api/docs/b.json"]);
    assert.deepEqual(paths(manifest), ["api/a.json", "api/docs/b.json"]);
    assert.deepEqual(paths({ manifest: 2, main: "index.js", assets: { runWorkerFirst: true } }), []);
  });

  it("leaves out what stands behind _redirects, another file, or the node's own path", () => {
    const manifest: Manifest = { manifest: 2, assets: { htmlHandling: "none" } };
    const files = listed("old.html", ".well-known/acme-challenge/x", "new.html");
    const plan = planFiles(manifest, files, redirectRules("# comment\n/old.html /new.html 301\n"));
    assert.deepEqual(
      plan.files.map(({ path }) => path),
      ["new.html"],
    );
    assert.deepEqual(
      plan.skipped.map(({ path }) => path),
      ["old.html", ".well-known/acme-challenge/x"],
    );
  });
});

describe("rules in front of static files", () => {
  it("runWorkerFirst: a star is anything, an exception wins", () => {
    const rules = ["/api/*", "/exact", "!/api/static/*"];
    const answers = ["/api/", "/api/x/y", "/exact", "/exact/more", "/api", "/api/static/a"].map((path) =>
      workerFirst(rules, path),
    );
    assert.deepEqual(answers, [true, true, true, false, false, false]);
    assert.deepEqual(
      [workerFirst(undefined, "/"), workerFirst(false, "/"), workerFirst(true, "/")],
      [false, false, true],
    );
    assert.equal(workerFirst(["/a.b"], "/aXb"), false, "a dot is a dot");
  });

  it("_redirects: splats, placeholders, comments and half lines", () => {
    const matches = redirectRules("/blog/* /news/:splat\n/u/:name /p\n/plain /x 302\n# /no /x\n/half\n");
    const answers = ["/blog/", "/blog/a/b", "/u/ann", "/u/ann/b", "/plain", "/no", "/half", "/u/"].map(
      matches,
    );
    assert.deepEqual(answers, [true, true, true, false, true, false, false, false]);
    assert.equal(redirectRules("/grün /x")("/gr%C3%BCn"), true);
    assert.equal(redirectRules("\uFEFF/first /x")("/first"), true, "behind a byte order mark");
    const twice = redirectRules("/p/:a/:a /q\n/w/*/* /x\n/v/:splat/* /x");
    assert.deepEqual(["/p/1/1", "/w/1/2", "/v/1/2"].map(twice), [false, false, false]);
  });
});

describe("sampleFiles", () => {
  const file = (path: string) => ({ path, address: `/${path}`, file: { path, size: 1, cid } });

  it("takes all of few, and of many all pages and others at random", () => {
    const few = [file("a"), file("b")];
    assert.deepEqual(sampleFiles(few, 2), few);
    const many = [file("p.html"), file("q.html"), ...Array.from({ length: 50 }, (_, i) => file(`f${i}`))];
    const paths = sampleFiles(many, 10).map(({ path }) => path);
    assert.equal(new Set(paths).size, 10);
    assert.deepEqual(paths.slice(0, 2).sort(), ["p.html", "q.html"]);
    const again = Array.from({ length: 5 }, () =>
      sampleFiles(many, 10)
        .map(({ path }) => path)
        .sort()
        .join(),
    );
    assert.ok(new Set(again).size > 1, "not the same ones each time");
  });
});
