import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  asset,
  createNetworkWriter,
  encodeIntentHeader,
  escrow,
  INTENT_HEADER,
  lens,
  type NetworkWriter,
  parseDeploymentCid,
  projects,
  signUploadIntent,
} from "@worker3/sdk";
import { type RpcProxy, startRpcProxy } from "@worker3/sdk/testing";
import { createTestClient, type Hex, http, pad, parseEther } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { until } from "../../node-agent/src/testing/until.ts";
import { isRunning } from "../../scripts/devnet/readProcess.ts";
import { DEVNET, type Devnet, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { type OwnAgent, startAgent } from "./support/agents.ts";
import { descendantsOf, footprintOf, untilGone } from "./support/leftovers.ts";
import { visit } from "./support/visit.ts";
import { done, refused, type Who } from "./support/worker3.ts";

const root = join(import.meta.dirname, "../..");
const ZONE = "worker3.localhost";
const SITE = `site.${ZONE}`;

describe("bad days of one who deploys", function () {
  this.timeout(120_000);

  let devnet: Devnet;
  let folder: string;
  /** Where the command under test keeps what is temporary. */
  let scratch: string;
  let who: Who;
  let deployer: NetworkWriter;
  let projectId: bigint;
  const poor = generatePrivateKey();
  const tokenless = generatePrivateKey();

  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "worker3-e2e-")));
    scratch = join(folder, "tmp");
    for (const name of ["tmp", "site", "empty", "hidden", "unknown"]) await mkdir(join(folder, name));
    await writeFile(join(folder, "site/index.html"), "<h1>a good day</h1>");
    await writeFile(join(folder, "hidden/.env"), "SECRET=1");
    await writeFile(join(folder, "unknown/index.js"), "export default { fetch: () => new Response('hi') }");
    await writeFile(
      join(folder, "unknown/wrangler.json"),
      JSON.stringify({ name: "x", main: "index.js", compatibilty_date: "2026-11-01" }),
    );
    devnet = await startOwnDevnet({ nodes: 1, epochSeconds: 20 });
    const key = keyOf("deployer");
    // Compiled code is no leftover: it is where all others have it.
    const env = { TMPDIR: scratch, NODE_COMPILE_CACHE: join(root, "cache/node") };
    who = { networkFile: devnet.networkFile, key, env };
    deployer = createNetworkWriter({ network: devnet.network, account: privateKeyToAccount(key) });
    const chain = createTestClient({ mode: "anvil", transport: http(devnet.rpcUrl) });
    await chain.setBalance({ address: privateKeyToAccount(tokenless).address, value: parseEther("1") });
    const deployed = await deploySite();
    projectId = BigInt(deployed.projectId);
  });

  after(async () => {
    await devnet?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The node's identity in another folder, with other settings. */
  async function copyNode(state: string, changes: object): Promise<void> {
    const from = join(devnet.stateDirectory, "n1");
    await cp(join(from, "operator.key"), join(state, "operator.key"));
    const document = JSON.parse(await readFile(join(from, "node.json"), "utf8")) as object;
    await writeFile(join(state, "node.json"), JSON.stringify({ ...document, ...changes }));
  }

  /** The same chain under another name: for the lock of this machine another devnet. */
  async function elsewhere(): Promise<object> {
    const { network } = JSON.parse(
      await readFile(join(devnet.stateDirectory, "n1", "node.json"), "utf8"),
    ) as {
      network: { rpcUrls: string[] };
    };
    const rpcUrls = network.rpcUrls.map((url) => url.replace("127.0.0.1", "localhost"));
    return { network: { ...network, rpcUrls } };
  }

  function keyOf(name: string): Hex {
    const account = devnet.accounts[name];
    assert.ok(account, name);
    return account.privateKey;
  }

  const content = () => join(devnet.stateDirectory, "n1/content");
  const node = () => {
    const [first] = devnet.nodes;
    assert.ok(first);
    return first;
  };

  async function deploySite() {
    const args = ["--domain", SITE, "--nodes", "1", "--deposit", "50", "--yes"];
    return done(["deploy", join(folder, "site"), ...args], who);
  }

  /** Whatever a command could leave behind: on chain, in wallets, on the node and on this disk. */
  async function world() {
    const { publicClient } = deployer;
    const keys = [keyOf("deployer"), keyOf("stranger"), poor, tokenless];
    const accounts = keys.map((key) => privateKeyToAccount(key).address);
    return {
      projects: await projects.projectCount(deployer),
      versions: (await lens.projectOf(deployer, { projectId })).versions,
      transactions: await Promise.all(
        accounts.map((address) => publicClient.getTransactionCount({ address })),
      ),
      tokens: await Promise.all(accounts.map((address) => asset.balanceOf(deployer, { who: address }))),
      content: (await readdir(content(), { recursive: true })).sort(),
      files: (await readdir(folder, { recursive: true })).sort(),
    };
  }

  /** Runs a command that has to fail, and makes sure that it names what is wrong and what to do, and did nothing. */
  async function refusedWholly(
    args: readonly string[],
    expected: { code: string; value: string | RegExp; next: RegExp; exit?: 1 | 2; as?: Hex; rpc?: string },
  ): Promise<void> {
    const before = await world();
    const { code, value, next, exit = 1, as, rpc } = expected;
    const line = rpc === undefined ? args : [...args, "--rpc", rpc];
    const error = await refused(line, as === undefined ? who : { ...who, key: as }, exit);
    const said = JSON.stringify(error);
    assert.equal(error.code, code, said);
    if (typeof value === "string") assert.equal(error.value, value, said);
    else assert.match(error.value ?? "", value, said);
    assert.match(error.next ?? "", next, said);
    assert.deepEqual(await world(), before);
  }

  function deploy(name: string, ...more: string[]): string[] {
    return ["deploy", join(folder, name), "--domain", `bad.${ZONE}`, "--nodes", "1", "--yes", ...more];
  }

  describe("a project that is no project", () => {
    for (const name of ["empty", "hidden"]) {
      it(`a folder without anything to serve is refused: ${name}`, () =>
        refusedWholly(deploy(name, "--deposit", "5"), {
          code: "NOTHING_TO_SERVE",
          value: join(folder, name),
          next: /another folder/,
        }));
    }

    it("an unknown field in wrangler.json is refused by its name", () =>
      refusedWholly(deploy("unknown", "--deposit", "5"), {
        code: "UNKNOWN_FIELD",
        value: "compatibilty_date",
        next: /correct or remove compatibilty_date/,
      }));
  });

  describe("too little money", () => {
    it("a new project with too small a deposit is refused, with the amount that is needed", () =>
      refusedWholly(deploy("site", "--deposit", "0.01"), {
        code: "NO_CREDIT",
        value: "10000",
        next: /worker3 deploy .* --deposit \d/,
      }));

    it("a next version of a project without credit is refused", async () => {
      const domain = `dry.${ZONE}`;
      const dry = await projects.createProjectOn(deployer, { domain, nodeIds: [1], cap: 1_000_000n });
      await refusedWholly(["deploy", join(folder, "site"), "--domain", domain, "--yes"], {
        code: "NO_CREDIT",
        value: /^\d+$/,
        next: new RegExp(`worker3 credit deposit ${dry.projectId} `),
      });
    });

    it("a key without the chain's coin is refused, with the address to fund", () =>
      refusedWholly(deploy("site", "--deposit", "5"), {
        code: "NO_GAS",
        value: "0",
        next: new RegExp(privateKeyToAccount(poor).address),
        as: poor,
      }));

    it("a key without tokens is refused, with the address to fund", () =>
      refusedWholly(deploy("site", "--deposit", "5"), {
        code: "INSUFFICIENT_BALANCE",
        value: "0",
        next: new RegExp(privateKeyToAccount(tokenless).address),
        as: tokenless,
      }));

    it("a deposit of more than the wallet holds is refused before anything is approved", () =>
      refusedWholly(["credit", "deposit", SITE, "5", "--yes"], {
        code: "INSUFFICIENT_BALANCE",
        value: "0",
        next: /send/,
        as: tokenless,
      }));
  });

  describe("an RPC that is no help", () => {
    let rpc: RpcProxy;
    before(async () => {
      rpc = await startRpcProxy(devnet.rpcUrl);
    });
    afterEach(() => {
      rpc.tamper = undefined;
      rpc.isSilent = false;
    });
    after(() => rpc.stop());

    it("where nobody listens is named", async () => {
      const gone = await startRpcProxy(devnet.rpcUrl);
      await gone.stop();
      await refusedWholly(deploy("site", "--deposit", "5"), {
        code: "RPC_UNREACHABLE",
        value: new URL(gone.url).host,
        next: /another RPC/,
        rpc: gone.url,
      });
    });

    it("that takes the question and never answers is given up, after three of ten seconds at most", async () => {
      rpc.isSilent = true;
      const asked = rpc.calls;
      await refusedWholly(deploy("site", "--deposit", "5"), {
        code: "RPC_TIMEOUT",
        value: new URL(rpc.url).host,
        next: /another RPC/,
        rpc: rpc.url,
      });
      assert.ok(rpc.calls - asked <= 3, `${rpc.calls - asked} questions`);
    });

    it("of another chain is refused before anything is sent there", async () => {
      const sent: string[] = [];
      rpc.tamper = ({ method }) => {
        sent.push(method);
        return method === "eth_chainId" ? "0x2105" : undefined;
      };
      await refusedWholly(deploy("site", "--deposit", "5"), {
        code: "WRONG_CHAIN",
        value: "8453",
        next: /RPC of the network's chain/,
        rpc: rpc.url,
      });
      assert.ok(!sent.includes("eth_sendRawTransaction"));
    });

    const stranger = pad("0xbad", { size: 20 });
    const lies: [name: string, code: string, lie: (log: Record<string, unknown>) => unknown][] = [
      ["of another address", "FOREIGN_LOG", (log) => ({ ...log, address: stranger })],
      ["without its data", "UNREADABLE_LOG", (log) => ({ ...log, data: "0x" })],
      ["of another event", "UNREADABLE_LOG", (log) => ({ ...log, topics: [pad("0x1")] })],
      ["of no block", "PENDING_LOG", (log) => ({ ...log, blockNumber: null, blockHash: null })],
    ];
    for (const [name, code, lie] of lies) {
      it(`that answers with a log ${name} is not believed`, async () => {
        rpc.tamper = ({ method }, result) =>
          method === "eth_getLogs" ? (result as Record<string, unknown>[]).map(lie) : undefined;
        const value = name === "of another address" ? new RegExp(stranger, "i") : /^block /;
        const refusals = ["versions", "receipts"].map((command) =>
          refusedWholly([command, SITE], { code, value, next: /another RPC/, rpc: rpc.url }),
        );
        await Promise.all(refusals);
      });
    }
  });

  describe("slips of the hand", () => {
    it("an unknown command is a wrong usage", () =>
      refusedWholly(["deplyo", "."], { code: "USAGE", value: "deplyo", next: /deploy/, exit: 2 }));

    it("an unknown option is a wrong usage", () =>
      refusedWholly(deploy("site", "--depositt", "5"), {
        code: "USAGE",
        value: "--depositt",
        next: /--deposit/,
        exit: 2,
      }));

    it("a domain that the zone cannot have is refused", () =>
      refusedWholly(["deploy", join(folder, "site"), "--domain", `a.b.${ZONE}`, "--deposit", "5", "--yes"], {
        code: "NOT_ONE_LABEL_BELOW_ZONE",
        value: `a.b.${ZONE}`,
        next: /another name/,
      }));

    it("a cap above the network's highest is refused, with the bounds", async () => {
      const cap = (await projects.maxCap(deployer)) + 1n;
      const amount = `${cap / 1_000_000n}.${String(cap % 1_000_000n).padStart(6, "0")}`;
      await refusedWholly(deploy("site", "--deposit", "5", "--cap", amount), {
        code: "CAP_OUT_OF_BOUNDS",
        value: /\d/,
        next: /choose a cap from .* to /,
      });
    });
  });

  describe("a CAR that was cut in half", () => {
    let car: Buffer;
    let cid: string;
    before(async () => {
      const directory = join(folder, "next");
      await cp(join(folder, "site"), directory, { recursive: true });
      await writeFile(join(directory, "large.txt"), "0123456789".repeat(200_000));
      ({ cid } = await done(["pack", directory, "-o", join(folder, "whole.car")], who));
      car = await readFile(join(folder, "whole.car"));
      await writeFile(join(folder, "half.car"), car.subarray(0, car.length / 2));
    });

    async function intentHeader(): Promise<string> {
      const signer = privateKeyToAccount(keyOf("deployer"));
      const intent = {
        projectId,
        owner: signer.address,
        digest: parseDeploymentCid(cid).digest,
        bytes: BigInt(car.length),
        deadline: BigInt(Math.floor(Date.now() / 1000) + 600),
      };
      const signature = await signUploadIntent({ network: devnet.network, signer, intent });
      return encodeIntentHeader({ intent, signature });
    }

    async function put(body: Uint8Array) {
      const answer = await fetch(`${node().http}/.well-known/worker3/car/${cid}`, {
        method: "PUT",
        headers: { "content-type": "application/vnd.ipld.car", [INTENT_HEADER]: await intentHeader() },
        body: new Uint8Array(body),
      });
      return { status: answer.status, document: await answer.json() };
    }

    it("is not even sent by push", () =>
      refusedWholly(["push", join(folder, "half.car"), SITE], {
        code: "CAR_TRUNCATED",
        value: /./,
        next: /./,
      }));

    it("is refused by the node, which keeps nothing of it", async () => {
      const before = await world();
      const { status, document } = await put(car.subarray(0, car.length / 2));
      assert.equal(status, 422, JSON.stringify(document));
      assert.equal(document.error.code, "CAR_TRUNCATED", JSON.stringify(document));
      assert.deepEqual(await world(), before);
    });

    it("by the end of the connection leaves nothing either", async () => {
      const before = await world();
      const { hostname, port } = new URL(node().http);
      const sent = request({
        hostname,
        port,
        method: "PUT",
        path: `/.well-known/worker3/car/${cid}`,
        headers: {
          "content-type": "application/vnd.ipld.car",
          "content-length": car.length,
          [INTENT_HEADER]: await intentHeader(),
        },
      });
      sent.on("error", () => undefined); // by us
      sent.write(car.subarray(0, car.length / 2));
      await until("the upload has begun", async () => (await readdir(join(content(), "scratch"))).length > 0);
      sent.destroy();
      await until(
        "nothing of it is left",
        async () => (await readdir(join(content(), "scratch"))).length === 0,
      );
      assert.deepEqual(await world(), before);
    });

    it("can be sent whole at once", async () => {
      const { status, document } = await put(car);
      assert.deepEqual([status, document], [201, { cid, ready: true }]);
      assert.ok((await readdir(content())).includes(cid));
    });
  });

  describe("a port in use", () => {
    it("keeps a second agent from starting, which names the port and who has it", async () => {
      const state = await mkdtemp(join(tmpdir(), "w3-"));
      try {
        await copyNode(state, { nodeId: 99 });
        // Where the chain is away it cannot say that there is no such node.
        const path = join(state, "node.json");
        const config = JSON.parse(await readFile(path, "utf8"));
        config.network.rpcUrls = ["http://127.0.0.1:1"];
        await writeFile(path, JSON.stringify(config));
        const agent = startAgent(state);
        const answer = await agent.answer;
        assert.equal(answer.event, "failed");
        const { code, value, next = "" } = answer.error;
        assert.deepEqual([code, value], ["PORT_IN_USE", new URL(node().http).host]);
        const pid = Number(/process (\d+)/.exec(next)?.[1]);
        assert.ok(
          descendantsOf(node().pid).some((each) => each.pid === pid),
          `${next}; the node is process ${node().pid}`,
        );
        assert.deepEqual(await agent.exited, [1, null]);
        assert.equal((await visit(node().http, SITE)).status, 200);
      } finally {
        await rm(state, { recursive: true });
      }
    });

    it("is not all: a copy of the state folder does not start on a free one either, and names the agent that runs", async () => {
      const state = await mkdtemp(join(tmpdir(), "w3-"));
      try {
        await copyNode(state, { listen: { host: "127.0.0.1", port: 0 } });
        const agent = startAgent(state);
        const answer = await agent.answer;
        assert.equal(answer.event, "failed");
        const { code, value, message = "" } = answer.error;
        assert.deepEqual([code, value], ["NODE_RUNNING", "1"]);
        assert.ok(message.includes(`process ${node().pid}, folder ${devnet.stateDirectory}`), message);
        assert.deepEqual(await agent.exited, [1, null]);
        assert.equal((await visit(node().http, SITE)).status, 200);
      } finally {
        await rm(state, { recursive: true });
      }
    });

    it("keeps a second devnet from starting, which names the port and who has it", async () => {
      const state = await mkdtemp(join(tmpdir(), "w3-"));
      try {
        const port = Number(new URL(node().http).port);
        const [file = "", ...args] = [
          ...[...DEVNET, "--json", "--state", state, "--nodes", "1"],
          ...["--port-base", String(port - 1), "--rpc-port", String(port + 60)],
        ];
        const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], cwd: root });
        const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
        const { event, error } = JSON.parse(output);
        assert.deepEqual([code, event, error.code], [1, "failed", "PORT_IN_USE"]);
        assert.match(error.message, new RegExp(`port ${port} is in use by pid \\d+`));
        assert.match(error.value, new RegExp(String(port)));
        assert.match(error.next, /--port-base/);
        assert.deepEqual(await readdir(state), []);
      } finally {
        await rm(state, { recursive: true });
      }
    });
  });

  describe("another operator's key", () => {
    it("keeps an agent from starting, which names it and the one that the chain says", async () => {
      const state = await mkdtemp(join(tmpdir(), "w3-"));
      try {
        await copyNode(state, { listen: { host: "127.0.0.1", port: 0 }, ...(await elsewhere()) });
        await writeFile(join(state, "operator.key"), poor);
        const agent = startAgent(state);
        const answer = await agent.answer;
        assert.equal(answer.event, "failed");
        const { code, value, message = "" } = answer.error;
        assert.deepEqual([code, value], ["OPERATOR_KEY_WRONG", privateKeyToAccount(poor).address]);
        assert.match(message, /the chain says 0x/);
        assert.deepEqual(await agent.exited, [1, null]);
      } finally {
        await rm(state, { recursive: true });
      }
    });
  });

  describe("an agent that is killed", () => {
    let agent: OwnAgent | undefined;
    after(async () => {
      agent?.child.kill("SIGTERM");
      await agent?.exited;
    });

    it("leaves no process behind, and serves the same again without any deployment", async () => {
      const before = { ...(await world()), credit: await escrow.accountOf(deployer, { projectId }) };
      const first = await visit(node().http, SITE);
      assert.equal(first.status, 200);
      const processes = descendantsOf(node().pid);
      assert.ok(processes.length >= 2, "an agent has processes of its own");
      process.kill(node().pid, "SIGKILL");
      await until("they are all gone", () => !processes.some(isRunning));
      agent = startAgent(join(devnet.stateDirectory, "n1"));
      assert.equal((await agent.answer).event, "ready");
      const again = await until("it serves", async () => {
        const answer = await visit(node().http, SITE);
        return answer.status === 200 && answer;
      });
      assert.deepEqual(again.body, first.body);
      assert.equal(again.headers["worker3-version"], first.headers["worker3-version"]);
      const { credit: _, ...after } = { ...(await world()), credit: undefined };
      const { credit: __, ...expected } = before;
      assert.deepEqual(after, expected);
    });

    it("and whose ledger is damaged does not start, and without it serves the content that only it has", async () => {
      const state = join(devnet.stateDirectory, "n1");
      const first = await visit(node().http, SITE);
      agent?.child.kill("SIGTERM");
      await agent?.exited;
      const ledger = join(state, "ledger.sqlite");
      await writeFile(ledger, (await readFile(ledger)).fill(0xff, 8_192));
      agent = startAgent(state);
      const refusal = await agent.answer;
      assert.ok(refusal.event === "failed", JSON.stringify(refusal));
      assert.equal(refusal.error.code, "LEDGER_DAMAGED");
      await agent.exited;
      for (const end of ["", "-wal", "-shm"]) await rm(`${ledger}${end}`, { force: true });
      agent = startAgent(state);
      assert.equal((await agent.answer).event, "ready");
      const again = await until("it serves", async () => {
        const answer = await visit(node().http, SITE);
        return answer.status === 200 && answer;
      });
      assert.deepEqual(again.body, first.body);
    });

    it("and whose operator denies a content serves it no longer, and gives its disk back", async () => {
      const state = join(devnet.stateDirectory, "n1");
      const { cid } = await lens.versionOf(deployer, { projectId, version: 1 });
      assert.ok((await readdir(join(state, "content"))).includes(cid));
      agent?.child.kill("SIGTERM");
      await agent?.exited;
      const document = JSON.parse(await readFile(join(state, "node.json"), "utf8")) as object;
      await writeFile(join(state, "node.json"), JSON.stringify({ ...document, deny: { cids: [cid] } }));
      agent = startAgent(state);
      assert.equal((await agent.answer).event, "ready");
      await until("it is refused", async () => (await visit(node().http, SITE)).status === 451);
      const own = new URL(node().http).host;
      assert.equal((await visit(node().http, own, `/ipfs/${cid}?format=car`)).status, 451);
      await until("it is gone", async () => !(await readdir(join(state, "content"))).includes(cid));
    });
  });
});

