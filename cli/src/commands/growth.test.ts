import assert from "node:assert/strict";
import { escrow, lens, names, nodes, projects } from "@worker3/sdk";
import { commandOn } from "../testing/commandOn.ts";
import { fundGas } from "../testing/fundGas.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { testKey } from "../testing/testKey.ts";

const USD = 1_000_000n;

describe("commands that give and hand over, on a chain", function () {
  this.timeout(60_000);
  const domain = "shop.worker3.localhost";
  let chain: TestChain;

  before(async () => {
    const endpoints = [1, 2, 3, 4].map((id) => `http://127.0.0.1:${id}`);
    chain = await startTestChain(endpoints, { defaultCap: 50_000n });
    await chain.net.toEpoch(1); // one that never said that it lives is absent now
    const { projectId } = await projects.createProjectOn(chain.owner, { domain, cap: 50_000n, nodeIds: [1] });
    await escrow.deposit(chain.owner, { projectId, amount: USD });
  });
  after(() => chain[Symbol.asyncDispose]());

  const grow = (...args: string[]): string[] => ["project", "grow", domain, ...args];

  it("grow counts in the running epoch: nodes, a cap, or both", async () => {
    const { worker3, net } = chain;
    const epoch = await net.epoch();
    const nodesOnly = await worker3.json(...grow("--nodes", "2,3", "--yes"));
    assert.deepEqual(
      [nodesOnly.nodeIds, nodesOnly.added, nodesOnly.cap, nodesOnly.fromEpoch, nodesOnly.reserved],
      [[1, 2, 3], [2, 3], "50000", epoch, "750000"],
    );
    const capOnly = await worker3.run(...grow("--cap", "0.1", "--yes"));
    assert.equal(capOnly.code, 0, capOnly.stderr);
    assert.match(
      capOnly.stderr,
      /1\.5 USD of the credit is reserved: each of 3 nodes may charge 0\.1 USD an epoch/,
    );
    assert.match(capOnly.stderr, /a cap of 0\.1 USD instead of 0\.05 USD, from now on\?/);
    assert.match(capOnly.stdout, /from this epoch \(\d+\) on\. 1\.5 USD of its credit is reserved\.$/m);
    const both = await worker3.json(...grow("--cap", "0.2", "--nodes", "4", "--yes"));
    assert.deepEqual([both.cap, both.nodeIds], ["200000", [1, 2, 3, 4]]);
    const terms = await projects.termsAt(chain.owner, { projectId: 1n, epoch });
    assert.deepEqual([terms.cap, terms.nodeIds.filter(Boolean)], [200_000n, [1, 2, 3, 4]]);
  });

  it("grow says what is missing, and asks and sends nothing", async () => {
    const { worker3 } = chain;
    const count = () =>
      chain.owner.publicClient.getTransactionCount({ address: chain.ownerKey.account.address });
    const before = await count();
    assert.equal((await worker3.error(2, ...grow())).code, "USAGE");
    assert.equal((await worker3.error(1, ...grow("--cap", "0.1"))).code, "CAP_WOULD_SHRINK");
    assert.equal((await worker3.error(1, ...grow("--nodes", "2"))).code, "NODE_SEATED_TWICE");
    assert.equal((await worker3.error(1, ...grow("--nodes", "77"))).code, "UNKNOWN_NODE");
    const poor = await worker3.error(1, ...grow("--cap", "0.5"));
    assert.equal(poor.code, "TOO_LITTLE_AVAILABLE");
    const available = await escrow.available(chain.owner, { projectId: 1n });
    assert.equal(
      poor.next,
      `worker3 credit deposit 1 ${Number(4n * 500_000n - available) / 1e6}, which is missing, then again`,
    );
    await escrow.deposit(chain.owner, { projectId: 1n, amount: 500n * USD });
    assert.equal((await worker3.error(1, ...grow("--cap", "11"))).code, "CAP_OUT_OF_BOUNDS");
    await nodes.requestUnstake(chain.admin, { nodeId: 4, amount: 100n * USD });
    // 10 times its cap of stake that does not thaw: 100 USD are enough for 10.
    assert.equal((await worker3.error(2, ...grow("--cap", "10"))).code, "CONFIRMATION_NEEDED");
    const { nodeId } = await nodes.register(chain.admin, {
      operator: testKey().account.address,
      region: "weur",
      endpoint: "http://127.0.0.1:5",
      stake: 100n * USD,
    });
    assert.equal((await worker3.error(1, ...grow("--nodes", String(nodeId)))).code, "NODE_ABSENT");
    await nodes.setPresence(chain.admin, { nodeId, untilEpoch: 20, leastCap: nodes.FULL });
    assert.equal((await worker3.error(1, ...grow("--nodes", String(nodeId)))).code, "CAP_BELOW_LEAST");
    assert.equal(await count(), before + 1, "the deposit of the test alone");
  });

  it("cap and nodes count from the next epoch, and say what counts now", async () => {
    const { worker3, net } = chain;
    const cap = await worker3.run("project", "cap", domain, "0.4", "--yes");
    assert.match(cap.stderr, /from the next one on\? At once: worker3 project grow 1 --cap 0\.4/);
    const named = await worker3.run("project", "nodes", domain, "--nodes", "2,1", "--yes");
    assert.match(named.stderr, /from the next epoch on\?/);
    const epoch = await net.epoch();
    assert.match(named.stdout, new RegExp(`from epoch ${epoch + 1} on`));
    const now = await projects.termsAt(chain.owner, { projectId: 1n, epoch });
    assert.deepEqual([now.cap, now.nodeIds.filter(Boolean)], [200_000n, [1, 2, 3, 4]]);
  });

  it("a hand-over names the domains outside of the zone, and takes them along", async () => {
    const { worker3, net } = chain;
    const outside = "shop.worker3-test.invalid";
    await worker3.json("domains", "add", domain, outside, "--yes");
    const other = testKey();
    await fundGas(net.network, other.account.address);
    await using heir = await commandOn(net.network, other.key);
    const offer = ["project", "transfer", domain, other.account.address];
    const asked = await worker3.error(2, ...offer);
    assert.match(asked.message, new RegExp(`Outside of the zone it has ${outside}\\.`));
    const offered = await worker3.json(...offer, "--yes");
    assert.deepEqual([offered.pendingOwner, offered.domains], [other.account.address, [outside]]);
    const taken = await heir.json("project", "accept", "1");
    assert.deepEqual([taken.owner, taken.domains], [other.account.address, [outside]]);
    const who = other.account.address;
    assert.equal(await names.projectAt(chain.owner, { domain: outside, who }), 1n);
  });

  it("domains show tells how a name stands", async () => {
    const { worker3 } = chain;
    const held = await worker3.json("domains", "show", domain);
    const { owner } = await lens.projectOf(chain.owner, { projectId: 1n });
    assert.deepEqual([held.standing, held.projectId, held.owner, held.until], ["held", "1", owner, null]);
    const free = await worker3.run("domains", "show", "free.worker3.localhost");
    assert.match(free.stdout, /^free\.worker3\.localhost is free: /);
    const name = "given.worker3.localhost";
    const { projectId } = await projects.createProjectOn(chain.owner, {
      domain: name,
      cap: 50_000n,
      nodeIds: [1],
    });
    await chain.net.toEpoch((await chain.net.epoch()) + 1);
    const noticed = await names.noticeLapse(chain.admin, { domain: name });
    const lapsing = await worker3.json("domains", "show", name);
    assert.deepEqual([lapsing.standing, lapsing.noticedAt], ["held", noticed.lastEpoch - 90]);
    await names.releaseDomain(chain.owner, { projectId, domain: name });
    const resting = await worker3.json("domains", "show", name);
    assert.deepEqual(
      [resting.standing, resting.owner, resting.lastEpoch],
      ["resting", chain.ownerKey.account.address, (await chain.net.epoch()) + 30],
    );
    assert.match(
      (await worker3.run("domains", "show", name)).stdout,
      /was given up: until epoch \d+ is over only 0x/,
    );
    assert.equal((await worker3.error(1, "domains", "show", "a.example")).code, "PROVE_BY_TXT");
  });
});
