import type { Address, Hash } from "viem";
import { projectRegistryAbi } from "../abi/ProjectRegistry.ts";
import { contractError } from "../errors/contractError.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { mapInWindows } from "./mapInWindows.ts";
import { readEvents } from "./readEvents.ts";
import { readLogs } from "./readLogs.ts";

/** A version as the chain's logs tell it. */
export interface VersionFact {
  readonly version: number;
  readonly cid: string;
  readonly blockNumber: bigint;
  readonly txHash: Hash;
}

/** A version with what its block and transaction add. */
export interface DeployedVersion extends VersionFact {
  readonly deployedAt: Date;
  /** Who sent the transaction: the owner, a delegate, or whoever signs for a contract wallet. */
  readonly by: Address;
}

/**
 * A project's versions, oldest first.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readVersions(
  client: NetworkClient,
  { projectId, signal }: { projectId: bigint; signal?: AbortSignal | undefined },
): Promise<VersionFact[]> {
  const { network } = client;
  const logs = await readLogs(client, {
    signal,
    ask: (range) =>
      readEvents(client, {
        address: network.contracts.projectRegistry,
        abi: projectRegistryAbi,
        eventName: "VersionAdded",
        args: { projectId },
        ...range,
      }),
  });
  return logs.map(({ args: { version, cid }, blockNumber, transactionHash }) => ({
    version,
    cid,
    blockNumber,
    txHash: transactionHash,
  }));
}

/**
 * Adds when each version was deployed and by whom: two requests a version.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function readDeployments(
  { publicClient }: NetworkClient,
  { versions, signal }: { versions: readonly VersionFact[]; signal?: AbortSignal | undefined },
): Promise<DeployedVersion[]> {
  try {
    return await mapInWindows(versions, async (version) => {
      signal?.throwIfAborted();
      const [{ timestamp }, { from }] = await Promise.all([
        publicClient.getBlock({ blockNumber: version.blockNumber }),
        publicClient.getTransaction({ hash: version.txHash }),
      ]);
      return { ...version, deployedAt: new Date(Number(timestamp) * 1000), by: from };
    });
  } catch (cause) {
    throw contractError(cause);
  }
}
