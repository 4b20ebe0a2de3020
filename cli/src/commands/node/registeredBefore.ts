import { type NetworkClient, nodeRegistryAbi, nodes, readEvents } from "@worker3/sdk";
import { type Address, type Hash, isAddressEqual } from "viem";

/** A node that is on chain, and that its folder does not know of. */
export interface RegisteredBefore {
  readonly node: nodes.Node;
  readonly txHash: Hash;
}

/**
 * The node that an earlier run entered on chain and could not write down: of the same owner, operator and endpoint. To
 * register it anew would stake a second time.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function registeredBefore(
  client: NetworkClient,
  parameters: {
    readonly owner: Address;
    readonly operator: Address;
    readonly endpoint: string;
    readonly signal: AbortSignal;
  },
): Promise<RegisteredBefore | undefined> {
  const { owner, operator, endpoint, signal } = parameters;
  const entries = await readEvents(client, {
    address: client.network.contracts.nodeRegistry,
    abi: nodeRegistryAbi,
    eventName: "NodeRegistered",
    args: { owner, operator },
    signal,
  });
  const last = entries.findLast(({ args }) => args.endpoint === endpoint);
  if (last === undefined) return undefined;
  const node = await nodes.nodeOf(client, { nodeId: last.args.nodeId });
  const isSame = isAddressEqual(node.owner, owner) && isAddressEqual(node.operator, operator);
  return isSame && node.retiredFrom === undefined ? { node, txHash: last.transactionHash } : undefined;
}
