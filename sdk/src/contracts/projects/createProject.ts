import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { regionMask } from "../../protocol/regionMask.ts";
import type { Region } from "../../protocol/regions.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

interface CommonParameters extends WriteOptions {
  /** `name.zone`, or a domain of your own. */
  readonly domain: string;
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
}

/** Nodes named by hand, the first is the home; or a number of nodes to draw from some regions. */
export type CreateProjectParameters = CommonParameters &
  (
    | { readonly nodeIds: readonly number[]; readonly count?: undefined; readonly regions?: undefined }
    | { readonly nodeIds?: undefined; readonly count: number; readonly regions: readonly Region[] }
  );

export interface CreateProjectResult extends Mined {
  readonly projectId: bigint;
  /** In the order of the seats; fewer than asked for where fewer take projects. */
  readonly nodeIds: readonly number[];
}

/**
 * Creates a project without a version.
 *
 * @throws `NAME_TAKEN`, `CAP_OUT_OF_BOUNDS`, `SEAT_COUNT`, `SEAT_TWICE`, `UNKNOWN_NODE`, `NODE_RETIRED`, `NO_NODES`, or
 *   what every write throws, see `sendCall`.
 */
export async function createProject(
  client: NetworkWriter,
  parameters: CreateProjectParameters,
): Promise<CreateProjectResult> {
  const { domain, cap, nodeIds, count, regions, ...options } = parameters;
  const contract = projectRegistry(client);
  const call = { ...contract, functionName: "createProject" } as const;
  const sent =
    nodeIds === undefined
      ? await sendCall(client, { ...call, args: [domain, count, regionMask(regions), Number(cap)] }, options)
      : await sendCall(client, { ...call, args: [domain, nodeIds, Number(cap)] }, options);
  const terms = eventOf(sent, contract, "TermsSet");
  return {
    txHash: sent.txHash,
    blockNumber: sent.blockNumber,
    projectId: terms.projectId,
    nodeIds: terms.nodeIds,
  };
}
