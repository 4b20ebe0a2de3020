/**
 * Gas of the hot paths on a simulated chain, compiled as deployed, against the goals that the protocol set itself.
 * Every figure is the gas that a transaction used, intrinsic costs included and refunds deducted.
 */
import { join } from "node:path";
import hre from "hardhat";
import { concatHex, encodePacked, type Hex, keccak256, numberToHex, toHex } from "viem";
import { deployWorker3 } from "../../ignition/deployWorker3.ts";
import { readParameters } from "../../ignition/parameters.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const NODES = 9;
const PROJECTS = 100;

/** A CID of the accepted form with a digest drawn from `seed`. */
function cidOf(seed: string): string {
  const digest = BigInt(keccak256(toHex(seed)));
  const bits = (0x01701220n << 258n) | (digest << 2n);
  let text = "";
  for (let shift = 285n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((bits >> shift) & 31n)];
  return `b${text}`;
}

const parameters = await readParameters(join(import.meta.dirname, "../../ignition/parameters/devnet.json"));
const connection = await hre.network.create();
const { viem, networkHelpers } = connection;
const { contracts, genesis } = await deployWorker3(connection, parameters);
const client = await viem.getPublicClient();
const [wallet, operator] = await viem.getWalletClients();
if (!wallet || !operator) throw new Error("no accounts");
const usd = await viem.getContractAt("MockUSD", contracts.asset);
const nodes = await viem.getContractAt("NodeRegistry", contracts.nodeRegistry);
const projects = await viem.getContractAt("ProjectRegistry", contracts.projectRegistry);
const escrow = await viem.getContractAt("CreditEscrow", contracts.creditEscrow);
const settlement = await viem.getContractAt("UsageSettlement", contracts.usageSettlement);

const gasOf = async (hash: Hex) => (await client.waitForTransactionReceipt({ hash })).gasUsed;
const epochSeconds = parameters.times.epochSeconds;
const epochNow = async () =>
  Math.floor((Number((await client.getBlock()).timestamp) - Date.parse(genesis) / 1000) / epochSeconds);
const moveTo = async (epoch: number) =>
  networkHelpers.time.increaseTo(Date.parse(genesis) / 1000 + epoch * epochSeconds);

async function submit(nodeId: number, epoch: number, ids: number[]): Promise<bigint> {
  const receipts = concatHex(
    ids.map((id) =>
      encodePacked(["uint64", "uint64", "uint64", "uint64"], [BigInt(id), 123456n + BigInt(id), 987654n, 54321n]),
    ),
  );
  const statements = keccak256(numberToHex(epoch));
  const signature = await operator!.signTypedData({
    domain: { name: "worker3", version: "1", chainId: 31337, verifyingContract: settlement.address },
    types: {
      UsageBatch: [
        { name: "nodeId", type: "uint32" },
        { name: "epoch", type: "uint32" },
        { name: "statements", type: "bytes32" },
        { name: "receipts", type: "bytes" },
      ],
    },
    primaryType: "UsageBatch",
    message: { nodeId, epoch, statements, receipts },
  });
  return gasOf(await settlement.write.submit([nodeId, epoch, statements, receipts, signature]));
}

await moveTo(5);
await usd.write.mint([wallet.account.address, 10n ** 15n]);
await usd.write.approve([nodes.address, 2n ** 256n - 1n]);
await usd.write.approve([escrow.address, 2n ** 256n - 1n]);
for (let i = 0; i < NODES; i++) {
  await nodes.write.register([operator.account.address, i % 9, `https://node${i}.example.org`, 1_000_000_000n]);
  await nodes.write.setAccepting([i + 1, 30]);
}
const out: Record<string, bigint> = {};
out["deploy new, 3 replicas"] = await gasOf(await projects.write.deploy(["my-project.worker3.localhost", cidOf("a")]));
out["deploy new 2"] = await gasOf(await projects.write.deploy(["my-project2.worker3.localhost", cidOf("a")]));
out["deploy custom"] = await gasOf(await projects.write.deploy(["www.example.org", cidOf("a")]));
out["addVersion live"] = await gasOf(await projects.write.addVersion([1n, cidOf("b"), true]));
out["deploy next"] = await gasOf(await projects.write.deploy(["my-project.worker3.localhost", cidOf("c")]));
const first = Number(await projects.read.projectCount()) + 1;
const ids: number[] = [];
for (let i = 0; i < PROJECTS; i++) {
  await projects.write.createProject([`p${i}x.worker3.localhost`, [1, 2, 3], 1_000_000]);
  await escrow.write.deposit([BigInt(first + i), 1_000_000_000n]);
  ids.push(first + i);
}
out["deposit steady"] = await gasOf(await escrow.write.deposit([BigInt(first), 1_000_000n]));
const start = (await epochNow()) + 1;
await moveTo(start + 1);
out["100, first ever"] = (await submit(1, start, ids)) / 100n;
out["100, second node"] = (await submit(2, start, ids)) / 100n;
const s2 = await epochNow();
await moveTo(s2 + 1);
out["100, steady"] = (await submit(1, s2, ids)) / 100n;
out["10, steady"] = (await submit(2, s2, ids.slice(0, 10))) / 10n;
out["1, steady"] = await submit(3, s2, ids.slice(0, 1));
const eps: number[] = [start, s2];
for (let i = 0; i < 12; i++) {
  const e = await epochNow();
  await moveTo(e + 1);
  await submit(1, e, ids.slice(0, 3));
  eps.push(e);
}
await moveTo((await epochNow()) + 10);
out["claim 7 first"] = await gasOf(await settlement.write.claim([1, eps.slice(0, 7)]));
out["claim 7 steady"] = await gasOf(await settlement.write.claim([1, eps.slice(7, 14)]));
console.table(Object.fromEntries(Object.entries(out).map(([k, v]) => [k, Number(v)])));
