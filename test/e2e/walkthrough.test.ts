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
  lens,
  type MeteredMinute,
  type Network,
  type NetworkWriter,
  names,
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
  extend,
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
const CAP = USD;
const MORE_STAKE = 100n * USD;
const SALT = `0x${"5a".repeat(32)}` as const;
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
      [nodeOwner2, STAKE + MORE_STAKE],
      [stranger, STAKE],
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
      await nodes.setPresence(as(operator), { nodeId, untilEpoch: (await now()) + 30, leastCap: 0n });
      nodeIds.push(nodeId);
    }
    assert.deepEqual(nodeIds, [1, 2]);

    // A project is deployed with one call, and funded by name, and by a signature that a stranger relays.
    const folder = await pack([
      { path: ".worker3/manifest.json", content: new TextEncoder().encode('{"assets":{},"manifest":2}') },
      { path: "index.html", content: new TextEncoder().encode("<h1>hello</h1>") },
    ]);
    const deployed = await projects.deploy(as(owner), { domain: "hello.worker3.localhost", cid: folder.cid });
    const { projectId } = deployed;
    assert.deepEqual([projectId, deployed.version, deployed.created], [1n, 1, true]);
    const resolved = await lens.resolve(as(stranger), { domain: "hello.worker3.localhost" });
    assert.equal(resolved.cid, folder.cid);
    assert.deepEqual(resolved.replicas.map(({ nodeId }) => nodeId).sort(), [1, 2]);
    await setMeter(as(owner), { projectId, meter: testAccount(meter).address });
    await asset.ensureAllowance(as(owner), { spender: creditEscrow, amount: WALLET });
    const { address: ownerAddress } = testAccount(owner);
    const half = { amount: CREDIT / 2n };
    const named = await escrow.depositAt(as(owner), {
      domain: "hello.worker3.localhost",
      owner: ownerAddress,
      ...half,
    });
    assert.equal(named.projectId, projectId);
    const deposit = { projectId, owner: ownerAddress, salt: SALT } as const;
    const authorization = { ...half, validAfter: 0n, validBefore: 2n ** 48n };
    const signed = await asset.signAuthorization(as(owner), {
      ...authorization,
      to: creditEscrow,
      nonce: escrow.authorizationNonce(deposit),
    });
    const relayed = { ...deposit, ...authorization, from: ownerAddress, signature: signed };
    await escrow.depositWithAuthorization(as(stranger), relayed);
    assert.equal((await escrow.accountOf(as(stranger), { projectId })).balance, CREDIT);

    // It grows in the epoch that has begun: a third node, and a higher cap for all.
    await asset.ensureAllowance(as(stranger), { spender: nodeRegistry, amount: STAKE });
    const third = await nodes.register(as(stranger), {
      operator: testAccount(stranger).address,
      region: "eeur",
      endpoint: "https://node3.example.org",
      stake: STAKE,
    });
    await nodes.setPresence(as(stranger), {
      nodeId: third.nodeId,
      untilEpoch: (await now()) + 30,
      leastCap: CAP,
    });
    const grown = await projects.grow(as(owner), { projectId, cap: CAP, nodeIds: [third.nodeId] });
    assert.equal(grown.fromEpoch, await now());
    nodeIds.push(third.nodeId);
    assert.deepEqual(await lens.exposureOf(as(stranger), { nodeId: third.nodeId }), {
      current: CAP,
      next: CAP,
    });

    // A key that may only propose adds a version, and the owner makes it live.
    await projects.setDelegate(as(owner), { projectId, who: testAccount(meter).address, rights: "propose" });
    const next = { projectId, cid: folder.cid, live: false };
    const proposal = await projects.addVersion(as(meter), next);
    assert.deepEqual([proposal.version, proposal.proposed], [2, true]);
    const { digest } = await lens.versionOf(as(stranger), { projectId, version: 2 });
    await projects.activate(as(owner), { projectId, version: 2, digest });

    // A name without credit is told to lapse, and a domain outside of the zone is claimed.
    const idle = { domain: "idle.worker3.localhost" };
    await projects.createProjectOn(as(owner), { ...idle, cap: 50_000n, nodeIds: [1] });
    const outside = "hello.example.org";
    await names.claimDomain(as(owner), { projectId, domain: outside });

    // Two epochs of receipts are signed by the operators and submitted by a stranger.
    const { cap } = await lens.projectOf(as(stranger), { projectId });
    assert.equal(cap, CAP);
    const submitted = new Map<string, Awaited<ReturnType<typeof submitUsage>>>();
    async function submitUsage(nodeId: number, epoch: number, usage: Omit<MeteredMinute, "unixMs">) {
      const minutes = [{ unixMs: epochStart(network.times, epoch) * 1000, ...usage }];
      const { usageSettlement } = network.contracts;
      const { epochSeconds } = network.times;
      const statement = createStatement({
        chainId: network.chainId,
        settlement: usageSettlement,
        projectId,
        nodeId,
        epoch,
        minutes,
        storage: { byteSeconds: 700n * 2n ** 20n * BigInt(epochSeconds), seconds: epochSeconds },
        epochSeconds,
      });
      const receipt = receiptOf(statement);
      const statements = statementsDigest([statementDigest(statement)]);
      const batch = { nodeId, epoch, statements, receipts: encodeReceipts([receipt]) };
      const signer = testAccount([operator1, operator2, stranger][nodeId - 1] ?? stranger);
      const signature = await signUsageBatch({ network, signer, batch });
      const { lines, skipped } = await settlement.submit(as(stranger), { ...batch, signature });
      const prices = await settlement.pricesAt(as(stranger), { epoch });
      const amount = amountOf(prices, cap, receipt);
      assert.deepEqual(skipped, []);
      assert.deepEqual([receipt.storedMiB, lines], [700n, [{ ...receipt, amount }]]);
      assert.ok(amount < cap, "storage is in it");
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
    const [first1, first2, first3, second1, second2, second3] = [
      "1 0",
      "2 0",
      "3 0",
      "1 1",
      "2 1",
      "3 1",
    ].map(usageOf);
    assert.ok(first1 && first2 && first3 && second1 && second2 && second3);
    const noticed = await names.noticeLapse(as(stranger), idle);

    // One is released by the meter, one disputed by the owner and decided by the arbiter.
    const { amount, epoch } = first1;
    const signature = await signRelease({
      network,
      signer: testAccount(meter),
      release: { projectId, nodeId: 1, epoch, amount },
    });
    await settlement.release(as(stranger), { ...first1, index: 0, signature });
    const found = await lens.findLine(as(owner), { lines: first2.lines, projectId });
    const dispute = await settlement.dispute(as(owner), {
      ...first2,
      index: found.index,
      maxBond: found.bond,
      reason: "served other bytes",
    });
    assert.deepEqual([found.bond, dispute.bond], [5n * USD, 5n * USD]);
    await extend(as(arbiter), { projectId, nodeId: 2, epoch: first2.epoch });
    const decided = await decide(as(arbiter), {
      projectId,
      nodeId: 2,
      epoch: first2.epoch,
      guilty: true,
      slash: SLASH,
      reward: REWARD,
    });
    // What exceeds a bound is cut to it: by the receipt's amount, and by the bond.
    const slashed = 100n * first2.amount + 5n * USD;
    const reward = 2n * dispute.bond;
    assert.ok(slashed < SLASH && reward < REWARD);
    assert.deepEqual([decided.slashed, decided.reward], [slashed, reward]);
    const status = await settlement.statusOf(as(stranger), { projectId, nodeId: 2, epoch: first2.epoch });
    assert.equal(status.status, "Settled");
    // The slash left too little stake; enough of it takes the retirement back.
    const retiring = await nodes.nodeOf(as(stranger), { nodeId: 2 });
    assert.deepEqual([retiring.retiredFrom, retiring.isLiftable], [(await now()) + 2, true]);
    await asset.ensureAllowance(as(nodeOwner2), { spender: nodeRegistry, amount: MORE_STAKE });
    await nodes.addStake(as(nodeOwner2), { nodeId: 2, amount: MORE_STAKE });
    assert.equal((await nodes.nodeOf(as(stranger), { nodeId: 2 })).retiredFrom, undefined);

    // The project goes to another owner with its domains, and comes back.
    for (const [from, to] of [
      [owner, meter],
      [meter, owner],
    ] as const) {
      const who = testAccount(to).address;
      await projects.transferOwnership(as(from), { projectId, newOwner: who });
      await projects.acceptOwnership(as(to), { projectId, domains: [outside] });
      assert.equal(await names.projectAt(as(stranger), { domain: outside, who }), projectId);
    }
    const held = await lens.nameOf(as(stranger), { domain: "hello.worker3.localhost" });
    assert.deepEqual([held.standing, held.owner], ["Held", ownerAddress]);

    // What was released is paid at once, the rest when it matured.
    const early = await settlement.claim(as(stranger), { nodeId: 1, epochs: [firstEpoch] });
    assert.deepEqual([early.paid, early.fee], [first1.amount - first1.fee, first1.fee]);
    await projects.close(as(owner), { projectId });
    await escrow.requestWithdraw(as(owner), {
      projectId,
      amount: (await escrow.accountOf(as(owner), { projectId })).balance,
    });
    await nodes.requestUnstake(as(nodeOwner1), { nodeId: 1, amount: STAKE });
    await nodes.requestUnstake(as(nodeOwner2), { nodeId: 2, amount: STAKE - slashed + MORE_STAKE });
    await nodes.requestUnstake(as(stranger), { nodeId: 3, amount: STAKE });
    await toEpoch(firstEpoch + 1 + network.times.late + network.times.dispute + 1);
    for (const usage of [second1, second2, second3]) {
      const claimed = await settlement.claim(as(stranger), {
        nodeId: usage.nodeId,
        epochs: [firstEpoch, firstEpoch + 1],
      });
      const earlier: { amount: bigint; fee: bigint } = usage === second3 ? first3 : { amount: 0n, fee: 0n };
      // One bucket at a time is rounded, so that two of them cost at most a unit more.
      assert.equal(claimed.paid + claimed.fee, usage.amount + earlier.amount);
      assert.equal(claimed.fee, usage.fee + earlier.fee);
    }

    // Everyone leaves.
    await toEpoch((await now()) + network.times.stakeThaw + 1);
    await escrow.withdraw(as(owner), { projectId });
    await escrow.collectRefund(as(owner), { to: ownerAddress });
    await collectFees(as(stranger));
    await nodes.withdrawStake(as(nodeOwner1), { nodeId: 1 });
    await nodes.withdrawStake(as(nodeOwner2), { nodeId: 2 });
    await nodes.withdrawStake(as(stranger), { nodeId: 3 });

    const expected: [string, `0x${string}`, bigint][] = [
      [
        "owner",
        testAccount(owner).address,
        WALLET - first1.amount - first3.amount - second1.amount - second2.amount - second3.amount + reward,
      ],
      [
        "owner of node 1",
        testAccount(nodeOwner1).address,
        STAKE + first1.amount - first1.fee + second1.amount - second1.fee,
      ],
      [
        "owner of node 2",
        testAccount(nodeOwner2).address,
        STAKE + MORE_STAKE - slashed + second2.amount - second2.fee,
      ],
      [
        "owner of node 3",
        testAccount(stranger).address,
        STAKE + first3.amount - first3.fee + second3.amount - second3.fee,
      ],
      [
        "fee receiver",
        FEE_RECEIVER,
        first1.fee + first3.fee + second1.fee + second2.fee + second3.fee + slashed - reward,
      ],
      ["escrow", creditEscrow, 0n],
      ["node registry", nodeRegistry, 0n],
      ["settlement", network.contracts.usageSettlement, 0n],
    ];
    for (const [who, address, balance] of expected) assert.equal(await balanceOf(address), balance, who);

    // The name that nobody paid for is free in the end.
    await toEpoch(noticed.lastEpoch + 1);
    await names.lapse(as(stranger), idle);
    assert.equal((await lens.nameOf(as(stranger), idle)).standing, "Free");
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
