import assert from "node:assert/strict";
import { asset, escrow, lens, projects } from "@worker3/sdk";
import { type Address, createTestClient, getAddress, http, publicActions } from "viem";
import { until } from "../../../node-agent/src/testing/until.ts";
import type { Prompts } from "../context/prompts.ts";
import { commandOn, type TestCommand } from "../testing/commandOn.ts";
import { fundGas } from "../testing/fundGas.ts";
import { playUploads, type UploadDouble } from "../testing/playUploads.ts";
import { folderWith, type ProjectFolder } from "../testing/projectFolder.ts";
import { runHere } from "../testing/runHere.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { testKey } from "../testing/testKey.ts";

const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

describe("a first deployment, on a chain", function () {
  this.timeout(120_000);
  let doubles: readonly UploadDouble[];
  let chain: TestChain;
  let site: ProjectFolder;
  let owner: Address;

  before(async () => {
    doubles = [await playUploads(), await playUploads(), await playUploads()];
    const network = { defaultCap: 50_000n };
    chain = await startTestChain(
      doubles.map(({ endpoint }) => endpoint),
      network,
    );
    for (const double of doubles) double.client = chain.admin;
    owner = chain.ownerKey.account.address;
    site = await folderWith({ "index.html": "<h1>one</h1>" });
  });
  after(async () => {
    await site[Symbol.asyncDispose]();
    await chain[Symbol.asyncDispose]();
    for (const double of doubles) await double[Symbol.asyncDispose]();
  });
  beforeEach(() => asset.approve(chain.owner, { spender: escrowAt(), amount: 0n }));

  const escrowAt = (): Address => chain.net.network.contracts.creditEscrow;
  const held = () => asset.balanceOf(chain.owner, { who: owner });
  const args = (name: string, ...more: string[]): string[] => [
    "deploy",
    site.path,
    "--domain",
    `${name}.worker3.localhost`,
    ...more,
  ];

  /** Runs while somebody does something between the question and the first transaction. */
  async function interrupted(line: readonly string[], meanwhile: () => Promise<unknown>) {
    const asked: string[] = [];
    const prompts: Prompts = {
      interactive: true,
      async confirm(question) {
        asked.push(question);
        await meanwhile();
        return true;
      },
      password: () => Promise.reject(new Error("asked for a password")),
    };
    const env = {
      WORKER3_NETWORK: `${chain.worker3.directory}/network.json`,
      WORKER3_PRIVATE_KEY: chain.ownerKey.key,
    };
    const ended = await runHere([...line, "--json"], { env, cwd: chain.worker3.directory, prompts });
    return { ...ended, asked, document: JSON.parse(ended.stdout) };
  }

  for (const [what, name, ...terms] of [
    ["on the network's terms", "plain"],
    ["on chosen terms", "chosen", "--replicas", "2", "--cap", "0.1"],
    ["on named nodes", "named", "--nodes", "3,1"],
  ] as const) {
    it(`is made and paid in two blocks, ${what}`, async () => {
      const chained = createTestClient({
        mode: "anvil",
        transport: http(chain.net.network.rpcUrls[0]),
      }).extend(publicActions);
      await chained.setAutomine(false);
      try {
        const from = await chained.getBlockNumber({ cacheTime: 0 });
        const waiting = async () =>
          (await chained.getTransactionCount({ address: owner, blockTag: "pending" })) -
          (await chained.getTransactionCount({ address: owner }));
        const deploying = chain.worker3.json(...args(name, ...terms, "--yes"));
        deploying.catch(() => undefined);
        // Of a sequence of transactions, each of which waits for the one before, never two wait.
        const second = terms.length === 0 ? 1 : 2;
        for (const count of [2, second]) {
          await until(`${count} transactions wait`, async () => (await waiting()) === count);
          await chained.mine({ blocks: 1 });
        }
        const done = await deploying;
        assert.deepEqual([done.version, done.created, done.live], [1, true, true]);
        assert.equal(await chained.getBlockNumber({ cacheTime: 0 }), from + 2n);
      } finally {
        await chained.setAutomine(true);
      }
    });
  }

  it("deposits twice what is reserved where nothing is said, and says what that is", async () => {
    const { worker3 } = chain;
    const before = await held();
    const dry = await worker3.json(...args("told"), "--dry-run");
    assert.deepEqual(
      [dry.cost.deposit, dry.cost.reserved, dry.cost.cap, dry.cost.seats],
      ["1500000", "750000", "50000", 3],
    );
    assert.equal(dry.cost.prices.perGiBStored, "1000");
    const told = await worker3.run(...args("told"), "--yes");
    assert.equal(told.code, 0, told.stderr);
    assert.match(
      told.stderr,
      /0\.75 USD of the credit is reserved: each of 3 nodes may charge 0\.05 USD an epoch, and may do so up to 4 epochs later \(0\.05 USD x 3 x 5\)/,
    );
    assert.match(told.stderr, /0\.05 USD pays \d+ requests on a node in an epoch/);
    assert.equal(before - (await held()), 1_500_000n);
    const poor = await worker3.error(1, ...args("poor"), "--deposit", "0.149", "--yes");
    assert.deepEqual([poor.code, poor.value], ["NO_CREDIT", "149000"]);
    assert.match(
      poor.message,
      /one epoch may cost 0\.15, 0\.75 lasts, and 0\.149 would be deposited\. Without --deposit it would be 1\.5\.$/,
    );
    assert.match(poor.next ?? "", / --deposit 0\.75; later ones by /);
  });

  it("whose name another takes first pays nothing, and puts no version into the other's project", async () => {
    const name = "sniped.worker3.localhost";
    const before = await held();
    const { code, document } = await interrupted(args("sniped"), async () => {
      const { projectId } = await projects.createProjectOn(chain.admin, {
        domain: name,
        cap: 50_000n,
        nodeIds: [1],
      });
      await projects.setDelegate(chain.admin, { projectId, who: owner, rights: "deploy" });
    });
    assert.deepEqual([code, document.error.code], [1, "NAME_TAKEN"]);
    assert.equal(await held(), before);
    assert.equal(await asset.allowanceOf(chain.owner, { owner, spender: escrowAt() }), 0n);
    const { projectId, version } = await lens.resolve(chain.owner, { domain: name });
    assert.deepEqual([version, (await escrow.accountOf(chain.owner, { projectId })).balance], [0, 0n]);
  });

  it("pays nothing into a project of somebody else, who made the caller a delegate", async () => {
    const before = await held();
    const paid = await chain.worker3.error(2, ...args("sniped"), "--deposit", "5", "--yes");
    assert.equal(paid.code, "DEPOSIT_TO_OTHER");
    assert.match(paid.message, new RegExp(`belongs to ${chain.admin.walletClient.account?.address}`));
    assert.equal((await chain.worker3.error(1, ...args("sniped"), "--yes")).code, "NO_CREDIT");
    const { projectId } = await lens.resolve(chain.owner, { domain: "sniped.worker3.localhost" });
    await escrow.deposit(chain.admin, { projectId, amount: 5_000_000n });
    const unasked = await chain.worker3.error(2, ...args("sniped"));
    assert.match(
      unasked.message,
      new RegExp(`Deploy version 1 of project ${projectId} of ${chain.admin.walletClient.account?.address}`),
    );
    const done = await chain.worker3.json(...args("sniped"), "--yes");
    assert.deepEqual(
      [done.projectId, done.created, done.depositTxHash],
      [String(projectId), false, undefined],
    );
    assert.match(done.notices.join(), /is not yours: .* the version is added by the project's number/);
    assert.equal(await held(), before);
  });

  it("NOT_CREATED: pays nothing where another program of the owner was quicker, and says whose it is", async () => {
    const domain = "twice.worker3.localhost";
    const before = await held();
    const { code, document } = await interrupted(args("twice"), () =>
      projects.deploy(chain.owner, { domain, cid: CID }),
    );
    assert.deepEqual([code, document.error.code], [1, "NOT_CREATED"]);
    assert.equal(document.error.value, getAddress(owner));
    assert.match(document.error.txHash, /^0x/);
    const { projectId, version } = await lens.resolve(chain.owner, { domain });
    assert.deepEqual([version, (await escrow.accountOf(chain.owner, { projectId })).balance], [2, 0n]);
    assert.equal(await held(), before);
  });

  it("goes to the project that claims a domain outside of the zone after a hand-over, and makes no second one", async () => {
    const other = testKey();
    await fundGas(chain.net.network, other.account.address);
    await chain.net.as(other.account);
    await using heir: TestCommand = await commandOn(chain.net.network, other.key);
    const domain = "shop.worker3-test.invalid";
    const made = await chain.worker3.json("deploy", site.path, "--domain", domain, "--yes");
    await projects.transferOwnership(chain.owner, {
      projectId: BigInt(made.projectId),
      newOwner: other.account.address,
    });
    // By hand, without its domains.
    const heirWriter = await chain.net.as(other.account);
    await projects.acceptOwnership(heirWriter, { projectId: BigInt(made.projectId), domains: [] });
    const count = await projects.projectCount(chain.owner);
    await using next = await folderWith({ "index.html": "<h1>two</h1>" });
    const done = await heir.json("deploy", next.path, "--domain", domain, "--yes");
    assert.deepEqual([done.projectId, done.version, done.created], [made.projectId, 2, false]);
    assert.equal(await projects.projectCount(chain.owner), count);
  });
});
