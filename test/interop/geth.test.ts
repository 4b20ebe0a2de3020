import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  amountOf,
  asset,
  createNetworkWriter,
  encodeReceipts,
  epochAt,
  escrow,
  feeOf,
  lens,
  mockUSDAbi,
  type Network,
  type NetworkWriter,
  nodes,
  parseNetwork,
  projects,
  settlement,
  signUsageBatch,
} from "@worker3/sdk";
import { mockUSDBytecode } from "@worker3/sdk/bytecode";
import { collectFees, held, minedReceipt, rejectsCode } from "@worker3/sdk/testing";
import hre from "hardhat";
import {
  createPublicClient,
  createWalletClient,
  http,
  keccak256,
  type PublicClient,
  parseEther,
  toHex,
} from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { deployWorker3 } from "../../ignition/deployWorker3.ts";
import { type Parameters, readParameters } from "../../ignition/parameters.ts";
import { checkDeployment } from "../../scripts/deployment/checkDeployment.ts";
import { readBuild } from "../../scripts/deployment/readBuild.ts";
import { readDeployed } from "../../scripts/deployment/readDeployed.ts";
import { GETH } from "../../scripts/interop/peers.ts";
import { type Geth, startGeth } from "./support/startGeth.ts";

const ROOT = join(import.meta.dirname, "../..");
/** git ignores journals with this name. */
const DEPLOYMENT_ID = `devnet-geth-${process.pid}-${Date.now()}`;
const JOURNAL = join(ROOT, "ignition/deployments", DEPLOYMENT_ID);
const STAKE = 1_000_000_000n;
const CREDIT = 100_000_000n;
const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const usage = { requests: 123_456n, cpuMs: 98_765n, egressKiB: 4_321n, storedMiB: 2_100n };
const statements = keccak256(toHex("statements"));

/** As short as the contracts take, so that money goes its whole way in a minute. */
const TIMES = { epochSeconds: 10, late: 3, dispute: 1, decide: 1, creditThaw: 5, stakeThaw: 7 };

