import type { Address } from "viem";
import { zeroAddress } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface MeterOfParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * The key whose signature releases receipts early; undefined for none.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function meterOf(
  client: NetworkClient,
  parameters: MeterOfParameters,
): Promise<Address | undefined> {
  const { projectId, at } = parameters;
  const answer = await readView(
    client,
    { ...projectRegistry(client), functionName: "meterOf", args: [projectId] },
    { at },
  );
  return answer === zeroAddress ? undefined : answer;
}