describe("a devnet with real agents and a project on them leaves nothing behind", function () {
  this.timeout(120_000);

  const GONE_MS = 12_000;
  let devnet: Devnet | undefined;
  afterEach(async () => {
    await devnet?.stop();
    devnet = undefined;
  });

  const ways: [name: string, signal: NodeJS.Signals, through?: "a shell"][] = [
    ["SIGINT", "SIGINT"],
    ["SIGTERM", "SIGTERM"],
    ["SIGKILL", "SIGKILL"],
    ["SIGKILL of the shell that runs it", "SIGKILL", "a shell"],
  ];
  for (const [name, signal, through] of ways) {
    it(`after ${name}`, async () => {
      devnet = await startOwnDevnet({
        nodes: 1,
        args: [],
        // A last command would be run in the shell's place.
        ...(through && { through: (command) => ["/bin/sh", "-c", '"$@"; exit $?', "sh", ...command] }),
      });
      const [node] = devnet.nodes;
      assert.ok(node && devnet.sample);
      const { status, headers, body } = await visit(node.http, devnet.sample.domain);
      assert.equal(status, 200, `${JSON.stringify(headers)}\n${body}\n${devnet.log()}`);
      const footprint = footprintOf(devnet);
      const programs = footprint.processes.map(({ command }) => command.join(" "));
      for (const program of [
        /\/anvil /,
        /node-agent\/src\/main/,
        /edge\/embedded\/process\/main/,
        /workerd serve/,
      ]) {
        assert.ok(
          programs.some((line) => program.test(line)),
          `${program} in\n${programs.join("\n")}`,
        );
      }
      await ended(devnet.child, signal);
      await untilGone(footprint, GONE_MS);
    });
  }
});

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, "exit");
}