describe(`the contracts on geth ${GETH.version}`, function () {
  this.timeout(300_000);
  const deployerKey = generatePrivateKey();
  const deployer = privateKeyToAccount(deployerKey);
  const nodeOwner = privateKeyToAccount(generatePrivateKey());
  const projectOwner = privateKeyToAccount(generatePrivateKey());
  const operator = privateKeyToAccount(generatePrivateKey());
  const admin = privateKeyToAccount(generatePrivateKey());
  const other = privateKeyToAccount(generatePrivateKey());
  let geth: Geth;
  let chain: PublicClient;
  let parameters: Parameters;
  let network: Network;

  before(async () => {
    geth = await startGeth();
    chain = createPublicClient({ transport: http(geth.rpcUrl), pollingInterval: 100 });
    await fundGas([deployer, nodeOwner, projectOwner]);
  });
  after(async () => {
    await geth?.[Symbol.asyncDispose]();
    await rm(JOURNAL, { recursive: true, force: true });
  });

  it("are deployed by Ignition as on a live network, with every parameter declared", async () => {
    parameters = await declareParameters();
    const connection = await hre.network.create({
      network: "live",
      override: { url: geth.rpcUrl, accounts: [deployerKey] },
    });
    const file = await deployWorker3(connection, parameters, {
      rpcUrl: geth.rpcUrl,
      deploymentId: DEPLOYMENT_ID,
    });
    network = parseNetwork(JSON.parse(JSON.stringify(file)));
    assert.equal(network.chainId, await chain.getChainId());
    const journal = await readFile(join(JOURNAL, "journal.jsonl"), "utf8");
    assert.match(journal, /DEPLOYMENT_EXECUTION_STATE_COMPLETE/);
  });

  it("are as they were built and declared", async () => {
    const build = await readBuild(ROOT);
    const { rows } = await checkDeployment({ network, parameters, build });
    assert.deepEqual(
      rows.filter(({ ok }) => !ok),
      [],
    );
    assert.ok(rows.length > 100, `${rows.length} rows`);
    const client = createNetworkWriter({ network });
    const { address, constructorArguments } = await readDeployed(client, build.UsageSettlement, build);
    assert.equal(address, network.contracts.usageSettlement);
    assert.ok(constructorArguments.includes(network.contracts.nodeRegistry.slice(2).toLowerCase()));
  });

  it("money goes its whole way: stake and credit in, usage counted, a node paid, the fee collected", async () => {
    const node = writer(nodeOwner);
    const project = writer(projectOwner);
    await mint(nodeOwner, STAKE);
    await mint(projectOwner, CREDIT);

    const endpoint = "https://node.example.org";
    const registration = { operator: operator.address, region: "weur", endpoint, stake: STAKE } as const;
    // Geth simulates approval and call together (`eth_simulateV1`), as commands have it done before they approve.
    const { nodeId } = await asset.spend(node, {
      spender: network.contracts.nodeRegistry,
      amount: STAKE,
      call: nodes.register.call(node, registration),
      send: () => nodes.register(node, registration),
    });
    await nodes.setPresence(node, { nodeId, untilEpoch: (await epochNow()) + 30, leastCap: 0n });

    const domain = `hello.${network.zone}`;
    const { projectId } = await projects.deploy(project, { domain, cid: CID });
    const spender = network.contracts.creditEscrow;
    const at = (name: string) => ({ domain: name, owner: projectOwner.address, amount: CREDIT });
    const elsewhere = escrow.depositAt.call(project, at(`other.${network.zone}`));
    await rejectsCode(
      asset.checkSpending(project, { spender, amount: CREDIT, call: elsewhere }),
      "NOTHING_DEPLOYED_AT",
    );
    await asset.spend(project, {
      spender,
      amount: CREDIT,
      call: escrow.depositAt.call(project, at(domain)),
      send: () => escrow.depositAt(project, at(domain)),
    });
    const { cap, nodeIds } = await lens.projectOf(project, { projectId });
    assert.deepEqual(nodeIds, [nodeId], "the one node that accepts was drawn");

    const epoch = await epochNow();
    await untilEpoch(epoch + 1);
    const receipts = [{ projectId, ...usage }];
    const batch = { nodeId, epoch, statements, receipts: encodeReceipts(receipts) };
    const signature = await signUsageBatch({ network, signer: operator, batch });
    const { lines, skipped } = await settlement.submit(node, { ...batch, receipts, signature });
    const { prices } = parameters;
    const inBigints = { included: BigInt(prices.included), perGiBStored: BigInt(prices.perGiBStored) };
    const price = amountOf({ ...prices, ...inBigints }, cap, usage);
    assert.ok(price > prices.base);
    assert.deepEqual(lines, [{ projectId, ...usage, amount: price }]);
    assert.deepEqual(skipped, []);
    assert.equal((await escrow.accountOf(project, { projectId })).balance, CREDIT - price);

    await untilEpoch(epoch + TIMES.late + TIMES.dispute + 1);
    await settlement.claim(node, { nodeId, epochs: [epoch] });
    const fee = feeOf(price, prices.feeBps);
    assert.equal(await asset.balanceOf(node, { who: nodeOwner.address }), price - fee);
    await collectFees(project);
    assert.equal(await asset.balanceOf(project, { who: other.address }), fee);
    assert.equal(await held(project), 0n, "nothing is left behind");
  });

  /** The file that a deployer fills in: that of `live`, with addresses, a genesis and short epochs. */
  async function declareParameters(): Promise<Parameters> {
    const live = JSON.parse(await readFile(join(ROOT, "ignition/parameters/live.json"), "utf8"));
    const genesis = Number((await chain.getBlock()).timestamp);
    const filled = {
      ...live.Worker3,
      asset: await deployAsset(),
      times: { genesis, ...TIMES },
      nameKeeper: other.address,
      feeReceiver: other.address,
      arbiter: other.address,
      guardian: other.address,
      admin: admin.address,
    };
    const file = join(tmpdir(), `${DEPLOYMENT_ID}.json`);
    await writeFile(file, JSON.stringify({ Worker3: filled }));
    try {
      return await readParameters(file);
    } finally {
      await rm(file);
    }
  }

  /** From geth's own account, which has all there is. */
  async function fundGas(accounts: readonly PrivateKeyAccount[]): Promise<void> {
    const wallet = createWalletClient({ transport: http(geth.rpcUrl) });
    const [rich] = await wallet.getAddresses();
    assert.ok(rich, "geth has an account of its own");
    for (const { address: to } of accounts) {
      const hash = await wallet.sendTransaction({ account: rich, to, value: parseEther("10"), chain: null });
      await minedReceipt(chain, hash);
    }
  }

  /** By another than the deployer, whose transactions Ignition wants to be five blocks old before it begins. */
  async function deployAsset() {
    const wallet = createWalletClient({ account: projectOwner, transport: http(geth.rpcUrl) });
    const hash = await wallet.deployContract({ abi: mockUSDAbi, bytecode: mockUSDBytecode, chain: null });
    const { contractAddress } = await minedReceipt(chain, hash);
    assert.ok(contractAddress);
    return contractAddress;
  }

  async function mint(to: PrivateKeyAccount, amount: bigint): Promise<void> {
    const { walletClient } = writer(projectOwner);
    const hash = await walletClient.writeContract({
      address: network.contracts.asset,
      abi: mockUSDAbi,
      functionName: "mint",
      account: projectOwner,
      args: [to.address, amount],
    } as const);
    assert.equal((await minedReceipt(chain, hash)).status, "success");
  }

  function writer(account: PrivateKeyAccount): NetworkWriter {
    return createNetworkWriter({ network, account });
  }

  async function epochNow(): Promise<number> {
    return epochAt(network.times, (await chain.getBlock()).timestamp);
  }

  /** Waits for the chain's own clock. */
  function untilEpoch(epoch: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const unwatch = chain.watchBlocks({
        emitOnBegin: true,
        onBlock: ({ timestamp }) => {
          if (epochAt(network.times, timestamp) < epoch) return;
          unwatch();
          resolve();
        },
        onError: (error) => {
          unwatch();
          reject(error);
        },
      });
    });
  }
});
