import { join } from "node:path";
import { cidOfDigest, encodeReceipts, signUsageBatch } from "@worker3/sdk";
import hre from "hardhat";
import { type Hex, keccak256, maxUint256, numberToHex, toHex } from "viem";
import { deployWorker3 } from "../../ignition/deployWorker3.ts";
import { readParameters } from "../../ignition/parameters.ts";
import type { Result, Row } from "./table.ts";

const NODES = 9;
const PROJECTS = 100;
const CLAIMED_EPOCHS = 7;

/**
 * Gas of the contracts' calls on a simulated chain, compiled as they are deployed. Each figure is what the transaction
 * used: intrinsic costs included, refunds deducted. "First" calls write slots that were empty, "steady" ones do not.
 */
export async function gas(): Promise<Result> {
  const network = await simulate();
  const { nodes, projects, escrow, settlement, wallet, gasOf } = network;
  const rows: Row[] = [];
  const add = async (what: string, sent: Promise<Hex>, goal?: number, share = 1) => {
    const value = Math.round(Number(await gasOf(await sent)) / share);
    rows.push({ what, value, unit: "gas", ...(goal === undefined ? {} : { goal }) });
  };

  await network.nextEpoch(); // epoch 0 is special: its ring words are zero
  for (let i = 0; i < NODES; i++) {
    const sent = nodes.write.register([
      network.operator,
      i % 9,
      `https://node${i}.example.org`,
      1_000_000_000n,
    ]);
    if (i === 0) await add("NodeRegistry.register", sent);
    await sent;
    const accepting = nodes.write.setAccepting([i + 1, 30]);
    if (i === 0) await add("setAccepting, into the pool", accepting);
    await accepting;
  }
  await add("setAccepting, renewed", nodes.write.setAccepting([1, 31]));

  const name = "my-project.worker3.localhost";
  await add("deploy, a new project with 3 replicas", projects.write.deploy([name, cidOf("1")]), 205_000);
  await add("deploy, its next version", projects.write.deploy([name, cidOf("2")]));
  await add("addVersion, live", projects.write.addVersion([1n, cidOf("3"), true]), 58_000);
  const [digest] = await projects.read.versionOf([1n, 1]);
  await add("activate (rollback)", projects.write.activate([1n, 1, digest]));
  await add("setBudget", projects.write.setBudget([1n, 2_000_000]));

  const first = Number(await projects.read.projectCount()) + 1;
  const projectIds = Array.from({ length: PROJECTS }, (_, i) => BigInt(first + i));
  for (const projectId of projectIds) {
    await projects.write.createProject([`p-${projectId}.worker3.localhost`, [1, 2, 3], 1_000_000]);
    await escrow.write.deposit([projectId, 1_000_000_000n]);
  }
  await add("CreditEscrow.deposit, steady", escrow.write.deposit([projectIds[0] ?? 0n, 1_000_000n]));

  const submit = async (nodeId: number, epoch: number, count: number) =>
    settlement.write.submit(await network.signed(nodeId, epoch, projectIds.slice(0, count)));
  let epoch = (await network.epochNow()) + 1;
  await network.moveToEpoch(epoch + 1);
  await add("a receipt, batch of 100, first ever", submit(1, epoch, 100), 18_500, 100);
  epoch = await network.nextEpoch();
  await add("a receipt, batch of 100, steady", submit(1, epoch, 100), 18_500, 100);
  await add("a receipt, batch of 10, steady", submit(2, epoch, 10), undefined, 10);
  await add("a receipt, batch of 1, steady", submit(3, epoch, 1));

  const epochs: number[] = [];
  for (let i = 0; i < 2 * CLAIMED_EPOCHS; i++) {
    epoch = await network.nextEpoch();
    await submit(1, epoch, 3);
    epochs.push(epoch);
  }
  const lines = await network.linesOf(1, epoch);
  const statements = network.statements(epoch);
  await add("release by the owner", settlement.write.release([1, epoch, statements, lines, 0n, "0x"]));
  await add("dispute", settlement.write.dispute([1, epoch, statements, lines, 1n, "not served"]));
  await network.moveToEpoch(epoch + 30);
  await add("claim of 7 epochs, first", settlement.write.claim([1, epochs.slice(0, CLAIMED_EPOCHS)]));
  await add("claim of 7 epochs, steady", settlement.write.claim([1, epochs.slice(CLAIMED_EPOCHS)]), 85_000);
  await add("draw of an undecided dispute", settlement.write.draw([projectIds[1] ?? 0n, 1, epoch]));
  await add("requestWithdraw", escrow.write.requestWithdraw([projectIds[0] ?? 0n, 1_000_000n]));
  await add("setReplicas, 3 nodes", projects.write.setReplicas([projectIds[0] ?? 0n, [4, 5, 6]]));
  await nodes.write.setAccepting([7, (await network.epochNow()) + 5], { account: wallet.account });
  await add(
    "refill of a seat",
    network.emptySeat(projectIds[1] ?? 0n).then(() => projects.write.refill([projectIds[1] ?? 0n])),
  );
  return { bench: "gas", rows };
}

