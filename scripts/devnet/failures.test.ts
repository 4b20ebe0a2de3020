import assert from "node:assert/strict";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { poll } from "./testing/poll.ts";
import { type SpawnDevnetParameters, type SpawnedDevnet, spawnDevnet } from "./testing/spawnDevnet.ts";

/** With stand-ins for the agent and the `worker3` command (testing/standIn*.ts), which fail when told to. */
describe("a devnet that cannot start", function () {
  this.timeout(120_000);

  let devnet: SpawnedDevnet;
  afterEach(() => devnet?.cleanUp());
  async function start(parameters: SpawnDevnetParameters): Promise<SpawnedDevnet> {
    devnet = await spawnDevnet(parameters);
    return devnet;
  }

  it("for wrong usage ends with 2 and says what is wrong", async () => {
    const { ended, stderr, stdout } = await start({ args: ["--nodes", "none"] });
    assert.equal(await ended, 2);
    assert.match(stderr(), /--nodes is a whole number from 1 to 64, not "none"\n.*--help/);
    assert.equal(stdout(), "");
  });

  it("for a port in use names it and its holder, before anything is started or written", async () => {
    const server = createServer().listen({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    const { port } = address;
    try {
      const { ended, stderr, stdout, stateDirectory } = await start({
        args: ["--json", "--rpc-port", String(port)],
      });
      assert.equal(await ended, 1);
      assert.match(stderr(), new RegExp(`port ${port} is in use by pid ${process.pid} \\(.*mocha`));
      assert.equal(JSON.parse(stdout()).error.code, "PORT_IN_USE");
      assert.deepEqual(await readdir(stateDirectory), []);
    } finally {
      server.close();
    }
  });

  it("because a node cannot says what that node says, and leaves nothing behind", async () => {
    const { ended, stderr, stdout, untilNothingIsLeft } = await start({
      args: ["--json"],
      nodes: 2,
      env: { STAND_IN_FAILS: "2" },
    });
    assert.equal(await ended, 1);
    const { event, error } = JSON.parse(stdout());
    assert.deepEqual([event, error.code, error.next], ["failed", "NO_LUCK", "do not tell it"]);
    assert.match(stderr(), /node 2 cannot start: it was told to fail/);
    await untilNothingIsLeft();
  });

  it("before it is told to stop leaves nothing behind", async () => {
    const { child, ended, stderr, stdout, untilNothingIsLeft } = await start({ args: ["--json"] });
    await poll("the chain runs", () => stderr().includes("the chain runs"));
    child.kill("SIGINT");
    assert.equal(await ended, 0);
    assert.equal(stdout(), "");
    await untilNothingIsLeft();
  });
});

describe("a devnet with a sample project that cannot be deployed, and a node that hangs", function () {
  this.timeout(120_000);

  let devnet: SpawnedDevnet;
  before(async () => {
    devnet = await spawnDevnet({ args: ["--json"], env: { STAND_IN_DEPLOY: "fail", STAND_IN_HANGS: "1" } });
  });
  after(() => devnet?.cleanUp());

  it("runs without the project, and says why", async () => {
    const { sample } = await devnet.ready();
    assert.ok(sample !== undefined && "error" in sample);
    assert.deepEqual([sample.error.code, sample.error.next], ["NO_CREDIT", "deposit some"]);
    assert.match(devnet.stderr(), /the sample project could not be deployed: .*there is no credit/);
  });

  it("kills what still runs when it is told to stop a second time", async () => {
    devnet.child.kill("SIGINT");
    await poll("it stops", () => devnet.stderr().includes("stopping: SIGINT"));
    await poll("a word about it", () => {
      devnet.child.kill("SIGINT");
      return devnet.stderr().includes("SIGINT again");
    });
    assert.equal(await devnet.ended, 1);
    await devnet.untilNothingIsLeft();
  });
});
