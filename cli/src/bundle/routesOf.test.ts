import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workerFirst } from "../verify/workerFirst.ts";
import { routesOf } from "./routesOf.ts";

describe("the _routes.json of a Pages project", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-routes-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function rulesOf(routes: object): Promise<true | string[]> {
    const path = join(folder, "_routes.json");
    await writeFile(path, JSON.stringify({ version: 1, ...routes }));
    return routesOf(path);
  }

  // Source: the comment on isRoutingRuleMatch, by which wrangler pages dev routes.
  for (const [rule, matched, others] of [
    ["/", ["/"], ["/foo", "//"]],
    ["/*", ["/", "/foo", "/foo/bar"], []],
    ["/foo", ["/foo", "/foo/"], ["/foo/bar", "/foobar"]],
    ["/foo/", ["/foo", "/foo/"], ["/foo/bar"]],
    ["/foo*", ["/foo", "/foo-bar", "/foo/bar"], ["/fo"]],
    ["/foo/*", ["/foo", "/foo/", "/foo/bar"], ["/foobar"]],
    ["/*.*", ["/a.js", "/a/b.c/d"], ["/a"]],
    ["/a/*/b", ["/a/x/b", "/a/x/b/", "/a/x/y/b"], ["/a/b", "/a/x"]],
  ] as const) {
    it(`"${rule}" takes ${matched.join(", ")}, in include and out again in exclude`, async () => {
      const included = await rulesOf({ include: [rule], exclude: [] });
      const excluded = await rulesOf({ include: ["/*"], exclude: [rule] });
      for (const path of matched) {
        assert.equal(workerFirst(included, path), true, path);
        assert.equal(workerFirst(excluded, path), false, path);
      }
      for (const path of others) {
        assert.equal(workerFirst(included, path), false, path);
        assert.equal(workerFirst(excluded, path), true, path);
      }
    });
  }

  it("becomes rules of which none makes another redundant, which the runtime refuses", async () => {
    assert.deepEqual(
      await rulesOf({
        include: ["/", "/greeting/*", "/greeting*", "/date", "/date/"],
        exclude: ["/bye*", "/bye/now", "/date", "/*.*", "/*.js"],
      }),
      ["/", "/greeting*", "/date", "/date/", "!/bye*", "!/date", "!/date/", "!/*.*"],
    );
    assert.deepEqual(await rulesOf({ include: ["/*", "/**", "/api/*"] }), ["/*"]);
  });

  it("is all paths where there is none", async () => {
    assert.equal(await routesOf(join(folder, "nowhere")), true);
  });

  it("is refused with more rules than the runtime takes", async () => {
    const include = Array.from({ length: 60 }, (_, i) => `/page-${i}`);
    await assert.rejects(rulesOf({ include }), { code: "ROUTES_INVALID", value: "120" });
    assert.equal(((await rulesOf({ include: include.slice(0, 50) })) as string[]).length, 100);
  });
});
