import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isOwnPath, MANIFEST_PATH, parseManifest, Worker3Error } from "@worker3/sdk";
import { DiskError, packFolder } from "@worker3/sdk/node";
import {
  generateStaticSite,
  LARGE_BYTES,
  LARGE_PATH,
  STATIC_FILES,
} from "../../../test/projects/static/generate.ts";
import { folderWith } from "../testing/projectFolder.ts";
import { type BundledProject, type BundleProjectParameters, bundleProject } from "./bundleProject.ts";

describe("bundleProject of a folder without a configuration", function () {
  this.timeout(60_000);

  it("publishes 200 files as they are, the same CID each time", async () => {
    await using site = await folderWith({});
    await using twin = await folderWith({});
    const paths = await generateStaticSite(site.path);
    await generateStaticSite(twin.path);
    await using bundled = await bundleProject({ directory: site.path });
    await using again = await bundleProject({ directory: twin.path });
    assert.deepEqual(bundled.manifest, { manifest: 2, assets: { notFoundHandling: "404-page" } });
    assert.equal(paths.length, STATIC_FILES);
    assert.equal(bundled.files, STATIC_FILES + 1);
    assert.deepEqual((await siteFiles(bundled.directory)).sort(), paths.sort());
    assert.equal((await readFile(join(bundled.directory, LARGE_PATH))).length, LARGE_BYTES);
    assert.deepEqual(bundled.notices, []);
    assert.equal(await cidOf(bundled), await cidOf(again));
  });

  it("keeps secrets, versions and packages back, and says so", async () => {
    await using site = await folderWith({
      "index.html": "<h1>site</h1>",
      ".well-known/security.txt": "Contact: mailto:a@example.org",
      ".env": "SECRET=1",
      ".env.local": "SECRET=2",
      ".dev.vars": "SECRET=3",
      ".git/config": "[core]",
      "node_modules/a/index.js": "",
      "sub/.env": "SECRET=4",
      ".hidden/page.html": "",
    });
    await using bundled = await bundleProject({ directory: site.path });
    assert.deepEqual((await siteFiles(bundled.directory)).sort(), [".well-known/security.txt", "index.html"]);
    const [notice = ""] = bundled.notices;
    for (const name of [".env", ".dev.vars", ".git/", "node_modules/", "sub/.env", ".hidden/"]) {
      assert.ok(notice.includes(name), `${notice} names ${name}`);
    }
  });

  it("keeps keys and the passwords of programs back in every folder, and names them", async () => {
    const secrets = [
      ".npmrc",
      "sub/.netrc",
      ".git-credentials",
      "id_rsa",
      "sub/deep/id_ed25519",
      "server.pem",
      "sub/TLS.KEY",
      "store.p12",
      ".htpasswd",
      ".dev.vars.staging",
      ".DS_Store",
      ".ssh/known_hosts",
    ];
    await using site = await folderWith({
      ...Object.fromEntries(secrets.map((path) => [path, "secret"])),
      "index.html": "",
      "id_rsa.pub": "public",
      "keys.html": "",
    });
    await using bundled = await bundleProject({ directory: site.path });
    assert.deepEqual((await siteFiles(bundled.directory)).sort(), ["id_rsa.pub", "index.html", "keys.html"]);
    const said = bundled.notices.join("\n");
    for (const path of secrets) assert.ok(said.includes(path.replace(/^\.ssh.*/, ".ssh/")), path);
  });

  it("publishes a certificate of a folder that a configuration names, and no key of SSH", async () => {
    await using site = await folderWith({
      "wrangler.json": JSON.stringify({ assets: { directory: "public" } }),
      "public/index.html": "",
      "public/root.pem": "a certificate",
      "public/id_ed25519": "secret",
      "public/.npmrc": "secret",
    });
    await using bundled = await bundleProject({ directory: site.path });
    assert.deepEqual((await siteFiles(bundled.directory)).sort(), ["index.html", "root.pem"]);
  });

  it("tells that there is no index.html, and of routes that a reload does not find", async () => {
    const noticesOf = async (files: Record<string, string>): Promise<string> => {
      await using site = await folderWith(files);
      await using bundled = await bundleProject({ directory: site.path });
      return bundled.notices.join("\n");
    };
    const router = { "assets/app.js": "window.history.pushState({}, '', '/about')" };
    assert.match(await noticesOf({ "about.html": "" }), /there is no index\.html/);
    assert.match(await noticesOf({ "index.html": "", ...router }), /--spa/);
    assert.equal(await noticesOf({ "index.html": "", "404.html": "", ...router }), "");
    assert.equal(await noticesOf({ "index.html": "", "about.html": "", ...router }), "");
    assert.equal(await noticesOf({ "index.html": "", "assets/app.js": "alert(1)" }), "");
  });

  it("answers every address with index.html where it is told to, and only a plain folder is", async () => {
    await using site = await folderWith({ "index.html": "", "404.html": "" });
    await using bundled = await bundleProject({ directory: site.path, spa: true });
    assert.deepEqual(bundled.manifest.assets, { notFoundHandling: "single-page-application" });
    await using without = await folderWith({ "a.html": "" });
    await refuses({ directory: without.path, spa: true }, "SPA_WITHOUT_PAGE", without.path);
    await using project = await folderWith({
      "wrangler.json": JSON.stringify({ assets: { directory: "public" } }),
      "public/index.html": "",
    });
    const error = await refuses({ directory: project.path, spa: true }, "SPA_NOT_PLAIN", project.path);
    const [said = ""] = /"not_found_handling": "[a-z-]+"/.exec(error.next ?? "") ?? [];
    await writeFile(join(project.path, "wrangler.json"), `{"assets":{"directory":"public",${said}}}`);
    await using same = await bundleProject({ directory: project.path });
    assert.equal(same.manifest.assets?.notFoundHandling, "single-page-application");
  });

  it("leaves out what .assetsignore says, and takes back what it takes back", async () => {
    await using site = await folderWith({
      "index.html": "",
      ".assetsignore": "*.map\n/drafts/\n!keep.map\n# comment\n",
      "a.js.map": "",
      "keep.map": "",
      "drafts/a.html": "",
      "sub/drafts/b.html": "",
    });
    await using bundled = await bundleProject({ directory: site.path });
    assert.deepEqual((await siteFiles(bundled.directory)).sort(), [
      "index.html",
      "keep.map",
      "sub/drafts/b.html",
    ]);
  });

  it("takes a deployment folder as it is", async () => {
    await using folder = await folderWith({
      ".worker3/manifest.json": JSON.stringify({ manifest: 2, assets: {} }),
      "index.html": "x",
    });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.equal(bundled.directory, folder.path);
    assert.equal(bundled.assetBytes, 1);
    assert.deepEqual(bundled.notices, []);
  });

  it("refuses a deployment folder of the form before, and takes a site's own worker3.json", async () => {
    await using first = await folderWith({
      "worker3.json": JSON.stringify({ manifest: 1, main: "index.js" }),
      "worker/index.js": "export default {}",
    });
    const error = await refuses(
      { directory: first.path },
      "DEPLOYMENT_OUTDATED",
      join(first.path, "worker3.json"),
    );
    assert.equal(error.next, "deploy the project that it was made of");
    await using later = await folderWith({
      ".worker3/manifest.json": '{"manifest":1,"assets":{}}',
      "index.html": "",
    });
    const number = await refuses({ directory: later.path }, "MANIFEST_INVALID", "1");
    assert.match(number.next ?? "", /^deploy the project again/);
    await using site = await folderWith({ "index.html": "", "worker3.json": '{"name":"mine"}' });
    await using bundled = await bundleProject({ directory: site.path });
    assert.deepEqual((await siteFiles(bundled.directory)).sort(), ["index.html", "worker3.json"]);
  });

  it("refuses by name a .worker3 that is the project's, in whatever folder of static files it lies", async () => {
    const cases: [files: Record<string, string>, value: string][] = [
      [{ ".worker3": "a file" }, ".worker3"],
      [{ ".worker3/page.html": "" }, ".worker3/page.html"],
      [{ ".worker3/project.json": "{}", ".worker3/worker/x.js": "" }, ".worker3/worker"],
      [{ ".Worker3/manifest.json": "{}" }, ".Worker3"],
      [{ ".WORKER3": "" }, ".WORKER3"],
    ];
    const configuration = JSON.stringify({ name: "site", assets: { directory: "public" } });
    for (const [files, value] of cases) {
      await using plain = await folderWith({ "index.html": "", ...files });
      const below = Object.entries(files).map(([name, content]) => [`public/${name}`, content]);
      await using named = await folderWith({
        "wrangler.json": configuration,
        "public/index.html": "",
        ...Object.fromEntries(below),
      });
      for (const [directory, folder] of [
        [plain.path, plain.path],
        [named.path, join(named.path, "public")],
      ] as const) {
        const error = await refuses({ directory }, "NAME_TAKEN", join(folder, value));
        assert.match(error.next ?? "", /^rename or move it, or keep it back: /);
        await writeFile(join(folder, ".assetsignore"), ".[wW]*3\n");
        await using bundled = await bundleProject({ directory });
        assert.deepEqual(await siteFiles(bundled.directory), ["index.html"]);
      }
    }
  });

  it("leaves the command's own .worker3 behind, which changes no CID, and takes one that is not at the root", async () => {
    const page = { "index.html": "x" };
    await using bare = await folderWith(page);
    await using without = await bundleProject({ directory: bare.path });
    const states: Record<string, string>[] = [
      { ".worker3/project.json": "{}", ".worker3/project.json.1a2b3c4d.part": "" },
      { ".worker3/devnet.json": "{}", ".worker3/n1/node.json": "{}", ".worker3/anvil.log": "" },
      { ".worker3/n4/node.json": "{}", ".worker3/n4/agent.log": "", ".worker3/project.json": "{}" },
    ];
    for (const state of states) {
      await using folder = await folderWith({ ...page, ...state });
      await using bundled = await bundleProject({ directory: folder.path });
      assert.equal(await cidOf(bundled), await cidOf(without));
      assert.deepEqual(bundled.notices, []);
    }
    await using named = await folderWith({ ...page, "docs/.worker3.html": "", "manifest.json": "{}" });
    await using bundled = await bundleProject({ directory: named.path });
    assert.deepEqual((await siteFiles(bundled.directory)).sort(), ["index.html", "manifest.json"]);
  });

  it("tells of what looks secret in a deployment folder, which it takes as it is", async () => {
    await using folder = await folderWith({
      ".worker3/manifest.json": JSON.stringify({ manifest: 2, assets: {} }),
      "index.html": "x",
      "a/.env": "SECRET=1",
      "key.txt": "-----BEGIN PRIVATE KEY-----\n",
    });
    await using bundled = await bundleProject({ directory: folder.path });
    assert.equal(bundled.files, 4);
    assert.match(bundled.notices.join("\n"), /looks secret: a\/\.env, key\.txt$/);
  });

  it("refuses what cannot be served, with what to do", async () => {
    await using empty = await folderWith({ ".env": "A=1" });
    await refuses({ directory: empty.path }, "NOTHING_TO_SERVE", empty.path);
    await refuses({ directory: join(empty.path, "nowhere") }, "NO_DIRECTORY", join(empty.path, "nowhere"));
    await refuses({ directory: join(empty.path, ".env") }, "NO_DIRECTORY", join(empty.path, ".env"));
    await refuses({ directory: empty.path, environment: "staging" }, "UNKNOWN_ENVIRONMENT", "staging");
    await using sources = await folderWith({ "package.json": "{}", "dist/index.html": "" });
    const error = await refuses({ directory: sources.path }, "NO_WRANGLER_CONFIG", sources.path);
    assert.match(error.next ?? "", /worker3 deploy .*dist/);
    // What is called `public` are sources for many tools, and not what a build made.
    await using nuxt = await folderWith({
      "package.json": '{"scripts":{"build":"nuxt build"}}',
      "public/robots.txt": "",
    });
    const unbuilt = await refuses({ directory: nuxt.path }, "NO_WRANGLER_CONFIG", nuxt.path);
    assert.match(unbuilt.next ?? "", /^run npm run build and deploy what the build made/);
    await using nitro = await folderWith({
      "package.json": '{"scripts":{"build":"nuxt build"}}',
      "public/robots.txt": "",
      ".output/server/index.mjs": "export default { fetch() { return new Response('') } }",
      ".output/public/robots.txt": "",
    });
    const built = await refuses({ directory: nitro.path }, "NO_WRANGLER_CONFIG", nitro.path);
    const [, configuration = ""] = /write a wrangler\.jsonc: (.*)$/.exec(built.next ?? "") ?? [];
    await writeFile(join(nitro.path, "wrangler.jsonc"), configuration);
    await using told = await bundleProject({ directory: nitro.path });
    assert.deepEqual([told.manifest.main, told.manifest.assets?.binding], ["index.js", "ASSETS"]);
    for (const source of [
      'addEventListener("fetch", (event) => event.respondWith(new Response("")))',
      "export default { async fetch(request) { return new Response('') } }",
    ]) {
      await using worker = await folderWith({ "README.md": "", "index.js": source });
      await refuses({ directory: worker.path }, "NO_WRANGLER_CONFIG", join(worker.path, "index.js"));
    }
    await using vite = await folderWith({
      "package.json": '{"scripts":{"build":"vite build"}}',
      "index.html": "",
    });
    await refuses({ directory: vite.path }, "NO_WRANGLER_CONFIG", vite.path);
  });

  it("refuses a symbolic link by its path", async () => {
    await using site = await folderWith({ "index.html": "" });
    await symlink("/etc/hostname", join(site.path, "link.txt"));
    await assert.rejects(bundleProject({ directory: site.path }), (error) => {
      assert.ok(error instanceof DiskError);
      assert.equal(error.code, "DISK_NOT_A_FILE");
      assert.equal(error.value, join(site.path, "link.txt"));
      return true;
    });
  });

  it("leaves nothing in the temporary directory", async () => {
    await using site = await folderWith({ "index.html": "" });
    await using broken = await folderWith({ "wrangler.json": "{" });
    await using temporary = await folderWith({});
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary.path;
    try {
      const bundled = await bundleProject({ directory: site.path });
      assert.equal((await readdir(temporary.path)).length, 1, "it works there");
      await bundled.close();
      await assert.rejects(bundleProject({ directory: broken.path }));
      assert.deepEqual(await readdir(temporary.path), []);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  it("stops when it is told to", async () => {
    await using site = await folderWith({ "index.html": "" });
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(bundleProject({ directory: site.path, signal }), /enough/);
  });

  it("writes the manifest that it tells", async () => {
    await using site = await folderWith({ "index.html": "" });
    await mkdir(join(site.path, "sub"));
    await writeFile(join(site.path, "sub", "a b.txt"), "x");
    await using bundled = await bundleProject({ directory: site.path });
    assert.deepEqual(parseManifest(await readFile(join(bundled.directory, MANIFEST_PATH))), bundled.manifest);
  });
});

/** The static files of a deployment folder. */
async function siteFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .filter((path) => !isOwnPath(path));
}

async function cidOf({ directory }: BundledProject): Promise<string> {
  await using packed = await packFolder(directory);
  return packed.cid;
}

async function refuses(
  parameters: BundleProjectParameters,
  code: string,
  value: string,
): Promise<Worker3Error> {
  try {
    await using _ = await bundleProject(parameters);
  } catch (error) {
    if (!(error instanceof Worker3Error)) throw error;
    assert.equal(error.code, code, error.message);
    assert.equal(error.value, value);
    assert.ok(error.next, `${code} says what to do`);
    return error;
  }
  return assert.fail(`nothing was thrown; expected ${code}`);
}
