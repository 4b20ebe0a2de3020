import type { Hex } from "viem";
import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/** A name of the zone, or a project. */
export type ContenthashParameters = ReadOptions &
  (
    | { readonly domain: string; readonly projectId?: undefined }
    | { readonly domain?: undefined; readonly projectId: bigint }
  );

/**
 * The EIP-1577 contenthash of what is served: paste it into an ENS resolver.
 *
 * @throws `NAME_FREE`, `PROVE_BY_TXT`, `UNKNOWN_PROJECT`, `UNKNOWN_VERSION` before the first version is live, or that
 *   the chain cannot be asked.
 */
export async function contenthash(client: NetworkClient, parameters: ContenthashParameters): Promise<Hex> {
  const { domain, projectId, at } = parameters;
  const call = { ...projectRegistry(client), functionName: "contenthash" } as const;
  return domain === undefined
    ? readView(client, { ...call, args: [projectId] }, { at })
    : readView(client, { ...call, args: [domain] }, { at });
}
