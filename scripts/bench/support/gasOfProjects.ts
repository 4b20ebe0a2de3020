import { benchCid, type Note, type SimulatedNetwork } from "./simulateNetwork.ts";

const ALL_REGIONS = 0x1ff;
const DEPLOY = 1;
const CAP = 1_000_000;
const CREDIT = 1_000_000_000n;

/** A project's life: project 1 is deployed, changed, handed over and closed. Needs nodes 1 to 9. */
export async function gasOfProjects(network: SimulatedNetwork, note: Note): Promise<void> {
  const { projects, names, wallet, other } = network;
  const name = "my-project.worker3.localhost";
  await note("deploy, a new project with 3 replicas", projects.write.deploy([name, benchCid("1")]), {
    goal: 205_000,
  });
  await note("deploy, its next version", projects.write.deploy([name, benchCid("2")]));
  await note("addVersion, live", projects.write.addVersion([1n, benchCid("3"), true]), { goal: 58_000 });
  await note("addVersion, not live", projects.write.addVersion([1n, benchCid("4"), false]));
  const digest = await projects.read.digestOf([1n, 1]);
  await note("activate (rollback)", projects.write.activate([1n, 1, digest]));
  await note("split, begun", projects.write.split([1n, 4, 1_000]));
  await note("split, ended", projects.write.split([1n, 0, 0]));

  await network.escrow.write.deposit([1n, CREDIT]);
  const seated = await seatsOf(network);
  const free = [1, 2, 3, 4].find((nodeId) => !seated.includes(nodeId)) ?? 0;
  await network.nextEpoch();
  const grown = projects.write.grow([1n, CAP, [free]]);
  await note("grow, a cap and a node, the first change in an epoch", grown);
  await note("setBudget, the first change in an epoch", projects.write.setBudget([1n, 2 * CAP]));
  await note("setBudget, the second", projects.write.setBudget([1n, 3 * CAP]));
  await network.nextEpoch();
  await note("setReplicas, 3 nodes", projects.write.setReplicas([1n, [4, 5, 6]]));
  await network.nextEpoch();
  await note("assignReplicas, 3 nodes", projects.write.assignReplicas([1n, 3, ALL_REGIONS]));
  await network.nextEpoch();
  const nodeIds = await seatsOf(network);
  await note("leaveSeats, one project", projects.write.leaveSeats([[1n], nodeIds[2] ?? 0]));
  await network.nextEpoch();
  await note("refill of a seat", projects.write.refill([1n]));
  await note("setRefill", projects.write.setRefill([1n, ALL_REGIONS, true]));

  await note("setMeter", projects.write.setMeter([1n, other.account.address]));
  await note("setDelegate", projects.write.setDelegate([1n, other.account.address, DEPLOY]));
  await note("claimDomain, a name of the zone", names.write.claimDomain([1n, "second.worker3.localhost"]));
  await note("claimDomain, another domain", names.write.claimDomain([1n, "www.example.org"]));
  await note(
    "releaseDomain, a name of the zone",
    names.write.releaseDomain([1n, "second.worker3.localhost"]),
  );
  await note("releaseDomain, another domain", names.write.releaseDomain([1n, "www.example.org"]));

  const named = ["named.worker3.localhost", [1, 2, 3], CAP] as const;
  await note("createProjectOn, 3 named nodes", projects.write.createProjectOn(named));
  const drawn = ["drawn.worker3.localhost", 3, ALL_REGIONS, CAP] as const;
  await note("createProject, 3 drawn nodes", projects.write.createProject(drawn));

  await note("project transferOwnership", projects.write.transferOwnership([1n, other.account.address]));
  await note("project acceptOwnership", projects.write.acceptOwnership([1n, []], { account: other.account }));
  await projects.write.transferOwnership([1n, wallet.account.address], { account: other.account });
  await projects.write.acceptOwnership([1n, []]);
  await network.nextEpoch();
  await note("close", projects.write.close([1n]));
}

/** The nodes of project 1 by the terms of this epoch. */
async function seatsOf({ projects, epochNow }: SimulatedNetwork): Promise<readonly number[]> {
  const [nodeIds] = await projects.read.termsAt([1n, await epochNow()]);
  return nodeIds;
}
