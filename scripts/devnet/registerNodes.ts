import { asset, createNetworkWriter, epochAt, type Network, nodes, type Region } from "@worker3/sdk";
import { mint } from "@worker3/sdk/testing";
import type { PrivateKeyAccount } from "viem/accounts";
import type { DevnetAccounts } from "./accounts.ts";
import { chainClient } from "./startChain.ts";

/** What a node gets, by its number. */
const NODE_REGIONS: readonly Region[] = ["weur", "enam", "apac", "wnam", "eeur", "sam", "oc", "afr", "me"];
/** For gas, in wei. */
const GAS_MONEY = 10n ** 22n;
const WALLET = 1_000_000n * 10n ** 6n;
/** As far ahead as the registry lets a node promise; the agent renews it. */
const ACCEPT_EPOCHS = 30;
/** A block for each transaction: there is nothing to wait for. */
const POLLING_MS = 20;

export interface RegisterNodesParameters {
  readonly network: Network;
  readonly accounts: DevnetAccounts;
  /** Of node 1 first. */
  readonly endpoints: readonly string[];
}

export interface RegisteredNode {
  readonly nodeId: number;
  readonly region: Region;
}

/** Gives the accounts their money, and registers a node for each endpoint, with the numbers from 1 on. */
export async function registerNodes(parameters: RegisterNodesParameters): Promise<RegisteredNode[]> {
  const { network, accounts, endpoints } = parameters;
  const chain = chainClient(network.rpcUrls[0]);
  const writerOf = (account: PrivateKeyAccount) =>
    createNetworkWriter({ network, account, pollingMs: POLLING_MS });
  const fund = async (account: PrivateKeyAccount): Promise<void> => {
    await chain.setBalance({ address: account.address, value: GAS_MONEY });
    await mint(writerOf(account), { to: account.address, amount: WALLET });
  };

  const reader = writerOf(accounts.deployer);
  const stake = await nodes.minStake(reader);
  const owners = accounts.nodes.map(({ owner }) => owner);
  await Promise.all([
    ...[accounts.deployer, accounts.stranger, ...owners].map(fund),
    ...accounts.nodes.map(({ operator }) =>
      chain.setBalance({ address: operator.address, value: GAS_MONEY }),
    ),
  ]);
  const { nodeRegistry } = network.contracts;
  await Promise.all(
    owners.map((owner) => asset.approve(writerOf(owner), { spender: nodeRegistry, amount: stake })),
  );

  // One after the other: the registry counts.
  const registered: RegisteredNode[] = [];
  for (const [i, { operator, owner }] of accounts.nodes.entries()) {
    const region = NODE_REGIONS[i % NODE_REGIONS.length] ?? "weur";
    const endpoint = endpoints[i] ?? "";
    const parameters = { operator: operator.address, region, endpoint, stake };
    const { nodeId } = await nodes.register(writerOf(owner), parameters);
    registered.push({ nodeId, region });
  }
  const { timestamp } = await reader.publicClient.getBlock();
  const untilEpoch = epochAt(network.times, timestamp) + ACCEPT_EPOCHS;
  await Promise.all(
    owners.map((owner, i) => nodes.setPresence(writerOf(owner), { nodeId: i + 1, untilEpoch, leastCap: 0n })),
  );
  return registered;
}
