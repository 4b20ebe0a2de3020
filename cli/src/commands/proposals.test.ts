import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lens, projects } from "@worker3/sdk";
import { type Address, createTestClient, createWalletClient, http, parseEther } from "viem";
import { commandOn, type TestCommand } from "../testing/commandOn.ts";
import { fundGas } from "../testing/fundGas.ts";
import { playUploads, type UploadDouble } from "../testing/playUploads.ts";
import { folderWith, type ProjectFolder } from "../testing/projectFolder.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { type TestKey, testKey } from "../testing/testKey.ts";

describe("a key that may only propose, on a chain", function () {
  this.timeout(120_000);
  const domain = "shop.worker3.localhost";
  let double: UploadDouble;
  let chain: TestChain;
  let site: ProjectFolder;
  let robot: TestKey;
  let ci: TestCommand;

  before(async () => {
    double = await playUploads();
    chain = await startTestChain([double.endpoint], { defaultCap: 50_000n });
    double.client = chain.admin;
    site = await folderWith({ "index.html": "<h1>one</h1>" });
    robot = testKey();
    await fundGas(chain.net.network, robot.account.address);
    ci = await commandOn(chain.net.network, robot.key);
  });
  after(async () => {
    await ci[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
    await chain[Symbol.asyncDispose]();
    await double[Symbol.asyncDispose]();
  });

  const deploy = (...args: string[]): string[] => ["deploy", site.path, "--domain", domain, ...args, "--yes"];
  const activeNow = async () => (await lens.projectOf(chain.owner, { projectId: 1n })).active;

  it("has nothing to propose to before there is a project", async () => {
    const error = await chain.worker3.error(2, ...deploy("--propose"));
    assert.deepEqual([error.code, error.value], ["NOTHING_TO_PROPOSE_TO", domain]);
    await chain.worker3.json(...deploy());
  });

  it("brings the content and adds the version, and visitors go on as before", async () => {
    const { address } = robot.account;
    await writeFile(join(site.path, "index.html"), "<h1>two</h1>");
    assert.equal((await ci.error(1, ...deploy("--propose"))).code, "NAME_TAKEN");
    const given = await chain.worker3.json(
      "project",
      "delegate",
      "1",
      address,
      "--rights",
      "propose",
      "--yes",
    );
    assert.deepEqual([given.who, given.rights], [address, "propose"]);

    const refused = await ci.error(1, ...deploy());
    assert.deepEqual([refused.code, refused.value], ["ONLY_PROPOSES", address]);
    assert.match(refused.next ?? "", /^add --propose/);
    double.uploads.length = 0;
    const done = await ci.json(...deploy("--propose"));
    assert.deepEqual(
      [done.projectId, done.version, done.live, done.created, done.activate],
      ["1", 2, false, false, "worker3 activate 1 --version 2"],
    );
    assert.deepEqual(
      double.uploads.map(({ cid, signer }) => [cid, signer]),
      [[done.cid, address]],
    );
    assert.equal(await activeNow(), 1);

    await writeFile(join(site.path, "index.html"), "<h1>three</h1>");
    const { stdout } = await ci.run(...deploy("--propose"));
    assert.match(stdout, /^Version 3 of project 1 is proposed, not live: worker3 activate 1 --version 3\n/);
  });

  it("is named by the versions that it proposed, until they were live", async () => {
    const { address } = robot.account;
    const shown = async () => (await chain.worker3.json("versions", "1")).versions;
    const rows = ({ version, proposed, proposedBy }: Record<string, unknown>) => [
      version,
      proposed,
      proposedBy,
    ];
    assert.deepEqual((await shown()).map(rows), [
      [1, false, null],
      [2, true, address],
      [3, true, address],
    ]);
    const { stdout } = await chain.worker3.run("versions", "1");
    assert.match(stdout, new RegExp(`^2 \\? .*${address}, proposed`, "m"));
    assert.match(stdout, /^\? was never live: worker3 activate 1 --version <version>$/m);
    const activated = await chain.worker3.json("activate", domain, "--version", "2", "--yes");
    assert.deepEqual([activated.from, activated.version, activated.elsewhere], [1, 2, null]);
    assert.match(activated.txHash, /^0x[0-9a-f]{64}$/);
    assert.equal(await activeNow(), 2);
    assert.deepEqual((await shown()).map(rows)[1], [2, false, address]);
    assert.equal((await chain.worker3.error(1, "activate", "1", "--version", "2")).code, "VERSION_ACTIVE");
    assert.equal((await chain.worker3.error(1, "activate", "1", "--version", "9")).code, "UNKNOWN_VERSION");
    assert.equal((await ci.error(1, "activate", "1", "--version", "3", "--yes")).code, "NOT_DEPLOYER");
  });

  it("leaves the last step to a contract that owns the project: the call is printed, and does it", async () => {
    const { network } = chain.net;
    const owner: Address = chain.ownerKey.account.address;
    const clock = createTestClient({ mode: "anvil", transport: http(network.rpcUrls[0]) });
    // The owner's account plays the contract: it has code, and no key signs for it.
    await clock.setCode({ address: owner, bytecode: "0x5b5f56" });
    await using keyless = await commandOn(network);
    const before = await activeNow();
    for (const worker3 of [keyless, ci]) {
      const { txHash, elsewhere } = await worker3.json("activate", "1", "--version", "3");
      assert.equal(txHash, null);
      assert.deepEqual(
        [elsewhere.chainId, elsewhere.from, elsewhere.to, elsewhere.value],
        [network.chainId, owner, network.contracts.projectRegistry, "0"],
      );
      const { safe } = elsewhere;
      assert.deepEqual(
        [
          safe.version,
          safe.chainId,
          safe.transactions.length,
          safe.transactions[0].to,
          safe.transactions[0].data,
        ],
        ["1.0", String(network.chainId), 1, elsewhere.to, elsewhere.data],
      );
    }
    assert.equal(await activeNow(), before, "nothing was sent");
    const { code, stdout } = await ci.run("activate", "1", "--version", "3");
    assert.equal(code, 0);
    const [, data] = /^ {2}data {3}(0x[0-9a-f]+)$/m.exec(stdout) ?? [];
    assert.match(
      stdout,
      /^Nothing was sent: 0x\w{40} is a contract, and has to make this call on chain \d+ itself:$/m,
    );

    await clock.impersonateAccount({ address: owner });
    await clock.setBalance({ address: owner, value: parseEther("1") });
    const wallet = createWalletClient({ account: owner, transport: http(network.rpcUrls[0]) });
    await wallet.sendTransaction({
      chain: null,
      to: network.contracts.projectRegistry,
      data: data as `0x${string}`,
    });
    assert.equal(await activeNow(), 3);
    await clock.stopImpersonatingAccount({ address: owner });
  });

  it("an owner whose account has delegated code (EIP-7702) signs with its key", async () => {
    const clock = createTestClient({ mode: "anvil", transport: http(chain.net.network.rpcUrls[0]) });
    const address: Address = chain.ownerKey.account.address;
    await clock.setCode({
      address,
      bytecode: `0xef0100${chain.net.network.contracts.asset.slice(2)}` as `0x${string}`,
    });
    await using keyless = await commandOn(chain.net.network);
    assert.equal((await keyless.error(2, "activate", "1", "--version", "1", "--yes")).code, "NO_ACCOUNT");
    const done = await chain.worker3.json("activate", "1", "--version", "1", "--yes");
    assert.equal(done.elsewhere, null);
    assert.equal(await activeNow(), 1);
    assert.equal(await projects.mayPropose(chain.owner, { projectId: 1n, who: robot.account.address }), true);
  });
});
