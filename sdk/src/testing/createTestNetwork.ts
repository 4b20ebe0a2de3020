import { type Account, createTestClient, http, maxUint256, type TestClient } from "viem";
import { approve } from "../contracts/asset/index.ts";
import { createNetworkWriter, type NetworkWriter } from "../network/createNetworkWriter.ts";
import type { Network } from "../network/network.ts";
import { epochAt } from "../protocol/epochAt.ts";
import { epochStart } from "../protocol/epochStart.ts";
import { testAccount } from "./accounts.ts";
import { mint } from "./calls.ts";
import { type DeployNetworkParameters, deployNetwork } from "./deployNetwork.ts";
import { startAnvil } from "./startAnvil.ts";

/** A network on a chain of its own, for one test file. */
export interface TestNetwork {
  readonly network: Network;
  /** Acts as an account with 1,000,000 of the asset, all of it allowed to node registry and escrow. */
  as(account: Account): Promise<NetworkWriter>;
  /** The epoch of the newest block. */
  epoch(): Promise<number>;
  /** Moves the chain's clock to the begin of an epoch. */
  toEpoch(epoch: number): Promise<void>;
  stop(): Promise<void>;
}

const FUNDS = 1_000_000_000_000n;

/** Starts a chain and deploys a network on it. */
export async function createTestNetwork(
  parameters: Omit<DeployNetworkParameters, "rpcUrl"> = {},
): Promise<TestNetwork> {
  const anvil = await startAnvil();
  try {
    const network = await deployNetwork({ ...parameters, rpcUrl: anvil.rpcUrl });
    const clock: TestClient = createTestClient({ mode: "anvil", transport: http(anvil.rpcUrl) });
    const reader = createNetworkWriter({ network, pollingMs: 20 });
    const ready = new Map<string, Promise<NetworkWriter>>();
    return {
      network,
      as(account) {
        const known = ready.get(account.address) ?? fund(network, account);
        ready.set(account.address, known);
        return known;
      },
      async epoch() {
        return epochAt(network.times, (await reader.publicClient.getBlock()).timestamp);
      },
      async toEpoch(epoch) {
        await clock.setNextBlockTimestamp({ timestamp: BigInt(epochStart(network.times, epoch)) });
        await clock.mine({ blocks: 1 });
      },
      stop: () => anvil.stop(),
    };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}

async function fund(network: Network, account: Account): Promise<NetworkWriter> {
  const writer = createNetworkWriter({ network, account, pollingMs: 20 });
  const funder = createNetworkWriter({ network, account: testAccount(0), pollingMs: 20 });
  await mint(funder, { to: account.address, amount: FUNDS });
  for (const spender of [network.contracts.nodeRegistry, network.contracts.creditEscrow]) {
    await approve(writer, { spender, amount: maxUint256 });
  }
  return writer;
}
