import { putMulticall } from "@worker3/sdk/testing";
import { CAP, SettlementWorld } from "../../node-agent/src/testing/settlementWorld.ts";
import type { Result, Row } from "./table.ts";

const PROJECTS = [100, 10, 1];
const EPOCHS = 3;
const GOAL = 10_000;
const MINUTE = { requests: 1_000, cpuMs: 500, egressBytes: 2_098_000 };
/** With `late` 4 three epochs are collected. */
const TIMES = { late: 4, creditThaw: 6, stakeThaw: 19 };

/**
 * What a receipt costs as agents hand it in: real ledger, settlement and outbox on a real chain, three epochs of the same
 * projects, each by a transaction of its own, and all in one. Steady: every project and the node were counted before.
 */
export async function settlement(): Promise<Result> {
  const world = await SettlementWorld.create({ times: TIMES });
  const rows: Row[] = [];
  try {
    await putMulticall(world.net.network.rpcUrls[0]);
    for (const count of PROJECTS) {
      const nodeId = await world.register();
      const projectIds: bigint[] = [];
      for (let i = 0; i < count; i++) projectIds.push(await world.createProject(nodeId, 1_000n * CAP));
      const alone = (epochs: number) => gasOf(world, { nodeId, projectIds, epochs, epochsPerTransaction: 1 });
      await alone(1);
      const before = await alone(EPOCHS);
      const after = await gasOf(world, { nodeId, projectIds, epochs: EPOCHS, epochsPerTransaction: 3 });
      const receipts = count * EPOCHS;
      const what = `a receipt, ${count} project${count === 1 ? "" : "s"}, 3 epochs`;
      rows.push(
        { what: `${what} in 3 transactions`, value: Math.round(before / receipts), unit: "gas" },
        {
          what: `${what} in one transaction`,
          value: Math.round(after / receipts),
          unit: "gas",
          ...(count === 100 ? { goal: GOAL } : {}),
        },
      );
    }
  } finally {
    await world.net.stop();
  }
  return { bench: "settlement: gas of a receipt, by an agent's own submissions", rows };
}

interface Spending {
  readonly nodeId: number;
  readonly projectIds: readonly bigint[];
  readonly epochs: number;
  readonly epochsPerTransaction: number;
}

/** The gas of all that an agent sends for some epochs. */
async function gasOf(
  world: SettlementWorld,
  { nodeId, projectIds, epochs, epochsPerTransaction }: Spending,
): Promise<number> {
  const agent = await world.openAgent({ nodeId, epochsPerTransaction });
  const first = await world.net.epoch();
  for (let epoch = first; epoch < first + epochs; epoch++) {
    for (const projectId of projectIds)
      agent.usage.add({ projectId, epoch, minuteMs: world.minuteMs(epoch), ...MINUTE });
    await world.net.toEpoch(epoch + 1);
    await agent.rounds();
  }
  const open = agent.batches.openStatements().length;
  if (open > 0) throw new Error(`${open} receipts of node ${nodeId} were not counted`);
  let gas = 0n;
  for (const { mined } of agent.outbox.list("submit:")) {
    if (mined === undefined) throw new Error("a transaction of the agent's was not mined");
    const receipt = await world.projectOwner.publicClient.getTransactionReceipt({ hash: mined.hash });
    gas += receipt.gasUsed;
  }
  agent.ledger.close();
  return Number(gas);
}
