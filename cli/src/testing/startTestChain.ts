import { type NetworkWriter, nodes } from "@worker3/sdk";
import {
  createTestNetwork,
  type DeployNetworkParameters,
  type TestNetwork,
  testAccount,
} from "@worker3/sdk/testing";
import { commandOn, type TestCommand } from "./commandOn.ts";
import { fundGas } from "./fundGas.ts";
import { type TestKey, testKey } from "./testKey.ts";

/** A chain with nodes, and the command acting as the owner of projects there. */
export interface TestChain extends AsyncDisposable {
  readonly net: TestNetwork;
  /** Owns the nodes, and administers. */
  readonly admin: NetworkWriter;
  readonly owner: NetworkWriter;
  readonly ownerKey: TestKey;
  /** Acts as the owner. */
  readonly worker3: TestCommand;
}

/** The nodes' operator. */
export const OPERATOR = testAccount(2);

/** Starts a chain with a node at each endpoint, all of which accept projects. */
export async function startTestChain(
  endpoints: readonly string[],
  parameters: Omit<DeployNetworkParameters, "rpcUrl"> = {},
): Promise<TestChain> {
  const net = await createTestNetwork(parameters);
  try {
    const admin = await net.as(testAccount(0));
    for (const endpoint of endpoints) {
      const { nodeId } = await nodes.register(admin, {
        operator: OPERATOR.address,
        region: "weur",
        endpoint,
        stake: 200_000_000n,
      });
      await nodes.setPresence(admin, { nodeId, untilEpoch: 30, leastCap: 0n });
    }
    const ownerKey = testKey();
    await fundGas(net.network, ownerKey.account.address);
    const owner = await net.as(ownerKey.account);
    const worker3 = await commandOn(net.network, ownerKey.key);
    return {
      net,
      admin,
      owner,
      ownerKey,
      worker3,
      async [Symbol.asyncDispose]() {
        await worker3[Symbol.asyncDispose]();
        await net.stop();
      },
    };
  } catch (error) {
    await net.stop();
    throw error;
  }
}
