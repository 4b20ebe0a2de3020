import { join } from "node:path";
import { cidOfDigest, encodeReceipts, signUsageBatch } from "@worker3/sdk";
import hre from "hardhat";
import { type Hex, keccak256, maxUint256, numberToHex, toHex } from "viem";
import { deployWorker3 } from "../../../ignition/deployWorker3.ts";
import { readParameters } from "../../../ignition/parameters.ts";
import type { Row } from "../table.ts";

/** Fixed, and an epoch is a day: figures do not depend on when or how fast a benchmark runs. */
const GENESIS_SECONDS = Date.UTC(2030, 0, 1) / 1000;
const EPOCH_SECONDS = 86_400;

export type SimulatedNetwork = Awaited<ReturnType<typeof simulateNetwork>>;

/**
 * A simulated chain with the contracts compiled and bound as they are deployed, with known accounts and a fixed clock.
 * Account 0 deploys and is rich; it owns nodes and projects unless a call says otherwise.
 */
export async function simulateNetwork() {
  const parametersFile = join(import.meta.dirname, "../../../ignition/parameters/devnet.json");
  const parameters = await readParameters(parametersFile);
  const times = { ...parameters.times, genesis: GENESIS_SECONDS, epochSeconds: EPOCH_SECONDS };
  const connection = await hre.network.create({
    override: { initialDate: new Date(GENESIS_SECONDS * 1000) },
  });
  const { viem, networkHelpers } = connection;
  const { contracts, chainId } = await deployWorker3(connection, { ...parameters, times });
  const client = await viem.getPublicClient();
  const [wallet, operator, other, , , , , arbiter, guardian] = await viem.getWalletClients();
  if (!wallet || !operator || !other || !arbiter || !guardian) {
    throw new Error("The simulated chain has too few accounts.");
  }
  const usd = await viem.getContractAt("MockUSD", contracts.asset);
  const nodes = await viem.getContractAt("NodeRegistry", contracts.nodeRegistry);
  const projects = await viem.getContractAt("ProjectRegistry", contracts.projectRegistry);
  const names = await viem.getContractAt("NameRegistry", contracts.nameRegistry);
  const escrow = await viem.getContractAt("CreditEscrow", contracts.creditEscrow);
  const settlement = await viem.getContractAt("UsageSettlement", contracts.usageSettlement);
  await usd.write.mint([wallet.account.address, 10n ** 15n]);
  await usd.write.approve([nodes.address, maxUint256]);
  await usd.write.approve([escrow.address, maxUint256]);

  const epochNow = async () =>
    Math.floor(((await networkHelpers.time.latest()) - GENESIS_SECONDS) / EPOCH_SECONDS);
  const moveToEpoch = (epoch: number) =>
    networkHelpers.time.increaseTo(GENESIS_SECONDS + epoch * EPOCH_SECONDS);
  const statements = (epoch: number) => keccak256(numberToHex(epoch));
  const sdkNetwork = { chainId, contracts };

  return {
    viem,
    usd,
    nodes,
    projects,
    names,
    escrow,
    settlement,
    wallet,
    operator,
    other,
    arbiter,
    guardian,
    chainId,
    epochNow,
    moveToEpoch,
    statements,
    feeBps: BigInt(parameters.prices.feeBps),
    /** Moves on by an epoch; returns the one that ended. */
    nextEpoch: async () => {
      const epoch = await epochNow();
      await moveToEpoch(epoch + 1);
      return epoch;
    },
    gasOf: async (hash: Hex) => Number((await client.waitForTransactionReceipt({ hash })).gasUsed),
    /** A batch of a node's operator, as `submit` takes it: one receipt a project, each of a usual size. */
    signed: async (nodeId: number, epoch: number, projectIds: readonly bigint[]) => {
      const receipts = encodeReceipts(
        projectIds.map((projectId) => ({
          projectId,
          requests: 123_456n + projectId,
          cpuMs: 987_654n,
          egressKiB: 54_321n,
          storedMiB: 789n,
        })),
      );
      const batch = { nodeId, epoch, statements: statements(epoch), receipts };
      const signature = await signUsageBatch({ network: sdkNetwork, signer: operator, batch });
      return [nodeId, epoch, batch.statements, receipts, signature] as const;
    },
    linesOf: async (nodeId: number, epoch: number): Promise<Hex> => {
      const [event] = await settlement.getEvents.BatchCounted({ nodeId, epoch }, { fromBlock: 0n });
      if (event?.args.lines === undefined) throw new Error(`No batch of node ${nodeId} in epoch ${epoch}.`);
      return event.args.lines;
    },
  };
}

/** A CID of nothing in particular. */
export const benchCid = (content: string): string => cidOfDigest(keccak256(toHex(content)));

/** Notes what a transaction used, divided by `share`. */
export type Note = (
  what: string,
  sent: Promise<Hex>,
  more?: { goal?: number; share?: number },
) => Promise<void>;

/** Rows, and the function that adds to them. */
export function createNotes({ gasOf }: SimulatedNetwork): { rows: Row[]; note: Note } {
  const rows: Row[] = [];
  const note: Note = async (what, sent, { goal, share = 1 } = {}) => {
    const value = Math.round((await gasOf(await sent)) / share);
    rows.push({ what, value, unit: "gas", ...(goal === undefined ? {} : { goal }) });
  };
  return { rows, note };
}
