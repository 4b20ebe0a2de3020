import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetworkWriter, projects } from "@worker3/sdk";
import { privateKeyToAccount } from "viem/accounts";
import { until } from "../../node-agent/src/testing/until.ts";
import { type Devnet, type DevnetNode, startOwnDevnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { KUBO } from "../../scripts/interop/peers.ts";
import { type OwnAgent, startAgent } from "../e2e/support/agents.ts";
import { descendantsOf } from "../e2e/support/leftovers.ts";
import { visit } from "../e2e/support/visit.ts";
import { done, type Who } from "../e2e/support/worker3.ts";
import { type KuboDaemon, startKuboDaemon } from "./support/startKuboDaemon.ts";

const DOMAIN = "site.worker3.localhost";

describe(`a node beside Kubo ${KUBO.version}`, function () {
  this.timeout(120_000);
  let devnet: Devnet;
  let node: DevnetNode;
  let state: string;
  let folder: string;
  let cars: string;
  let who: Who;
  let agent: OwnAgent | undefined;
  /** The node's. */
  let kubo: KuboDaemon;
  /** Somebody else's, connected to it. */
  let stranger: KuboDaemon;
  const cids: string[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-kubo-site-"));
    cars = await mkdtemp(join(tmpdir(), "worker3-kubo-cars-"));
    [kubo, stranger, devnet] = await Promise.all([
      startKuboDaemon(),
      startKuboDaemon(),
      startOwnDevnet({ nodes: 1, epochSeconds: 3_600 }),
    ]);
    const [first] = devnet.nodes;
    assert.ok(first);
    node = first;
    state = join(devnet.stateDirectory, "n1");
    who = { networkFile: devnet.networkFile, key: devnet.accounts.deployer?.privateKey ?? "" };
    process.kill(node.pid, "SIGKILL");
    await until("the devnet's agent is gone", () => descendantsOf(node.pid).length === 0);
    await restart({
      content: { allowPrivateAddresses: true, kubo: { url: kubo.url, idleTimeoutMs: 3_000 } },
    });
    await connect();
  });

  after(async () => {
    await end();
    await Promise.all([devnet?.stop(), kubo?.remove(), stranger?.remove()]);
    for (const directory of [folder, cars]) await rm(directory, { recursive: true, force: true });
  });

  async function end(): Promise<void> {
    agent?.child.kill("SIGTERM");
    await agent?.exited;
  }

  /** Starts the node anew with other settings. */
  async function restart(settings: object): Promise<void> {
    await end();
    const path = join(state, "node.json");
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), ...settings }));
    agent = startAgent(state);
    const answer = await agent.answer;
    assert.equal(answer.event, "ready", JSON.stringify(answer));
  }

  async function connect(): Promise<void> {
    const { Addresses } = JSON.parse((await kubo.ipfs("id", "--enc=json")).toString());
    await stranger.ipfs("swarm", "connect", String(Addresses[0]));
  }

  async function pack(text: string): Promise<{ cid: string; car: string }> {
    await writeFile(join(folder, "index.html"), text);
    const car = join(cars, `${text}.car`);
    const { cid } = await done(["pack", folder, "-o", car], who);
    cids.push(cid);
    return { cid, car };
  }

  /** The daemon's own word: the name of a recursive pin; undefined where there is none. */
  async function pinOf(cid: string): Promise<string | undefined> {
    const listed = (await kubo.ipfs("pin", "ls", "--type=recursive", "--names")).toString();
    const [, name] =
      listed
        .split("\n")
        .find((line) => line.startsWith(cid))
        ?.split(" recursive") ?? [];
    return name?.trim();
  }

  const isNodes = (name: string | undefined): boolean => /^worker3:31337:0x\w+:\d+:node:1$/.test(name ?? "");
  const kuboStatus = async () => (await done(["node", "status", "--state", state], who)).content.kubo;
  const page = async (): Promise<string> => (await visit(node.http, DOMAIN)).body.toString();

  it("what is deployed is pinned under the node's name, and strangers get it over IPFS", async () => {
    const { cid } = await pack("one");
    await done(["deploy", folder, "--domain", DOMAIN, "--nodes", "1", "--deposit", "20", "--yes"], who);
    await until("the node's pin", async () => isNodes(await pinOf(cid)));
    const got = await stranger.ipfs("cat", `${cid}/index.html`);
    assert.equal(got.toString(), "one");
    assert.deepEqual((await kuboStatus()).pins, { pinned: 1, waiting: 0, ofOthers: 0, refused: 0 });
  });

  it("content that only Kubo has is served, and a pin of somebody else's stays somebody else's", async () => {
    const { cid, car } = await pack("two");
    await kubo.ipfs("dag", "import", "--pin-roots=false", car);
    await kubo.ipfs("pin", "add", "--name=mine", cid);
    const account = privateKeyToAccount((who.key ?? "") as `0x${string}`);
    const writer = createNetworkWriter({ network: devnet.network, account });
    await projects.addVersion(writer, { projectId: 1n, cid, live: true });
    await until("the version from Kubo", async () => (await page()) === "two");
    await until("the pin was looked at", async () => (await kuboStatus()).pins.ofOthers === 1);
    assert.equal(await pinOf(cid), "mine");
  });

  it("what no one has does not keep the node from serving what it has", async () => {
    const { cid } = await pack("nowhere");
    const account = privateKeyToAccount((who.key ?? "") as `0x${string}`);
    const writer = createNetworkWriter({ network: devnet.network, account });
    await projects.addVersion(writer, { projectId: 1n, cid, live: true });
    const log = join(state, "agent.log");
    await until("Kubo was given up", async () =>
      /"SOURCE_TIMEOUT".*a source was dropped/.test(await readFile(log, "utf8")),
    );
    assert.equal(await page(), "two");
  });

  it("Kubo is killed: the node serves and takes versions, tells it, and pins them when Kubo is back", async () => {
    await kubo.kill();
    const { cid } = await pack("three");
    const args = ["deploy", folder, "--domain", DOMAIN, "--yes"];
    const deployed = await done(args, who);
    assert.equal(deployed.replicas[0].ready, true);
    assert.equal(await page(), "three");
    const away = await until("the node knows", async () => {
      const status = await kuboStatus();
      return status.error !== null && status;
    });
    assert.deepEqual(
      [away.version, away.error.code, away.pins.waiting > 0],
      [null, "KUBO_UNREACHABLE", true],
    );
    await kubo.start();
    await until("the pin", async () => isNodes(await pinOf(cid)));
    assert.deepEqual([(await kuboStatus()).error, (await kuboStatus()).version], [null, KUBO.version]);
    assert.equal(isNodes(await pinOf(cids[0] ?? "")), true, "what it had is still there");
  });

  it("push --ipfs pins for whoever pushes: the node's pin becomes one that stays", async () => {
    const cid = cids.at(-1) ?? "";
    const { ipfs } = await done(["push", folder, DOMAIN, "--ipfs", kubo.url], who);
    assert.deepEqual([ipfs.pinned, ipfs.wasPinned], [true, false]);
    assert.equal(await pinOf(cid), ipfs.name);
  });

  it("what the node drops is unpinned, and nobody else's pin", async () => {
    const [one = "", two = "", , three = ""] = cids;
    await restart({ deny: { cids: [one, two, three] } });
    await until("the node's pin is gone", async () => (await pinOf(one)) === undefined);
    assert.equal(await pinOf(two), "mine");
    assert.match((await pinOf(three)) ?? "", /^worker3:31337:project:1:version:\d+$/);
  });
});
