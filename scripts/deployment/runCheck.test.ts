import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Network, networkToJson } from "@worker3/sdk";
import { parametersToJson } from "../../ignition/parameters.ts";
import { CHECK_USAGE } from "./parseCheckOptions.ts";
import type { Row } from "./row.ts";
import { runCheck } from "./runCheck.ts";
import { type Deployment, ROOT, startDeployment } from "./testing/startDeployment.ts";

describe("npm run check:deployment", function () {
  this.timeout(60_000);
  let deployment: Deployment;
  let directory = "";
  before(async () => {
    deployment = await startDeployment();
    directory = await mkdtemp(join(tmpdir(), "worker3-check-"));
    await mkdir(join(directory, "networks"));
    await write("devnet", deployment.network);
  });
  after(async () => {
    await deployment?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  const write = (name: string, network: Network) =>
    writeFile(join(directory, `networks/${name}.json`), JSON.stringify(networkToJson(network)));

  async function check(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const out: Record<"stdout" | "stderr", string[]> = { stdout: [], stderr: [] };
    const code = await runCheck(args, {
      root: ROOT,
      directory,
      stdout: (text) => void out.stdout.push(text),
      stderr: (text) => void out.stderr.push(text),
    });
    return { code, stdout: out.stdout.join(""), stderr: out.stderr.join("") };
  }

  it("exits with 0 where all is as declared, and prints what was compared", async () => {
    const { code, stdout } = await check("--network", "devnet");
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^what +expected +found +ok\n/);
    assert.match(stdout, /^UsageSettlement: code +\d+ bytes, 0x[0-9a-f]{16} +.* +yes$/m);
    assert.match(stdout, /\n\d+ checks: all as declared\nchain 31337, block \d+\n$/);
  });

  it("takes what a devnet declared from beside its network file", async () => {
    const { parameters, network } = deployment;
    const state = join(directory, "state");
    await mkdir(state);
    await writeFile(join(state, "network.json"), JSON.stringify(networkToJson(network)));
    assert.equal((await check("--network", "state/network.json")).code, 2, "there is none yet");
    await writeFile(join(state, "parameters.json"), parametersToJson(parameters));
    assert.equal((await check("--network", "state/network.json")).code, 0);
    await writeFile(join(state, "parameters.json"), parametersToJson({ ...parameters, maxCap: 7n }));
    const { stdout } = await check("--network", "state/network.json");
    assert.match(stdout, /1 differs:\n {2}ProjectRegistry\.maxCap\(\): 100000000, expected 7\n/);
  });

  it("exits with 1 where one differs, and names it", async () => {
    const { contracts, rpcUrls } = deployment.network;
    await write("moved", {
      ...deployment.network,
      contracts: { ...contracts, creditEscrow: contracts.nodeRegistry },
    });
    const { code, stdout } = await check("--network", "moved", "--parameters", "devnet");
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}CreditEscrow: code: \d+ bytes, 0x[0-9a-f]{16}, expected \d+ bytes/m);

    const json = await check(
      "--network",
      join(directory, "networks/moved.json"),
      "--parameters",
      "devnet",
      "--json",
    );
    assert.equal(json.code, 1);
    const document: { ok: boolean; rows: Row[] } = JSON.parse(json.stdout);
    assert.equal(document.ok, false);
    assert.ok(document.rows.some(({ what, ok }) => what === "CreditEscrow: code" && !ok));
    assert.ok(!json.stdout.includes(rpcUrls[0]), "an RPC's address may hold a key");
  });

  it("exits with 1 where the RPC is away, and names it", async () => {
    await write("away", { ...deployment.network, rpcUrls: ["http://127.0.0.1:1"] });
    const args = ["--network", "away", "--parameters", "devnet"];
    const { code, stderr } = await check(...args);
    assert.equal(code, 1);
    assert.match(stderr, /^error: The RPC cannot be reached.\n {2}127\.0\.0\.1:1\n/);
    const json = await check(...args, "--json");
    assert.equal(JSON.parse(json.stdout).error.code, "RPC_UNREACHABLE");
  });

  it("exits with 2 where it is used wrongly, and says how it is used right", async () => {
    const { contracts } = deployment.network;
    await write("nameless", { ...deployment.network, contracts: { ...contracts, accessManager: undefined } });
    await writeFile(join(directory, "broken.json"), "{}");
    const wrong: [args: string[], stderr: RegExp][] = [
      [[], /No network is named[\s\S]*--help/],
      [["--network"], /--network/],
      [["--network", "devnet", "--fix"], /--fix/],
      [["devnet"], /devnet/],
      [["--network", "nowhere"], /no such network/],
      [["--network", "broken.json"], /not valid: chainId/],
      [["--network", "devnet", "--parameters", "nowhere"], /no declared parameters[\s\S]*nowhere\.json/],
      [["--network", "devnet", "--parameters", "./broken.json"], /Worker3/],
      [["--network", "devnet", "--parameters", "live"], /still the zero address/],
      [["--network", "nameless", "--parameters", "devnet"], /access manager/],
    ];
    for (const [args, expected] of wrong) {
      const { code, stdout, stderr } = await check(...args);
      assert.equal(code, 2, args.join(" "));
      assert.match(stderr, expected);
      assert.equal(stdout, "");
    }
    assert.deepEqual(await check("--help"), { code: 0, stdout: CHECK_USAGE, stderr: "" });
  });

  it("is a script of npm", async function () {
    this.timeout(300_000); // it builds first what is not built yet
    const run = (...args: string[]) =>
      new Promise<{ code: unknown; stdout: string }>((resolve) =>
        execFile(
          "npm",
          ["run", "--silent", "check:deployment", "--", ...args],
          { cwd: ROOT },
          (error, stdout) => resolve({ code: error?.code ?? 0, stdout }),
        ),
      );
    const { code, stdout } = await run("--network", join(directory, "networks/devnet.json"), "--json");
    assert.equal(code, 0, stdout);
    assert.equal(JSON.parse(stdout).ok, true);
    assert.equal((await run()).code, 2);
  });
});
