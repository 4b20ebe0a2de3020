import { DECIMALS } from "../protocol/formatAmount.ts";
import type { Network } from "./network.ts";
import type { NetworkDocument } from "./networkSchema.ts";

/** A network as the JSON of a network file; `parseNetwork` reads it back. */
export function networkToJson({ times, rpcUrls, deploymentBlock, ...network }: Network): NetworkDocument {
  const { genesis, epochSeconds, ...spans } = times;
  return {
    ...network,
    rpcUrl: rpcUrls[0],
    rpcUrls: [...rpcUrls],
    decimals: DECIMALS,
    deploymentBlock: Number(deploymentBlock),
    epochSeconds,
    genesis: new Date(genesis * 1000).toISOString(),
    times: spans,
  };
}
