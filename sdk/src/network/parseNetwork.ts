import { NetworkError } from "./NetworkError.ts";
import type { Network } from "./network.ts";
import { networkSchema } from "./networkSchema.ts";

/**
 * Reads a network file: the JSON of `networkToJson`, or the `ready` document of a devnet.
 *
 * @throws {NetworkError} `NETWORK_INVALID`, with the first field that is wrong.
 */
export function parseNetwork(value: unknown): Network {
  const result = networkSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const field = issue?.path.join(".") || "the document";
    throw new NetworkError({
      code: "NETWORK_INVALID",
      message: `The network file is not valid: ${field} ${issue?.message ?? "is wrong"}.`,
      value: field,
      next: "name a network file with --network, or start a devnet: npm run devnet",
      cause: result.error,
    });
  }
  const { rpcUrl, rpcUrls, chainId, zone, contracts, deploymentBlock, epochSeconds, genesis, times } =
    result.data;
  const [first = "", ...others] = new Set([...(rpcUrl === undefined ? [] : [rpcUrl]), ...(rpcUrls ?? [])]);
  return {
    chainId,
    rpcUrls: [first, ...others],
    zone,
    contracts,
    deploymentBlock: BigInt(deploymentBlock),
    times: { genesis: Math.floor(Date.parse(genesis) / 1000), epochSeconds, ...times },
  };
}
