import type { Note, SimulatedNetwork } from "./simulateNetwork.ts";

const NODES = 9;
const STAKE = 1_000_000_000n;

/** A node's life, up to where it asks its stake back. Leaves nodes 1 to 9 accepting, one in each region; node 10 retires. */
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
  await note("setAccepting, into the pool", nodes.write.setAccepting([1, 30]));
  for (let nodeId = 2; nodeId <= NODES; nodeId++) {
    await register(nodeId);
    await nodes.write.setAccepting([nodeId, 30]);
  }
  await note("setAccepting, renewed", nodes.write.setAccepting([1, 31]));

  await register(10);
  await nodes.write.setAccepting([10, 30]);
  await note("addStake", nodes.write.addStake([10, STAKE]));
  await note("setEndpoint", nodes.write.setEndpoint([10, "https://moved.example.org"]));
  await note("setRegion, in the pool", nodes.write.setRegion([10, 5]));
  await note("setOperator", nodes.write.setOperator([10, other.account.address]));
  await note("setAccepting, full: out of the pool", nodes.write.setAccepting([10, 0]));
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
