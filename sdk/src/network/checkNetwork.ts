import { nodeRegistryAbi, projectRegistryAbi, usageSettlementAbi } from "../abi/index.ts";
import { contractError } from "../errors/contractError.ts";
import { RpcError } from "../errors/errorClasses.ts";
import type { NetworkClient } from "./createNetworkClient.ts";

/**
 * Makes sure that the RPC speaks for the network: its chain, code at every address, and contracts with the file's time
 * line, zone and asset that name each other. A wrong time line would cut every epoch wrong, without another sign.
 *
 * @throws {RpcError} `WRONG_CHAIN`, `CONTRACT_MISSING`, `WRONG_CONTRACTS`, or that the RPC cannot be asked.
 */
export async function checkNetwork(client: NetworkClient): Promise<void> {
  try {
    await checkChain(client);
    await checkCode(client);
    await checkContracts(client);
  } catch (cause) {
    throw contractError(cause);
  }
}

async function checkChain({ network, publicClient }: NetworkClient): Promise<void> {
  const chainId = await publicClient.getChainId();
  if (chainId === network.chainId) return;
  throw new RpcError({
    code: "WRONG_CHAIN",
    message: `The RPC speaks for chain ${chainId}, the network is on chain ${network.chainId}.`,
    value: String(chainId),
    next: "name an RPC of the network's chain in the network file",
  });
}

async function checkCode({ network, publicClient }: NetworkClient): Promise<void> {
  await Promise.all(
    Object.entries(network.contracts).map(async ([name, address]) => {
      if (address === undefined || ((await publicClient.getCode({ address })) ?? "0x") !== "0x") return;
      throw new RpcError({
        code: "CONTRACT_MISSING",
        message: `There is no contract at the address of ${name}.`,
        value: address,
        next: "check the network file; a devnet that was started anew has a new one",
      });
    }),
  );
}

async function checkContracts({ network, publicClient }: NetworkClient): Promise<void> {
  const { contracts, times, zone } = network;
  const settlement = { address: contracts.usageSettlement, abi: usageSettlementAbi };
  const nodes = { address: contracts.nodeRegistry, abi: nodeRegistryAbi };
  const [onChain, zoneOnChain, asset, nodeRegistry, projectRegistry, creditEscrow] =
    await publicClient.multicall({
      allowFailure: false,
      deployless: true,
      contracts: [
        { ...settlement, functionName: "times" },
        { address: contracts.projectRegistry, abi: projectRegistryAbi, functionName: "zone" },
        { ...nodes, functionName: "asset" },
        { ...settlement, functionName: "nodeRegistry" },
        { ...settlement, functionName: "projectRegistry" },
        { ...settlement, functionName: "creditEscrow" },
      ],
    });
  const found: Record<string, unknown> = {
    ...onChain,
    zone: zoneOnChain,
    asset,
    nodeRegistry,
    projectRegistry,
    creditEscrow,
  };
  const expected: Record<string, unknown> = { ...contracts, ...times, zone };
  for (const [name, value] of Object.entries(found)) {
    // Checksums differ by whoever wrote the address.
    if (String(value).toLowerCase() === String(expected[name]).toLowerCase()) continue;
    throw new RpcError({
      code: "WRONG_CONTRACTS",
      message: `The contracts have the ${name} ${String(value)}, the network file says ${String(expected[name])}.`,
      value: name,
      next: "take the network file from where the contracts were deployed",
    });
  }
}