const cidOf = (content: string): string => cidOfDigest(keccak256(toHex(content)));

async function simulate() {
  const parameters = await readParameters(join(import.meta.dirname, "../../ignition/parameters/devnet.json"));
  const connection = await hre.network.create();
  const { viem, networkHelpers } = connection;
  const { contracts, genesis, chainId, epochSeconds } = await deployWorker3(connection, parameters);
  const client = await viem.getPublicClient();
  const [wallet, operator] = await viem.getWalletClients();
  if (wallet === undefined || operator === undefined) throw new Error("The simulated chain has no accounts.");
  const usd = await viem.getContractAt("MockUSD", contracts.asset);
  const nodes = await viem.getContractAt("NodeRegistry", contracts.nodeRegistry);
  const projects = await viem.getContractAt("ProjectRegistry", contracts.projectRegistry);
  const escrow = await viem.getContractAt("CreditEscrow", contracts.creditEscrow);
  const settlement = await viem.getContractAt("UsageSettlement", contracts.usageSettlement);
  await usd.write.mint([wallet.account.address, 10n ** 15n]);
  await usd.write.approve([nodes.address, maxUint256]);
  await usd.write.approve([escrow.address, maxUint256]);

  const genesisSeconds = Date.parse(genesis) / 1000;
  const epochNow = async () =>
    Math.floor(((await networkHelpers.time.latest()) - genesisSeconds) / epochSeconds);
  const moveToEpoch = (epoch: number) =>
    networkHelpers.time.increaseTo(genesisSeconds + epoch * epochSeconds);
  const statements = (epoch: number) => keccak256(numberToHex(epoch));

  return {
    nodes,
    projects,
    escrow,
    settlement,
    wallet,
    operator: operator.account.address,
    epochNow,
    moveToEpoch,
    statements,
    gasOf: async (hash: Hex) => (await client.waitForTransactionReceipt({ hash })).gasUsed,
    /** Moves on by an epoch; returns the one that ended. */
    nextEpoch: async () => {
      const epoch = await epochNow();
      await moveToEpoch(epoch + 1);
      return epoch;
    },
    signed: async (nodeId: number, epoch: number, projectIds: bigint[]) => {
      const receipts = encodeReceipts(
        projectIds.map((projectId) => ({
          projectId,
          requests: 123_456n + projectId,
          cpuMs: 987_654n,
          egressKiB: 54_321n,
        })),
      );
      const batch = { nodeId, epoch, statements: statements(epoch), receipts };
      const signature = await signUsageBatch({
        network: { chainId, contracts },
        signer: operator,
        batch,
      });
      return [nodeId, epoch, batch.statements, receipts, signature] as const;
    },
    linesOf: async (nodeId: number, epoch: number): Promise<Hex> => {
      const [event] = await settlement.getEvents.BatchCounted({ nodeId, epoch }, { fromBlock: 0n });
      if (event?.args.lines === undefined) throw new Error(`No batch of node ${nodeId} in epoch ${epoch}.`);
      return event.args.lines;
    },
    emptySeat: (projectId: bigint) => projects.write.leave([[projectId], 3]),
  };
}
