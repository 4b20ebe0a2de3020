import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Wrap } from "../sandbox/Sandbox.ts";
import { ask } from "../testing/ask.ts";
import { asNobody, TESTING } from "../testing/asNobody.ts";
import { bracketed, FORBIDDEN } from "../testing/forbiddenHosts.ts";
import { makeTemporary } from "../testing/makeFolder.ts";
import { MACHINE, MACHINE_IPV6, NetworkWorld, PRIVATE, PUBLIC, RESOLVER } from "../testing/NetworkWorld.ts";
import { TestRunner } from "../testing/TestRunner.ts";
import type { CellNetwork } from "./CellNetwork.ts";
import { type OpenNetworkOptions, openCellNetwork } from "./openCellNetwork.ts";

const run = promisify(execFile);

describe("the cells' own network, as root", function () {
  this.timeout(60_000);
  let home: string;
  let world: NetworkWorld;
  let network: CellNetwork;
  const options = (): OpenNetworkOptions => ({
    nodeId: 7,
    directory: join(home, "network"),
    resolvers: [RESOLVER],
    ownAddresses: [MACHINE, MACHINE_IPV6],
    place: world.onMachine,
    only: "netns",
  });
  const onMachine = (file: string, ...args: string[]) => {
    const command = world.onMachine({ file, args });
    return run(command.file, command.args).then(({ stdout }) => stdout);
  };
  /** Visits hosts from the namespace without workerd, whose own rule would hide what the firewall does. */
  const visitAll = async (hosts: readonly string[], place: Wrap = network.wrap): Promise<string[]> => {
    const script = `const visit = (host) => fetch("http://" + host + "/", { signal: AbortSignal.timeout(10000) })
      .then((answer) => answer.text()).catch((error) => "refused " + (error.cause?.code ?? error.name));
      Promise.all(${JSON.stringify(hosts)}.map(visit)).then((said) => console.log(JSON.stringify(said)))`;
    const { file, args } = place({ file: process.execPath, args: ["-e", script] });
    return JSON.parse((await run(file, args)).stdout);
  };

  before(async () => {
    home = await makeTemporary();
    world = await NetworkWorld.create();
    network = await openCellNetwork(options());
    assert.deepEqual([network.kind, network.notes], ["netns", []]);
  });
  after(async () => {
    await network?.close();
    await world?.close();
    await rm(home, { recursive: true, force: true });
  });

  it("leads to public addresses and to the machine's own web server", async () => {
    const hosts = [...PUBLIC.map(bracketed), MACHINE, bracketed(MACHINE_IPV6)];
    assert.deepEqual(await visitAll(hosts), [
      ...PUBLIC.map((address) => `around ${address}`),
      `web ${MACHINE}`,
      `web ${MACHINE_IPV6}`,
    ]);
  });

  it("refuses at once what is private, this machine or of a cloud, in every notation", async () => {
    // The names of the test are resolved by the cells' resolver only.
    const hosts = FORBIDDEN.filter((host) => !host.endsWith(".test"));
    const said = await visitAll(hosts);
    assert.equal(said.length, hosts.length);
    for (const [index, host] of hosts.entries()) {
      assert.match(said[index] ?? "", /^refused (?!TimeoutError|23)/, host);
    }
    // Each is there, and only the firewall is between.
    assert.deepEqual(
      await visitAll(PRIVATE.map(bracketed), world.onMachine),
      PRIVATE.map((address) => `around ${address}`),
    );
  });

  it("lets nobody in, and neither mail nor UDP out", async () => {
    const inside = async (...command: string[]) => {
      const { file, args } = network.wrap({ file: command[0] ?? "", args: command.slice(1) });
      return (await run(file, args)).stdout;
    };
    const [, address = ""] = /inet (198\.1[89]\.[\d.]+)\//.exec(await inside("ip", "-4", "addr")) ?? [];
    const listen = `require("net").createServer((s) => { console.log("reached"); s.destroy() })
      .listen(9999, () => console.log("ready"))`;
    const { file, args } = network.wrap({ file: process.execPath, args: ["-e", listen] });
    const listener = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
    let heard = "";
    listener.stdout.on("data", (chunk) => {
      heard += String(chunk);
    });
    await once(listener.stdout, "data");
    const knock = (host: string, port: number) => `const s = require("net").connect(${port}, "${host}");
      s.on("connect", () => { console.log("open"); process.exit() });
      s.on("error", () => { console.log("closed"); process.exit() });
      setTimeout(() => { console.log("silent"); process.exit() }, 1000)`;
    try {
      assert.match(await onMachine(process.execPath, "-e", knock(address, 9999)), /silent|closed/);
      assert.equal(heard.trim(), "ready");
    } finally {
      listener.kill("SIGKILL");
    }
    assert.equal((await inside(process.execPath, "-e", knock(PUBLIC[0], 25))).trim(), "closed");
    const send = `require("dgram").createSocket("udp4").send("x", 53, "${PUBLIC[0]}", (error) => {
      console.log(error ? "closed" : "open"); process.exit() })`;
    assert.equal((await inside(process.execPath, "-e", send)).trim(), "closed");
  });

  it("is where cells are: a worker reaches the public, by name too, and a name that turns private never", async () => {
    const test = await TestRunner.create({ sandbox: "bwrap", network });
    try {
      assert.equal(test.runner.enforces.network, "netns");
      const cell = await test.worker(`
        async function visit(host) {
          try { return (await (await fetch("http://" + host + "/", { signal: AbortSignal.timeout(8000) })).text()) }
          catch (error) { return "refused " + error.message }
        }
        export default { async fetch(request) {
          const hosts = JSON.parse(decodeURIComponent(new URL(request.url).searchParams.get("hosts")));
          const said = {}; for (const host of hosts) said[host] = await visit(host);
          return Response.json(said);
        } }`);
      const neighbour = await test.worker("export default { fetch() { return new Response('here') } }");
      const visits = async (hosts: readonly string[]): Promise<Record<string, string>> => {
        const query = encodeURIComponent(JSON.stringify(hosts));
        return JSON.parse((await ask(cell.socketPath, { path: `/?hosts=${query}` })).body);
      };
      assert.deepEqual(await visits([PUBLIC[0], "public.test", MACHINE]), {
        [PUBLIC[0]]: `around ${PUBLIC[0]}`,
        "public.test": `around ${PUBLIC[0]}`,
        [MACHINE]: `web ${MACHINE}`,
      });
      for (const [host, said] of Object.entries(await visits(FORBIDDEN))) {
        // Whatever it says, it is not an answer of a server.
        assert.doesNotMatch(said, /^(around|web|api) /, host);
      }
      const rebound = await visits(["rebind.test", "rebind.test?2", "rebind.test?3"]);
      for (const said of Object.values(rebound)) assert.doesNotMatch(said, /169\.254/);
      assert.equal((await ask(neighbour.socketPath, { path: "/" })).body, "here");
    } finally {
      await test.close();
    }
  });

  it("goes with its agent, or with the next one's start; what others made stays", async () => {
    const other = await NetworkWorld.create();
    try {
      const record = await readFile(join(home, "network", "record.json"), "utf8");
      const { name, table } = JSON.parse(record) as { name: string; table: string };
      assert.ok(existsSync(`/run/netns/${name}`));
      assert.match(await onMachine("nft", "list", "tables"), new RegExp(table));
      const links = readdirSync("/run/netns").filter((entry) => entry.startsWith("w3t-"));
      // An agent that was killed closed nothing.
      network = await openCellNetwork(options());
      assert.equal(network.kind, "netns");
      assert.equal(existsSync(`/run/netns/${name}`), false);
      assert.doesNotMatch(await onMachine("nft", "list", "tables"), new RegExp(table));
      await network.close();
      assert.doesNotMatch(await onMachine("nft", "list", "tables"), /w3_/);
      assert.doesNotMatch(await onMachine("ip", "link"), /w3h/);
      assert.deepEqual(
        readdirSync("/run/netns").filter((entry) => entry.startsWith("w3t-")),
        links,
      );
      // A record that names somebody else's is not believed.
      const [theirs = ""] = links;
      const forged = { ...JSON.parse(record), name: theirs };
      await writeFile(join(home, "network", "record.json"), JSON.stringify(forged));
      network = await openCellNetwork(options());
      assert.ok(existsSync(`/run/netns/${theirs}`));
    } finally {
      await other.close();
    }
  });

  it("is not made where the machine forwards no packets, and nothing is changed", async () => {
    await network.close();
    await onMachine("sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward");
    try {
      network = await openCellNetwork(options());
      assert.equal(network.kind, "workerd");
      assert.match(network.notes.join(), /net\.ipv4\.ip_forward=1/);
      assert.equal((await onMachine("cat", "/proc/sys/net/ipv4/ip_forward")).trim(), "0");
      assert.doesNotMatch(await onMachine("nft", "list", "tables"), /w3_/);
    } finally {
      await onMachine("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    }
  });
});

describe("the cells' own network, without root", function () {
  this.timeout(60_000);

  it("is made by pasta: public addresses are reached, by name too, and nothing else; all of it ends with it", async () => {
    const home = await makeTemporary();
    const world = await NetworkWorld.create();
    try {
      await chmod(home, 0o755);
      const directory = join(home, "state");
      await mkdir(directory);
      await chown(directory, 65534, 65534);
      const hosts = [PUBLIC[0], bracketed(PUBLIC[1]), "public.test", ...FORBIDDEN];
      const program = join(TESTING, "pastaCells.ts");
      const { file, args } = world.onMachine(
        asNobody(home, program, [directory, RESOLVER, JSON.stringify(hosts)]),
      );
      const { stdout } = await run(file, args, { timeout: 50_000, killSignal: "SIGKILL" });
      const { uid, enforces, said } = JSON.parse(stdout);
      assert.deepEqual([uid, enforces.network, enforces.bound], [65534, "pasta", "bwrap"], stdout);
      assert.equal(said[PUBLIC[0]], `around ${PUBLIC[0]}`);
      assert.equal(said[bracketed(PUBLIC[1])], `around ${PUBLIC[1]}`);
      assert.equal(said["public.test"], `around ${PUBLIC[0]}`);
      for (const host of FORBIDDEN) assert.doesNotMatch(said[host], /^(around|web|api) /, host);
      assert.equal(existsSync(join(directory, "record.json")), false);
    } finally {
      await world.close();
      await rm(home, { recursive: true, force: true });
    }
  });
});
