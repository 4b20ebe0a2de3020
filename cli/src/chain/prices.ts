import { type NetworkClient, type Prices, settlement } from "@worker3/sdk";
import { usd } from "../text/usd.ts";

/** The prices of the running epoch. */
export async function pricesNow(client: NetworkClient): Promise<Prices> {
  return settlement.pricesAt(client, { epoch: await settlement.currentEpoch(client) });
}

/** The same for a person, in a line. */
export function pricesText(prices: Prices): string {
  const { base, included, perMRequests, perMCpuMs, perGiB, perGiBStored } = prices;
  return (
    `${usd(base)} a node and epoch with ${included} requests, then ${usd(perMRequests)} a million; ` +
    `${usd(perMCpuMs)} a million ms of CPU time, ${usd(perGiB)} a GiB out, ${usd(perGiBStored)} a GiB stored for an epoch`
  );
}

/**
 * How many requests a cap pays for on one node in one epoch, where they take no CPU time and send nothing; undefined where
 * requests are free.
 *
 * Source: `amountOf` of the sdk, solved for the requests.
 *
 * @param cap Base units.
 */
export function requestsFor({ base, included, perMRequests }: Prices, cap: bigint): bigint | undefined {
  if (perMRequests === 0n) return undefined;
  return included + ((cap > base ? cap - base : 0n) * 1_000_000n) / perMRequests;
}
