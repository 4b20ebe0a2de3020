import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lens, networkToJson, projects } from "@worker3/sdk";
import { folderWith, type ProjectFolder } from "./testing/projectFolder.ts";
import { type Ended, WORKER3 } from "./testing/runWorker3.ts";
import { startTestChain, type TestChain } from "./testing/startTestChain.ts";

const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

interface Place {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Closed at its other end before the command begins, or a file descriptor. */
  readonly stdout?: "closed" | number;
  readonly stderr?: "closed";
  /** Runs it on a terminal of 0 columns, and types this when it has said that. */
  readonly terminal?: { readonly when: RegExp; readonly type: string };
  /** Runs it without the rights that root has over everybody's files. */
  readonly plain?: boolean;
}

/** The command in a process of its own, in places where it was not meant to be. */
async function runIn(args: readonly string[], place: Place): Promise<Ended> {
  const { cwd, env, stdout = "pipe", stderr, terminal, plain = false } = place;
  let line = [process.execPath, WORKER3, ...args];
  // Both are of util-linux, which every Debian has.
  if (plain && process.getuid?.() === 0)
    line = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", ...line];
  if (terminal !== undefined) {
    const quoted = line.map((word) => `'${word}'`).join(" ");
    line = ["script", "-qefc", `stty cols 0 rows 0; exec ${quoted}`, "/dev/null"];
  }
  const [program = "", ...rest] = line;
  const child = spawn(program, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["pipe", typeof stdout === "number" ? stdout : "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  let typed = false;
  for (const name of ["stdout", "stderr"] as const) {
    const stream = child[name];
    if ((name === "stdout" ? stdout : stderr) === "closed") stream?.destroy();
    stream?.setEncoding("utf8").on("data", (text: string) => {
      // A flood would fill the memory of the test before it fails.
      said[name] = (said[name] + text).slice(-100_000);
      if (terminal === undefined || typed || !terminal.when.test(said[name])) return;
      typed = true;
      child.stdin?.write(terminal.type);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { code, ...said };
}

function errorIn({ stdout }: Ended): { code: string; message: string; value: string; next: string } {
  return JSON.parse(stdout).error;
}

describe("the command in bad places", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let site: ProjectFolder;
  let env: Record<string, string>;

  before(async () => {
    chain = await startTestChain(["http://127.0.0.1:9001"]);
    const domain = `shop.${chain.net.network.zone}`;
    for (let version = 1; version <= 2; version += 1)
      await projects.deploy(chain.owner, { domain, cid: CID });
    site = await folderWith({
      "network.json": JSON.stringify(networkToJson(chain.net.network)),
      "site/index.html": "<h1>hello</h1>",
      "app/wrangler.json": '{"name":"app","main":"index.js","compatibility_date":"2026-11-01"}',
      "app/index.js": "export default { fetch: () => new Response() };\n",
    });
    env = { WORKER3_PRIVATE_KEY: chain.ownerKey.key, WORKER3_NETWORK: join(site.path, "network.json") };
  });
  after(async () => {
    await site[Symbol.asyncDispose]();
    await chain[Symbol.asyncDispose]();
  });

  const active = async (): Promise<number> => (await lens.projectOf(chain.owner, { projectId: 1n })).active;
  const rollback = (to: number): string[] => ["rollback", "1", "--to", String(to)];

  describe("where nobody reads what it says", () => {
    it("does what it was told, and tells it on stdout, without a stderr", async () => {
      const { code, stdout } = await runIn([...rollback(1), "--yes", "--json"], { env, stderr: "closed" });
      assert.equal(code, 0, stdout);
      assert.equal(JSON.parse(stdout).version, 1);
      assert.equal(await active(), 1);
    });

    it("does what it was told without a stdout, and says nothing of it", async () => {
      const { code, stderr } = await runIn([...rollback(2), "--yes", "--json"], { env, stdout: "closed" });
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /EPIPE|Error|\bat /);
      assert.equal(await active(), 2);
    });

    it("fails as it fails without a stdout", async () => {
      const { code } = await runIn(["versions", "99", "--json"], { env, stdout: "closed" });
      assert.equal(code, 1);
    });

    it("says so where its output did not reach the file that it goes to", async () => {
      const full = await open("/dev/full", "w");
      try {
        const { code, stderr } = await runIn(["pack", "site", "--json"], { cwd: site.path, stdout: full.fd });
        assert.equal(code, 1, stderr);
        assert.match(stderr, /^The output could not be written: .*ENOSPC.* \[OUTPUT_LOST\]$/m);
      } finally {
        await full.close();
      }
    });
  });

  describe("on a terminal of 0 columns", () => {
    it("floods nothing", async () => {
      const { code, stdout } = await runIn(["pack", "app"], {
        cwd: site.path,
        terminal: { when: /never/, type: "" },
      });
      assert.equal(code, 0, stdout.slice(-1_000));
      assert.match(stdout, /^bafybei\w{52}\r?$/m);
      assert.ok(stdout.length < 2_000, `${stdout.length} characters`);
    });

    it("asks, and takes Ctrl-D for no answer: exit code 1, nothing done", async () => {
      const was = await active();
      const { code, stdout } = await runIn(rollback(1), {
        env,
        terminal: { when: /\(y\/N\)/, type: "\u0004" },
      });
      assert.equal(code, 1, stdout);
      assert.match(stdout, /The question was not answered, and nothing was done\. \[ABORTED\]/);
      assert.match(stdout, /next: run it again and answer, or add --yes/);
      assert.equal(await active(), was);
    });

    it("asks, and does what was answered", async () => {
      const { code, stdout } = await runIn(rollback(1), {
        env,
        terminal: { when: /\(y\/N\)/, type: "y\r" },
      });
      assert.equal(code, 0, stdout);
      assert.equal(await active(), 1);
    });
  });

  describe("of the disk", () => {
    it("bundles without a HOME that may be written to", async () => {
      const home = await runIn(["pack", "app", "--json"], {
        cwd: site.path,
        env: { HOME: "/dev/null/home", XDG_CONFIG_HOME: "" },
      });
      assert.equal(home.code, 0, home.stdout);
      assert.match(JSON.parse(home.stdout).cid, /^bafybei/);
    });

    const nowhere = "/dev/null/tmp";
    it("DISK_UNUSABLE: names a folder for temporary files that cannot be used", async () => {
      const options = { cwd: site.path, env: { TMPDIR: nowhere } };
      const all = ["site", "app"].map((project) => runIn(["pack", project, "--json"], options));
      for (const ended of await Promise.all(all)) {
        assert.equal(ended.code, 1);
        const error = errorIn(ended);
        assert.equal(error.code, "DISK_UNUSABLE");
        assert.ok(error.value.startsWith(nowhere), error.value);
        assert.match(error.next, /TMPDIR/);
      }
    });

    const folders: {
      what: string;
      make: (folder: string) => Promise<unknown>;
      code: string;
      value: string;
      next: RegExp;
    }[] = [
      {
        what: "a file's name that is no UTF-8",
        make: (folder) => writeFile(Buffer.from(`${folder}/caf\xe9.txt`, "latin1"), "x"),
        code: "DISK_NAME_NOT_UTF8",
        value: "caf\\xE9.txt",
        next: /rename it/,
      },
      {
        what: "a folder's name that is no UTF-8",
        make: async (folder) => {
          await mkdir(Buffer.from(`${folder}/\xfe`, "latin1"));
          await writeFile(Buffer.from(`${folder}/\xfe/x`, "latin1"), "x");
        },
        code: "DISK_NAME_NOT_UTF8",
        value: "\\xFE",
        next: /rename it/,
      },
      {
        what: "a file that may not be read",
        make: async (folder) => {
          await writeFile(join(folder, "secret.txt"), "x");
          await chmod(join(folder, "secret.txt"), 0);
        },
        code: "DISK_UNREADABLE",
        value: "secret.txt",
        next: /may be read/,
      },
      {
        what: "a folder that may not be read",
        make: async (folder) => {
          await mkdir(join(folder, "secret"), { mode: 0 });
        },
        code: "DISK_UNREADABLE",
        value: "secret",
        next: /may be read/,
      },
    ];
    for (const { what, make, code, value, next } of folders) {
      it(`${code}: names ${what}, of a site and in a deployment folder`, async () => {
        const page = "<h1>hello</h1>";
        await using plain = await folderWith({ "index.html": page });
        await using deployment = await folderWith({
          ".worker3/manifest.json": '{"manifest":2,"assets":{}}',
          "index.html": page,
        });
        await Promise.all(
          [plain.path, deployment.path].map(async (inside) => {
            await make(inside);
            const ended = await runIn(["pack", inside, "--json"], { plain: true });
            assert.equal(ended.code, 1, ended.stdout + ended.stderr);
            const error = errorIn(ended);
            assert.equal(error.code, code);
            assert.equal(error.value.replace(/\/$/, ""), join(inside, value));
            assert.match(error.next, next);
            await rm(join(inside, "secret"), { recursive: true, force: true });
          }),
        );
      });
    }

    it("PATH_BAD: a name with the character that stands for what is no text is told as what it is", async () => {
      await using folder = await folderWith({ "index.html": "x", "\uFFFD.txt": "y" });
      const { code, message } = errorIn(await runIn(["pack", folder.path, "--json"], {}));
      assert.equal(code, "PATH_BAD");
      assert.match(message, /U\+FFFD/);
    });
  });
});
