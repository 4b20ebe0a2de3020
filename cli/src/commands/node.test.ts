import assert from "node:assert/strict";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { nodes } from "@worker3/sdk";
import { agentConfigSchema } from "../../../node-agent/src/config.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { testKey } from "../testing/testKey.ts";

describe("commands of a node's operator, on a chain", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let state: string;

  before(async () => {
    chain = await startTestChain([]);
    state = join(chain.worker3.directory, "n1");
  });
  after(() => chain[Symbol.asyncDispose]());

  it("what needs a node's folder says so before there is one", async () => {
    const { worker3 } = chain;
    const register = ["--region", "weur", "--endpoint", "http://127.0.0.1:9001"];
    const [none, stopped, claim, region] = await Promise.all([
      worker3.error(1, "node", "register", "--state", state, ...register),
      worker3.error(1, "node", "status", "--state", state),
      worker3.error(1, "node", "claim", "--state", state),
      worker3.error(2, "node", "register", "--region", "moon", "--endpoint", "https://a.example"),
    ]);
    assert.deepEqual(
      [none.code, stopped.code, claim.code, region.code],
      ["NODE_NOT_SET_UP", "NODE_NOT_SET_UP", "NODE_NOT_REGISTERED", "USAGE"],
    );
    assert.match(String(stopped.next), /^worker3 node init /);
  });

  it("init writes a configuration and a key that only its owner may read, and never twice", async () => {
    const { worker3, net } = chain;
    const done = await worker3.json("node", "init", "--state", state, "--listen", "127.0.0.1:9001");
    assert.deepEqual([done.state, done.chainId, done.zone], [state, net.network.chainId, net.network.zone]);
    // All names below .localhost are this machine (RFC 6761, 6.3), and so are the other nodes.
    const { content, cells } = JSON.parse(await readFile(join(state, "node.json"), "utf8")) as Record<
      string,
      unknown
    >;
    assert.deepEqual(content, { allowPrivateAddresses: true });
    assert.deepEqual(cells, { allowHostNetwork: true, allowUnsandboxed: true });
    assert.equal((await stat(join(state, "operator.key"))).mode & 0o777, 0o600);
    assert.match(await readFile(join(state, "operator.key"), "utf8"), /^0x[0-9a-f]{64}\n$/);
    assert.equal((await worker3.error(1, "node", "init", "--state", state)).code, "NODE_EXISTS");
    const unregistered = await worker3.error(1, "node", "start", "--state", state);
    assert.equal(unregistered.code, "NODE_NOT_REGISTERED");
    assert.match(String(unregistered.next), /--endpoint http:\/\/127\.0\.0\.1:9001 /);
    const idle = await worker3.error(1, "node", "status", "--state", state);
    assert.deepEqual([idle.code, idle.next], ["NODE_NOT_RUNNING", unregistered.next]);
    const other = await worker3.run("node", "init", "--state", join(worker3.directory, "n0"));
    assert.match(other.stdout, /^It listens on 127\.0\.0\.1:8080: /m);
    assert.match(other.stdout, /About 0\.\d+ last a week/);
    assert.match(other.stdout, /^Next: .* --endpoint http:\/\/127\.0\.0\.1:8080 /m);
  });

  it("init takes a key of one's own, as text or file", async () => {
    const { worker3 } = chain;
    const { key, account } = testKey();
    const file = join(worker3.directory, "mine.key");
    await writeFile(file, `${key}\n`);
    const byText = await worker3.json(
      "node",
      "init",
      "--state",
      join(worker3.directory, "n2"),
      "--operator-key",
      key,
    );
    const byFile = await worker3.json(
      "node",
      "init",
      "--state",
      join(worker3.directory, "n3"),
      "--operator-key",
      file,
    );
    assert.deepEqual([byText.operator, byFile.operator], [account.address, account.address]);
    const bad = ["node", "init", "--state", join(worker3.directory, "n4"), "--operator-key", "0x12"];
    assert.equal((await worker3.error(2, ...bad)).code, "KEY_INVALID");
  });

  it("register stakes, enters the node and makes the folder a configuration that the agent takes", async () => {
    const { worker3, ownerKey } = chain;
    const args = [
      "node",
      "register",
      "--state",
      state,
      "--region",
      "weur",
      "--endpoint",
      "http://127.0.0.1:9001",
    ];
    const unasked = await worker3.error(2, ...args, "--stake", "150");
    assert.deepEqual([unasked.code, unasked.value], ["CONFIRMATION_NEEDED", "a stake of 150 USD"]);
    assert.equal((await worker3.error(1, ...args, "--stake", "1", "--yes")).code, "STAKE_TOO_SMALL");
    const bare = await worker3.error(2, ...args.with(-1, "127.0.0.1:9001"), "--yes");
    assert.equal(bare.code, "ENDPOINT_HAS_NO_SCHEME");
    assert.match(String(bare.next), /http:\/\/host\[:port\], or https/);
    // A stake is bound there for a long time: what leads nowhere, and who cannot pay, is told before.
    const astray = await worker3.run(...args.with(-1, "http://127.0.0.1:21004"));
    assert.equal(astray.code, 2);
    assert.match(astray.stderr, /port 21004 of this machine, and the agent .* listens on 127\.0\.0\.1:9001/);
    assert.match(astray.stderr, /has 0 of the chain's coin/);
    const done = await worker3.json(...args, "--stake", "150", "--yes");
    assert.deepEqual([done.nodeId, done.stake, done.owner], [1, "150000000", ownerKey.account.address]);
    assert.equal(done.notes.length, 1, "of the gas, and not of the port");
    // A seat needs ten times its cap of stake in this network.
    assert.equal(done.highestCap, "15000000");
    assert.match(unasked.message, /It is enough for seats with a cap of up to 15 USD\./);

    const node = await nodes.nodeOf(chain.owner, { nodeId: 1 });
    assert.deepEqual(
      [node.operator, node.region, node.endpoint],
      [done.operator, "weur", "http://127.0.0.1:9001"],
    );
    const config = agentConfigSchema.parse(JSON.parse(await readFile(join(state, "node.json"), "utf8")));
    assert.deepEqual([config.nodeId, config.listen.host, config.listen.port], [1, "127.0.0.1", 9001]);
    assert.equal((await worker3.error(1, ...args, "--yes")).code, "NODE_REGISTERED");

    // A run that was ended between the transaction and this file: the next one stakes nothing.
    const { nodeId: _, ...without } = JSON.parse(await readFile(join(state, "node.json"), "utf8"));
    await writeFile(join(state, "node.json"), JSON.stringify(without));
    const again = await worker3.json(...args, "--stake", "150", "--yes");
    assert.deepEqual([again.nodeId, again.txHash], [1, done.txHash]);
    assert.equal(await nodes.nodeCount(chain.owner), 1);
    assert.equal(JSON.parse(await readFile(join(state, "node.json"), "utf8")).nodeId, 1);
  });

  it("drain makes the configuration say that the node takes no new seats, and --undo that it does", async () => {
    const { worker3 } = chain;
    const config = async () =>
      agentConfigSchema.parse(JSON.parse(await readFile(join(state, "node.json"), "utf8"))).presence;
    const before = await config();
    assert.equal(before.full, false);
    assert.deepEqual(await worker3.json("node", "drain", "--state", state), { nodeId: 1, full: true, state });
    assert.deepEqual(await config(), { ...before, full: true });
    assert.equal((await worker3.json("node", "drain", "--undo", "--state", state)).full, false);
    assert.deepEqual(await config(), before);
  });

  it("stake adds to the stake, and says up to which cap it is enough", async () => {
    const { worker3 } = chain;
    const args = ["node", "stake", "30", "--state", state];
    assert.equal((await worker3.error(2, ...args)).code, "CONFIRMATION_NEEDED");
    const done = await worker3.json(...args, "--yes");
    assert.deepEqual([done.stake, done.highestCap, done.retiredFrom], ["180000000", "18000000", null]);
    const back = await worker3.error(2, "node", "unstake", "30", "--state", state);
    assert.match(back.message, /What stays is enough for seats with a cap of up to 15 USD; others may take/);
    // As it was, for what comes below.
    await worker3.json("node", "unstake", "30", "--state", state, "--yes");
    await chain.net.toEpoch((await chain.net.epoch()) + 20);
    await worker3.json("node", "withdraw", "--state", state);
  });

  it("doctor tells of any machine what it can hold cells to, and how to get what it cannot", async () => {
    const { worker3 } = chain;
    const { code, stdout } = await worker3.run("node", "doctor", "--state", state, "--json");
    const { ok, missing, allowed, checks, enforces } = JSON.parse(stdout);
    // `init` lets a devnet's node serve without either.
    assert.deepEqual(allowed, missing);
    assert.equal(code, ok ? 0 : 1);
    assert.equal(ok, missing.length === 0);
    assert.equal(enforces.network === "workerd", missing.includes("network"));
    assert.equal(enforces.sandbox, !missing.includes("sandbox"));
    for (const check of checks) assert.equal(check.fix === undefined, check.ok, JSON.stringify(check));
    const found = (name: string) => checks.find((check: { name: string }) => check.name === name);
    // The chain of this test answers, and its clock is this machine's.
    assert.deepEqual([found("chain").ok, found("disk").needed], [true, false]);
    for (const what of ["sandbox", "network"]) assert.equal(found(what).needed, true);
    // The operator that init made has nothing yet, and its key is its own.
    assert.deepEqual([found("gas").ok, found("operator's key").ok], [false, true]);
    assert.deepEqual([found("node").detail, found("stake").detail], ["1", "stays"]);
    assert.match(found("gas").fix, new RegExp(found("operator's key").detail));
    const keyFile = join(state, "operator.key");
    await chmod(keyFile, 0o644);
    const open = await worker3.run("node", "doctor", "--state", state);
    await chmod(keyFile, 0o600);
    assert.match(open.stdout, /operator's key: chmod 600 .*operator\.key/);
    const text = await worker3.run("node", "doctor", "--state", state);
    assert.match(
      text.stdout,
      ok ? /holds strangers' code to the minimum/ : /Below the minimum: no .* serves here all the same/,
    );
  });

  it("status prints the running agent's own document", async () => {
    // A double of the agent's admin socket, which answers with the document that scripts rely on.
    const document = {
      nodeId: 1,
      url: "http://127.0.0.1:8080",
      endpoint: {
        url: "http://127.0.0.1:21004",
        error: { code: "ENDPOINT_UNREACHED", message: "it did not reach itself", next: "see where it leads" },
      },
      stake: "150000000",
      epoch: 10,
      retiredFrom: 11,
      liftable: { addStake: "10000000", untilEpoch: 10 },
      presence: { untilEpoch: 9, leastCap: "250000", isFull: false },
      exposure: { current: "2000000", next: "0", highestCap: "9000000", mostCap: "8333333" },
      unstaking: { amount: "150000000", thawsAt: "2026-12-01T00:00:00.000Z" },
      enforces: { sandbox: true, memory: "cgroup2", cpu: "cgroup2", network: "netns" },
      projects: [
        { projectId: "1", state: "warm", version: 1, rssBytes: 1_048_576 },
        {
          projectId: "2",
          state: "refused",
          code: "CELL_FAILING",
          version: 0,
          rssBytes: 2_097_152,
          cells: [{ version: 3, state: "draining", rssBytes: 2_097_152 }],
        },
      ],
      chain: { head: 1, final: null, error: null },
      outbox: {
        operator: "0x0000000000000000000000000000000000000005",
        queueLength: 1,
        error: { code: "NONCE_GAP", message: "they wait", next: "nothing" },
      },
      content: {
        contents: 2,
        bytes: 5,
        damaged: [{ cid: "bafy", what: "a file is lost" }],
        kubo: {
          url: "http://127.0.0.1:5001",
          version: null,
          pins: { pinned: 3, waiting: 1, ofOthers: 0, refused: 0 },
          error: { code: "KUBO_UNREACHABLE", message: "it is away" },
        },
      },
      receipts: { waiting: 12, waitingForGas: 3, lost: 1, lostForGas: 0 },
      earned: { pending: "1", claimable: "2", claimed: "3000000" },
    };
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => server.listen(join(state, "admin.sock"), resolve));
    try {
      assert.deepEqual(await chain.worker3.json("node", "status", "--state", state), document);
      const { stdout } = await chain.worker3.run("node", "status", "--state", state);
      assert.match(stdout, /earned +3 USD claimed/);
      assert.match(stdout, /^receipts +12 \(3 for their gas\) wait to be handed in, 1 lost$/m);
      assert.match(stdout, /sandbox: yes/);
      assert.match(
        stdout,
        /^endpoint +http:..127\.0\.0\.1:21004, the agent listens at http:..127\.0\.0\.1:8080$/m,
      );
      assert.match(stdout, /^ENDPOINT_UNREACHED: it did not reach itself\n {2}see where it leads$/m);
      assert.match(
        stdout,
        /^present +NOT PRESENT: others may take .*, takes new seats with a cap of 0\.25 USD or more$/m,
      );
      assert.match(
        stdout,
        /^seats +may charge 2 USD in this epoch, the highest cap is 9 USD; its stake is enough for a cap of 8\.333333 USD\nSTAKE /m,
      );
      assert.match(stdout, /^liftable +by 10 USD more of stake until epoch 10 is over$/m);
      assert.match(stdout, /^RETIRED +epoch 10 is the last whose receipts count$/m);
      assert.match(
        stdout,
        /^unstaking +150 USD may leave from 2026-12-01T00:00:00\.000Z on: worker3 node withdraw --state \S+$/m,
      );
      assert.match(stdout, /^damaged on the disk: bafy: a file is lost$/m);
      assert.match(
        stdout,
        /^IPFS +http:..127\.0\.0\.1:5001, NOT usable, tried again, 3 pinned, 1 waiting\n {2}KUBO_UNREACHABLE: it is away$/m,
      );
      assert.match(stdout, /^NONCE_GAP: they wait\n {2}nothing$/m);
      assert.match(stdout, /^2 +refused: CELL_FAILING +0 +2\.0 MiB\n +draining +3 +2\.0 MiB$/m);
      assert.deepEqual(asked, ["/status", "/status"]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("stake leaves after its thaw; asking for too much of it says that it retires the node", async () => {
    const { worker3, net } = chain;
    const unsaid = await worker3.error(2, "node", "unstake", "--state", state);
    assert.equal(unsaid.code, "USAGE");
    assert.match(unsaid.message, /Node 1 has a stake of 150 USD/);
    assert.equal(unsaid.next, `worker3 node unstake <amount> --state ${state}`);
    const much = await worker3.error(1, "node", "unstake", "5000", "--state", state, "--yes");
    assert.deepEqual([much.code, much.message], ["UNSTAKE_OUT_OF_RANGE", "Node 1 has a stake of 150 USD."]);
    const nothing = await worker3.error(1, "node", "withdraw", "--state", state);
    assert.equal(nothing.code, "NO_STAKE_THAWS");
    assert.equal(nothing.next, `ask for it first: worker3 node unstake <amount> --state ${state}`);
    const some = await worker3.json("node", "unstake", "50", "--state", state, "--yes");
    assert.deepEqual([some.thawing, some.retiredFrom], ["50000000", null]);
    const early = await worker3.error(1, "node", "withdraw", "--state", state);
    assert.equal(early.code, "STAKE_STILL_THAWS");
    assert.match(early.message, new RegExp(`50 USD .* leave from ${some.thawsAt} on`));
    const kept = await worker3.json("node", "unstake", "--cancel", "--state", state);
    assert.deepEqual([kept.thawing, kept.thawsAt], ["0", null]);

    for (const much of ["all", "149.5"]) {
      const unmeant = await worker3.error(2, "node", "unstake", much, "--state", state, "--yes");
      assert.equal(unmeant.code, "RETIREMENT_NEEDS_FLAG");
    }
    const asked = await worker3.error(2, "node", "unstake", "all", "--retire", "--state", state);
    assert.match(asked.message, /retires the node/);
    const all = await worker3.json("node", "unstake", "all", "--retire", "--state", state, "--yes");
    assert.deepEqual([all.thawing, all.retiredFrom], ["150000000", (await net.epoch()) + 1]);
    await net.toEpoch((await net.epoch()) + 20);
    // What has thawed is out before anything else is asked for, or it would wait anew.
    const part = await worker3.json("node", "unstake", "--cancel", "--state", state);
    assert.deepEqual([part.thawing, part.withdrawn], ["0", "0"]);
    await worker3.json("node", "unstake", "40", "--state", state, "--yes");
    await net.toEpoch((await net.epoch()) + 20);
    const unasked = await worker3.error(2, "node", "unstake", "all", "--state", state);
    assert.match(unasked.message, /Pay out the 40 USD that have thawed, and then ask 110 USD/);
    const rest = await worker3.json("node", "unstake", "all", "--state", state, "--yes");
    assert.deepEqual([rest.withdrawn, rest.thawing, rest.stake], ["40000000", "110000000", "110000000"]);
    await net.toEpoch((await net.epoch()) + 20);
    const out = await worker3.json("node", "withdraw", "--state", state);
    assert.deepEqual([out.amount, out.stake], ["110000000", "0"]);
  });
});
