import assert from "node:assert/strict";
import { join } from "node:path";
import {
  amountOf,
  asset,
  createNetworkWriter,
  createStatement,
  encodeReceipts,
  epochAt,
  epochStart,
  escrow,
  feeOf,
  type MeteredMinute,
  type Network,
  type NetworkWriter,
  nodes,
  pack,
  parseNetwork,
  projects,
  receiptOf,
  settlement,
  signRelease,
  signUsageBatch,
  statementDigest,
  statementsDigest,
} from "@worker3/sdk";
import {
  type Anvil,
  collectFees,
  decide,
  minedReceipt,
  setMeter,
  startAnvil,
  testAccount,
} from "@worker3/sdk/testing";
import hre from "hardhat";
import { createTestClient, http, type PrivateKeyAccount, parseAbi } from "viem";
import { committedArtifacts } from "../../ignition/artifacts.ts";
import { deployWorker3 } from "../../ignition/deployWorker3.ts";
import { readParameters } from "../../ignition/parameters.ts";

const USD = 1_000_000n;
const STAKE = 1_000n * USD;
const WALLET = 500n * USD;
const CREDIT = 100n * USD;
const SLASH = 100n * USD;
const REWARD = 50n * USD;
const FEE_RECEIVER = "0x00000000000000000000000000000000000000fe";

