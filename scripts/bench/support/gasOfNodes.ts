import type { Note, SimulatedNetwork } from "./simulateNetwork.ts";

const NODES = 9;
const STAKE = 1_000_000_000n;
const FULL = 2 ** 40 - 1;

/** A node's life, up to where it asks its stake back. Leaves nodes 1 to 9 present for any cap, one in each region; node 10 retires. */
export async function gasOfNodes(network: SimulatedNetwork, note: Note): Promise<void> {
  const { nodes, wallet, operator, other } = network;
  const register = (nodeId: number) =>
    nodes.write.register([
      operator.account.address,
      (nodeId - 1) % 9,
      `https://node${nodeId - 1}.example.org`,
      STAKE,
    ]);

  await note("NodeRegistry.register", register(1));
  await note("setPresence, into the pool", nodes.write.setPresence([1, 30, 0]));
  for (let nodeId = 2; nodeId <= NODES; nodeId++) {
    await register(nodeId);
    await nodes.write.setPresence([nodeId, 30, 0]);
  }
  await note("setPresence, renewed", nodes.write.setPresence([1, 31, 0]));

  await register(10);
  await nodes.write.setPresence([10, 30, 0]);
  await note("addStake", nodes.write.addStake([10, STAKE]));
  await note("setEndpoint", nodes.write.setEndpoint([10, "https://moved.example.org"]));
  await note("setRegion, in the pool", nodes.write.setRegion([10, 5]));
  await note("setOperator", nodes.write.setOperator([10, other.account.address]));
  await note("setPresence, full: out of the pool", nodes.write.setPresence([10, 30, FULL]));
  await note("node transferOwnership", nodes.write.transferOwnership([10, other.account.address]));
  await note("node acceptOwnership", nodes.write.acceptOwnership([10], { account: other.account }));
  await nodes.write.transferOwnership([10, wallet.account.address], { account: other.account });
  await nodes.write.acceptOwnership([10]);
  await note("requestUnstake, of what is above minStake", nodes.write.requestUnstake([10, STAKE]));
  await note("cancelUnstake", nodes.write.cancelUnstake([10]));
  await note("requestUnstake, of all: retires", nodes.write.requestUnstake([10, 2n * STAKE]));
}

/** Once node 10 has thawed and the promises of the others have run out. */
export async function gasOfNodesLeaving({ nodes }: SimulatedNetwork, note: Note): Promise<void> {
  await note("withdrawStake", nodes.write.withdrawStake([10]));
  await note("prune", nodes.write.prune([9]));
}
