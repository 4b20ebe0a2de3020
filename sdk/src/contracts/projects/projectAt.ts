import type { Address } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface ProjectAtParameters extends ReadOptions {
  readonly domain: string;
  readonly who: Address;
}

/**
 * Which project a `deploy` of an account to a domain goes to; undefined: it would create one, or the name rests.
 *
 * @throws `NAME_TAKEN`, `DOMAIN_CHARACTER`, `ZONE_DEPTH`, `NAME_RESERVED`, or that the chain cannot be asked.
 */
export async function projectAt(
  client: NetworkClient,
  parameters: ProjectAtParameters,
): Promise<bigint | undefined> {
  const { domain, who, at } = parameters;
  const answer = await readView(
    client,
    { ...projectRegistry(client), functionName: "projectAt", args: [domain, who] },
    { at },
  );
  return answer === 0n ? undefined : answer;
}