describe("the whole way of the money, on a real chain", function () {
  this.timeout(120_000);

  let anvil: Anvil;
  let network: Network;
  const clients = new Map<number, NetworkWriter>();
  const as = (index: number): NetworkWriter => {
    const client = clients.get(index);
    assert.ok(client, `account ${index}`);
    return client;
  };
  const [stranger, owner, nodeOwner1, nodeOwner2, operator1, operator2, meter, arbiter] = [
    0, 1, 2, 3, 4, 5, 6, 7,
  ] as const;

  before(async () => {
    anvil = await startAnvil();
    const connection = await hre.network.create({ network: "devnet", override: { url: anvil.rpcUrl } });
    const parameters = await readParameters(
      join(import.meta.dirname, "../../ignition/parameters/devnet.json"),
    );
    const file = await deployWorker3(
      connection,
      { ...parameters, feeReceiver: FEE_RECEIVER },
      { rpcUrl: anvil.rpcUrl, artifacts: committedArtifacts() },
    );
    network = parseNetwork(JSON.parse(JSON.stringify(file)));
    for (let index = 0; index < 8; index++) {
      clients.set(index, createNetworkWriter({ network, account: testAccount(index), pollingMs: 20 }));
    }
    for (const [index, amount] of [
      [owner, WALLET],
      [nodeOwner1, STAKE],
      [nodeOwner2, STAKE],
    ] as const) {
      await mint(as(stranger), testAccount(index), amount);
    }
  });

  after(async () => {
    await anvil?.stop();
  });

  it("pays everyone to the unit, and leaves nothing behind", async () => {
    const { nodeRegistry, creditEscrow } = network.contracts;
    const balanceOf = (address: `0x${string}`) => asset.balanceOf(as(stranger), { who: address });
    const clock = createTestClient({ mode: "anvil", transport: http(anvil.rpcUrl) });
    const now = async () => epochAt(network.times, (await as(stranger).publicClient.getBlock()).timestamp);
    const toEpoch = async (epoch: number) => {
      await clock.setNextBlockTimestamp({ timestamp: BigInt(epochStart(network.times, epoch)) });
      await clock.mine({ blocks: 1 });
    };
    await toEpoch((await now()) + 1);

    // Two nodes register and take projects.
    const nodeIds: number[] = [];
    for (const [nodeOwner, operator] of [
      [nodeOwner1, operator1],
      [nodeOwner2, operator2],
    ] as const) {
      await asset.ensureAllowance(as(nodeOwner), { spender: nodeRegistry, amount: STAKE });
      const { nodeId } = await nodes.register(as(nodeOwner), {
        operator: testAccount(operator).address,
        region: "weur",
        endpoint: `https://node${nodeOwner}.example.org`,
        stake: STAKE,
      });
      await nodes.setAccepting(as(operator), { nodeId, untilEpoch: (await now()) + 30 });
      nodeIds.push(nodeId);
    }
    assert.deepEqual(nodeIds, [1, 2]);

    // A project is deployed with one call, and funded.
    const folder = await pack([
      { path: ".worker3/manifest.json", content: new TextEncoder().encode('{"assets":{},"manifest":2}') },
      { path: "index.html", content: new TextEncoder().encode("<h1>hello</h1>") },
    ]);
    const deployed = await projects.deploy(as(owner), { domain: "hello.worker3.localhost", cid: folder.cid });
    const { projectId } = deployed;
    assert.deepEqual([projectId, deployed.version, deployed.created], [1n, 1, true]);
    const resolved = await projects.resolve(as(stranger), { domain: "hello.worker3.localhost" });
    assert.equal(resolved.cid, folder.cid);
    assert.deepEqual(resolved.replicas.map(({ nodeId }) => nodeId).sort(), [1, 2]);
    await setMeter(as(owner), { projectId, meter: testAccount(meter).address });
    await asset.ensureAllowance(as(owner), { spender: creditEscrow, amount: WALLET });
    await escrow.deposit(as(owner), { projectId, amount: CREDIT });

    // Two epochs of receipts are signed by the operators and submitted by a stranger.
    const cap = (await projects.projectOf(as(stranger), { projectId })).cap;
    const submitted = new Map<string, Awaited<ReturnType<typeof submitUsage>>>();
    async function submitUsage(nodeId: number, epoch: number, usage: Omit<MeteredMinute, "unixMs">) {
      const minutes = [{ unixMs: epochStart(network.times, epoch) * 1000, ...usage }];
      const { usageSettlement } = network.contracts;
      const statement = createStatement({
        chainId: network.chainId,
        settlement: usageSettlement,
        projectId,
        nodeId,
        epoch,
        minutes,
      });
      const receipt = receiptOf(statement);
      const statements = statementsDigest([statementDigest(statement)]);
      const batch = { nodeId, epoch, statements, receipts: encodeReceipts([receipt]) };
      const signer = testAccount(nodeId === 1 ? operator1 : operator2);
      const signature = await signUsageBatch({ network, signer, batch });
      const { lines, skipped } = await settlement.submit(as(stranger), { ...batch, signature });
      const prices = await settlement.pricesAt(as(stranger), { epoch });
      const amount = amountOf(prices, cap, receipt);
      assert.deepEqual(skipped, []);
      assert.deepEqual(lines, [{ ...receipt, amount }]);
      return { nodeId, epoch, statements, lines, amount, fee: feeOf(amount, prices.feeBps) };
    }
    const firstEpoch = await now();
    for (const epoch of [firstEpoch, firstEpoch + 1]) {
      await toEpoch(epoch + 1);
      for (const nodeId of nodeIds) {
        const usage = {
          requests: 1_000_000n + BigInt(nodeId * epoch),
          cpuMs: 3_333_333n,
          egressBytes: 1_073_742_847n, // a byte less than 1,048,577 KiB
        };
        submitted.set(`${nodeId} ${epoch - firstEpoch}`, await submitUsage(nodeId, epoch, usage));
      }
    }
    const usageOf = (key: string) => {
      const usage = submitted.get(key);
      assert.ok(usage, key);
      return usage;
    };
    const [first1, first2, second1, second2] = ["1 0", "2 0", "1 1", "2 1"].map(usageOf);
    assert.ok(first1 && first2 && second1 && second2);

    // One is released by the meter, one disputed by the owner and decided by the arbiter.
    const { amount, epoch } = first1;
    const signature = await signRelease({
      network,
      signer: testAccount(meter),
      release: { projectId, nodeId: 1, epoch, amount },
    });
    await settlement.release(as(stranger), { ...first1, index: 0, signature });
    const dispute = await settlement.dispute(as(owner), {
      ...first2,
      index: 0,
      reason: "served other bytes",
    });
    assert.equal(dispute.bond, 5n * USD);
    const decided = await decide(as(arbiter), {
      projectId,
      nodeId: 2,
      epoch: first2.epoch,
      guilty: true,
      slash: SLASH,
      reward: REWARD,
    });
    assert.deepEqual([decided.slashed, decided.reward], [SLASH, REWARD]);
    const status = await settlement.statusOf(as(stranger), { projectId, nodeId: 2, epoch: first2.epoch });
    assert.equal(status.status, "Settled");

    // What was released is paid at once, the rest when it matured.
    const early = await settlement.claim(as(stranger), { nodeId: 1, epochs: [firstEpoch] });
    assert.deepEqual([early.paid, early.fee], [first1.amount - first1.fee, first1.fee]);
    await projects.close(as(owner), { projectId });
    await escrow.requestWithdraw(as(owner), {
      projectId,
      amount: (await escrow.accountOf(as(owner), { projectId })).balance,
    });
    await nodes.requestUnstake(as(nodeOwner1), { nodeId: 1, amount: STAKE });
    await nodes.requestUnstake(as(nodeOwner2), { nodeId: 2, amount: STAKE - SLASH });
    await toEpoch(firstEpoch + 1 + network.times.late + network.times.dispute + 1);
    for (const usage of [second1, second2]) {
      const claimed = await settlement.claim(as(stranger), {
        nodeId: usage.nodeId,
        epochs: [firstEpoch, firstEpoch + 1],
      });
      assert.deepEqual([claimed.paid, claimed.fee], [usage.amount - usage.fee, usage.fee]);
    }

    // Everyone leaves.
    await toEpoch((await now()) + network.times.stakeThaw + 1);
    await escrow.withdraw(as(owner), { projectId });
    await escrow.collectRefund(as(owner), {});
    await collectFees(as(stranger));
    await nodes.withdrawStake(as(nodeOwner1), { nodeId: 1 });
    await nodes.withdrawStake(as(nodeOwner2), { nodeId: 2 });

    const expected: [string, `0x${string}`, bigint][] = [
      [
        "owner",
        testAccount(owner).address,
        WALLET - first1.amount - second1.amount - second2.amount + REWARD,
      ],
      [
        "owner of node 1",
        testAccount(nodeOwner1).address,
        STAKE + first1.amount - first1.fee + second1.amount - second1.fee,
      ],
      ["owner of node 2", testAccount(nodeOwner2).address, STAKE - SLASH + second2.amount - second2.fee],
      ["fee receiver", FEE_RECEIVER, first1.fee + second1.fee + second2.fee + SLASH - REWARD],
      ["escrow", creditEscrow, 0n],
      ["node registry", nodeRegistry, 0n],
      ["settlement", network.contracts.usageSettlement, 0n],
    ];
    for (const [who, address, balance] of expected) assert.equal(await balanceOf(address), balance, who);
  });
});

async function mint(
  { walletClient, publicClient, network }: NetworkWriter,
  to: PrivateKeyAccount,
  amount: bigint,
) {
  const hash = await walletClient.writeContract({
    account: testAccount(0),
    address: network.contracts.asset,
    abi: parseAbi(["function mint(address to, uint256 amount)"]),
    functionName: "mint",
    args: [to.address, amount],
  });
  await minedReceipt(publicClient, hash);
}
