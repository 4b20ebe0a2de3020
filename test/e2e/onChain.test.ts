import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetworkClient } from "@worker3/sdk";
import { minedReceipt } from "@worker3/sdk/testing";
import { Agent, request } from "undici";
import { createTestClient, createWalletClient, http, parseAbi, publicActions, type TestClient } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { until } from "../../node-agent/src/testing/until.ts";
import { type Devnet, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { visit } from "./support/visit.ts";
import { done, type Who } from "./support/worker3.ts";

const root = join(import.meta.dirname, "../..");
const PAGE = "/version.txt";
/** All of 127.0.0.0/8 is this machine: visitors who come from many addresses. */
const HERE = "127.0.0.1";
const ADDRESSES = Array.from({ length: 100 }, (_, index) => `127.0.0.${index + 2}`);
/** Where replicas do not answer the same. */
const DIFFERENT = "different";

describe("what the chain says is what is served", function () {
  this.timeout(180_000);

  let devnet: Devnet;
  let folder: string;
  let who: Who;
  let chain: TestClient;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-e2e-"));
    // The chain is set back further than a block that it says is final; what counts at once does so long before an epoch's turn.
    devnet = await startOwnDevnet({
      args: ["--no-sample", "--confirmations", "60", "--epoch-seconds", "120"],
    });
    who = { networkFile: devnet.networkFile, key: devnet.accounts.deployer?.privateKey ?? "" };
    chain = createTestClient({ mode: "anvil", transport: http(devnet.rpcUrl) });
  });

  after(async () => {
    await devnet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function site(name: string, text: string): Promise<string> {
    const directory = join(folder, name);
    await cp(join(root, "test/projects/sample/public"), directory, { recursive: true });
    await writeFile(join(directory, "version.txt"), text);
    return directory;
  }

  /** What each node answers at a domain. */
  async function answers(domain: string): Promise<string[]> {
    return Promise.all(
      devnet.nodes.map(async ({ http: url }) => {
        const { status, body } = await visit(url, domain, PAGE);
        return status === 200 ? body.toString() : String(status);
      }),
    );
  }

  async function everywhere(domain: string, expected: string): Promise<void> {
    await until(
      `${expected} at every replica of ${domain}`,
      async () => (await answers(domain)).every((text) => text === expected),
      { timeoutMs: 30_000 },
    );
  }

  /** What visitors from these addresses get, each at every replica. */
  async function visitors(domain: string, addresses: readonly string[], version?: string): Promise<string[]> {
    const headers = version === undefined ? {} : { "worker3-version": version };
    const texts: string[] = [];
    for (const localAddress of addresses) {
      const dispatcher = new Agent({ localAddress });
      const seen = await Promise.all(
        devnet.nodes.map(async ({ http: url }) => {
          const { status, body } = await visit(url, domain, PAGE, { dispatcher, headers });
          return status === 200 ? body.toString() : String(status);
        }),
      );
      await dispatcher.close();
      texts.push(new Set(seen).size === 1 ? (seen[0] ?? "") : DIFFERENT);
    }
    return texts;
  }

  it("a deployment from an explorer's write tab, then pushed, is live", async () => {
    const domain = "explorer.worker3.localhost";
    const directory = await site("explorer", "by hand");
    const car = join(folder, "explorer.car");
    const packed = await done(["pack", directory, "-o", car]);

    const deployer = privateKeyToAccount(devnet.accounts.stranger?.privateKey ?? "0x");
    const wallet = createWalletClient({ account: deployer, transport: http(devnet.rpcUrl) }).extend(
      publicActions,
    );
    const { asset, projectRegistry, creditEscrow } = devnet.network.contracts;
    const abi = parseAbi([
      "function deploy(string domain, string cid) returns (uint64 projectId, uint32 version)",
      "function approve(address spender, uint256 amount) returns (bool)",
      "function depositAt(string domain, address owner, uint64 amount)",
      "function mint(address to, uint256 amount)",
    ]);
    const write = async (address: `0x${string}`, functionName: string, args: readonly unknown[]) => {
      const call = { address, abi, functionName, args, chain: null };
      // A draw costs what the block's randomness makes it cost: wallets leave room above an estimate, and so does this.
      const estimate = await wallet.estimateContractGas({ ...call, account: deployer } as never);
      const hash = await wallet.writeContract({ ...call, gas: (estimate * 5n) / 4n } as never);
      const { status } = await minedReceipt(wallet, hash);
      assert.equal(status, "success", functionName);
    };
    await write(asset, "mint", [deployer.address, 100_000_000n]);
    await write(projectRegistry, "deploy", [domain, packed.cid]);
    await write(asset, "approve", [creditEscrow, 100_000_000n]);
    await write(creditEscrow, "depositAt", [domain, deployer.address, 100_000_000n]);

    assert.ok((await answers(domain)).every((text) => text !== "by hand"));
    await done(["push", car, domain], { ...who, key: devnet.accounts.stranger?.privateKey ?? "" });
    await everywhere(domain, "by hand");
  });

  it("a version that is reorganised away stops being served, and is served again when it comes back", async () => {
    const domain = "reorg.worker3.localhost";
    const first = await site("first", "first");
    const second = await site("second", "second");
    await done(["deploy", first, "--domain", domain, "--nodes", "1,2,3", "--deposit", "20", "--yes"], who);
    await everywhere(domain, "first");
    const client = createNetworkClient({ network: devnet.network });
    const before = await client.publicClient.getBlockNumber();
    const { notices } = await done(["deploy", second, "--domain", domain, "--yes"], who);
    assert.deepEqual(notices, [], "each node said that it can run it");
    await everywhere(domain, "second");

    const now = await client.publicClient.getBlockNumber();
    await chain.request({ method: "anvil_reorg", params: [Number(now - before), []] } as never);
    await everywhere(domain, "first");
    assert.equal((await done(["versions", domain], who)).versions.length, 1);

    await done(["deploy", second, "--domain", domain, "--yes"], who);
    await everywhere(domain, "second");
  });

  it("a split shows each visitor one side at all replicas, and ends for all", async () => {
    const domain = "split.worker3.localhost";
    const first = await site("one", "first");
    const second = await site("two", "second");
    await done(["deploy", first, "--domain", domain, "--nodes", "1,2,3", "--deposit", "20", "--yes"], who);
    await done(["deploy", second, "--domain", domain, "--yes"], who);
    await done(["rollback", domain, "--yes"], who);
    await everywhere(domain, "first");

    const split = (percent: number) =>
      done(["split", domain, "--version", "2", "--percent", String(percent), "--yes"], who);
    const { active, canary, bps } = await split(20);
    assert.deepEqual({ active, canary, bps }, { active: 1, canary: 2, bps: 2_000 });
    await until(
      "both sides at every replica",
      async () => {
        const named = await Promise.all(["1", "2"].map((version) => visitors(domain, [HERE], version)));
        return named.map(([text]) => text).join() === "first,second";
      },
      { timeoutMs: 30_000 },
    );
    const sides = await visitors(domain, ADDRESSES);
    const chosen = (all: string[]) => ADDRESSES.filter((_, index) => all[index] === "second");
    assert.deepEqual(new Set(sides), new Set(["first", "second"]));
    // 20 are expected; four standard deviations are 16.
    assert.ok(chosen(sides).length >= 4 && chosen(sides).length <= 36, `${chosen(sides).length} of 100`);
    assert.deepEqual(await visitors(domain, ADDRESSES), sides);

    // Nobody whom it was shown to goes back when it is shown to more.
    await split(60);
    const more = await until(
      "a larger part",
      async () => {
        const now = await visitors(domain, ADDRESSES);
        return chosen(now).length > 40 && !now.includes(DIFFERENT) && now;
      },
      { timeoutMs: 30_000 },
    );
    for (const address of chosen(sides)) assert.ok(chosen(more).includes(address), address);

    assert.equal((await split(0)).canary, null);
    await until(
      "all see the first",
      async () => (await visitors(domain, ADDRESSES)).every((text) => text === "first"),
      { timeoutMs: 30_000 },
    );
  });

  it("nodes tell which projects an account owns, and the command lists them as the chain has them", async () => {
    type Row = { projectId: string; domains: string[]; active: number; cid: string; balance: string };
    const { projects: mine, more, askedNodes, notes } = await done(["projects"], who);
    assert.deepEqual(
      mine.map(({ domains, active, balance }: Row) => [domains, active, balance]),
      [
        [["reorg.worker3.localhost"], 2, "20000000"],
        [["split.worker3.localhost"], 1, "20000000"],
      ],
    );
    assert.deepEqual([more, askedNodes.length, notes], [false, 2, []]);
    const { active, versions } = await done(["versions", "split.worker3.localhost"], who);
    assert.equal(mine[1].cid, versions[active - 1].cid);
    assert.ok(mine.every(({ runwaySeconds }: { runwaySeconds: number }) => runwaySeconds > 0));

    const stranger = devnet.accounts.stranger?.address ?? "0x";
    const { projects: theirs } = await done(["projects", "--owner", stranger], who);
    assert.deepEqual(
      theirs.map(({ domains }: Row) => domains),
      [["explorer.worker3.localhost"]],
    );
    const { address, nodes, projects: count } = await done(["whoami"], who);
    assert.deepEqual([address, count], [devnet.accounts.deployer?.address, 2]);
    assert.ok(Array.isArray(nodes));
  });

  it("an agent that loses its RPC keeps serving what it serves, and catches up", async () => {
    const domain = "reorg.worker3.localhost";
    const anvil = await pidOf(devnet);
    process.kill(anvil, "SIGSTOP");
    try {
      const n1 = devnet.nodes[0];
      assert.ok(n1);
      await until(
        "the node says that the chain is away",
        async () => (await adminStatus(devnet, n1.nodeId)).chain.error !== null,
        { timeoutMs: 30_000 },
      );
      assert.deepEqual(await answers(domain), ["second", "second", "second"]);
    } finally {
      process.kill(anvil, "SIGCONT");
    }
    const third = await site("third", "third");
    await done(["deploy", third, "--domain", domain, "--yes"], who);
    await everywhere(domain, "third");
    await until("no error any more", async () => (await adminStatus(devnet, 1)).chain.error === null, {
      timeoutMs: 30_000,
    });
  });

  it("nodes that a project grows by serve at once, and what was proposed is served when it is activated", async () => {
    const domain = "grow.worker3.localhost";
    const first = await site("small", "first");
    const second = await site("proposed", "second");
    await done(["deploy", first, "--domain", domain, "--nodes", "1", "--yes"], who);
    await until("node 1 serves it", async () => (await answers(domain))[0] === "first");
    assert.deepEqual(await answers(domain), ["first", "404", "404"]);
    const grown = await done(["project", "grow", domain, "--nodes", "2,3", "--cap", "0.2", "--yes"], who);
    assert.deepEqual([grown.nodeIds, grown.cap], [[1, 2, 3], "200000"]);
    await everywhere(domain, "first");

    const robot = devnet.accounts.stranger;
    assert.ok(robot);
    await done(["project", "delegate", domain, robot.address, "--rights", "propose", "--yes"], who);
    const ci = { ...who, key: robot.privateKey };
    const proposed = await done(["deploy", second, "--domain", domain, "--propose", "--yes"], ci);
    assert.deepEqual([proposed.version, proposed.live], [2, false]);
    const versions = async () => (await done(["versions", domain], who)).versions;
    await until("all nodes hold it", async () => (await versions())[1].heldBy.length === 3);
    assert.deepEqual((await versions())[1].proposedBy, robot.address);
    assert.deepEqual(await answers(domain), ["first", "first", "first"]);
    await done(["activate", domain, "--version", "2", "--yes"], who);
    await everywhere(domain, "second");
  });
});

async function adminStatus(devnet: Devnet, nodeId: number): Promise<{ chain: { error: unknown } }> {
  const node = devnet.nodes.find((one) => one.nodeId === nodeId);
  const dispatcher = new Agent({ connect: { socketPath: node?.admin ?? "" } });
  const { body } = await request("http://node/status", { dispatcher });
  const status = (await body.json()) as { chain: { error: unknown } };
  await dispatcher.close();
  return status;
}

/** The chain's process: the one that listens on the RPC's port. */
async function pidOf({ rpcUrl }: Devnet): Promise<number> {
  const port = new URL(rpcUrl).port;
  const { readdir } = await import("node:fs/promises");
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (words[0]?.endsWith("/anvil") === true && words.includes(port)) return Number(pid);
  }
  throw new Error(`no anvil listens on ${port}`);
}
