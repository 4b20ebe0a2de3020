import { join } from "node:path";
import hre from "hardhat";
import { deployWorker3 } from "../../../ignition/deployWorker3.ts";
import { type Parameters, readParameters } from "../../../ignition/parameters.ts";

/** One simulated chain for all contract tests; each test starts from a snapshot of a fresh deployment. */
export const connection = await hre.network.create();
export const { viem, networkHelpers } = connection;

/** The devnet's. */
export const parameters = await readParameters(
  join(import.meta.dirname, "../../../ignition/parameters/devnet.json"),
);

// The simulated chain's clock follows this machine's: without the step, the time that passed since a snapshot was taken,
// in the tests before, would pass on the chain too, where an epoch has 20 seconds.
const { loadFixture } = networkHelpers;
networkHelpers.loadFixture = async (fixture) => {
  const data = await loadFixture.call(networkHelpers, fixture);
  await networkHelpers.time.increase(1);
  return data as Awaited<ReturnType<typeof fixture>>;
};

/** The deployment of `ignition/modules/Worker3.ts` with the devnet's parameters, and the accounts that play in it. */
export const deployNetwork = () => deployNetworkWith(parameters);

/** The same with other parameters. */
export async function deployNetworkWith(parameters: Parameters) {
  const network = await deployWorker3(connection, parameters);
  const { contracts } = network;
  const wallets = await viem.getWalletClients();
  const [deployer, owner, stranger, operator1, operator2, nodeOwner1, nodeOwner2, arbiter, guardian, admin] =
    wallets;
  if (!deployer || !owner || !stranger || !operator1 || !operator2) throw new Error("too few accounts");
  if (!nodeOwner1 || !nodeOwner2 || !arbiter || !guardian || !admin) throw new Error("too few accounts");
  return {
    network,
    parameters,
    usd: await viem.getContractAt("MockUSD", contracts.asset),
    accessManager: await viem.getContractAt("AccessManager", contracts.accessManager),
    nodes: await viem.getContractAt("NodeRegistry", contracts.nodeRegistry),
    projects: await viem.getContractAt("ProjectRegistry", contracts.projectRegistry),
    names: await viem.getContractAt("NameRegistry", contracts.nameRegistry),
    escrow: await viem.getContractAt("CreditEscrow", contracts.creditEscrow),
    settlement: await viem.getContractAt("UsageSettlement", contracts.usageSettlement),
    lens: await viem.getContractAt("Lens", contracts.lens),
    publicClient: await viem.getPublicClient(),
    wallets,
    deployer,
    owner,
    stranger,
    operator1,
    operator2,
    nodeOwner1,
    nodeOwner2,
    arbiter,
    guardian,
    admin,
  };
}
