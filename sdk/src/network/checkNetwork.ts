import type { Address } from "viem";
import { contractByKey } from "../abi/contracts.ts";
import type { Call } from "../contracts/call.ts";
import { zone as zoneOf } from "../contracts/names/claims.ts";
import { readCall } from "../contracts/read.ts";
import { times as timesOf } from "../contracts/settlement/epochs.ts";
import { successor as successorOf } from "../contracts/settlement/parameters.ts";
import { type ContractKey, calledContracts, namingViews } from "../contracts/table.ts";
import { contractError } from "../errors/contractError.ts";
import { RpcError } from "../errors/errorClasses.ts";
import type { Times } from "../protocol/times.ts";
import type { NetworkClient } from "./createNetworkClient.ts";
import { addressesOf, type NetworkContracts } from "./network.ts";

/** What a network says of itself. */
export interface CheckedNetwork {
  /** The usage settlement that the network moves to: whoever uses the network has to be told. Undefined while there is none. */
  readonly successor: Address | undefined;
}

/**
 * Makes sure that the RPC speaks for the network: its chain, code at every address, and contracts with the file's time
 * line, zone and asset that name each other. A wrong time line would cut every epoch wrong, without another sign.
 *
 * @throws {RpcError} `WRONG_CHAIN`, `CONTRACT_MISSING`, `WRONG_CONTRACTS`, or that the RPC cannot be asked.
 */
export async function checkNetwork(client: NetworkClient): Promise<CheckedNetwork> {
  try {
    await checkChain(client);
    await checkCode(client);
    await checkContracts(client);
    return { successor: await successorOf(client) };
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

async function checkContracts(client: NetworkClient): Promise<void> {
  const { contracts, times, zone } = client.network;
  // Reads of one moment share a round trip.
  const [onChain, zoneOnChain, ...names] = await Promise.all([
    timesOf(client),
    zoneOf(client),
    ...namingCalls(contracts).map(async ({ call, names, expected }) => {
      return [names, expected, await readCall(client, call)] as const;
    }),
  ]);
  const found: (readonly [name: string, expected: unknown, found: unknown])[] = [
    ...Object.entries(onChain).map(([name, value]) => [name, times[name as keyof Times], value] as const),
    ["zone", zone, zoneOnChain],
    ...names,
  ];
  for (const [name, expected, value] of found) {
    // Checksums differ by whoever wrote the address.
    if (String(value).toLowerCase() === String(expected).toLowerCase()) continue;
    throw new RpcError({
      code: "WRONG_CONTRACTS",
      message: `The contracts have the ${name} ${String(value)}, the network file says ${String(expected)}.`,
      value: name,
      next: "take the network file from where the contracts were deployed",
    });
  }
}

/** The questions by which contracts name each other. Who says who may do what can move, and no program asks it. */
function namingCalls(contracts: NetworkContracts): { call: Call; names: ContractKey; expected: Address }[] {
  const addresses = new Map<ContractKey, Address>(addressesOf(contracts, calledContracts));
  return calledContracts.flatMap((key) => {
    const { abi } = contractByKey[key];
    return namingViews(abi).flatMap(({ view, names }) => {
      const [address, expected] = [addresses.get(key), addresses.get(names)];
      if (address === undefined || expected === undefined) return [];
      return [{ call: { address, abi, functionName: view, args: [] }, names, expected }];
    });
  });
}
