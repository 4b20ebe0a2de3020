import { parseEventLogs } from "viem";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface DeployParameters extends WriteOptions {
  /** `name.zone`, or a domain of your own. */
  readonly domain: string;
  /** The deployment folder: 59 characters, `bafybei...`. */
  readonly cid: string;
}

export interface DeployResult extends Mined {
  readonly projectId: bigint;
  /** From 1 on. */
  readonly version: number;
  /** Whether the call created the project; it then needs credit, see `escrow.deposit`. */
  readonly created: boolean;
}

/**
 * Puts a deployment folder live at a domain. Where the caller has no project there yet, it creates one with three drawn
 * nodes and the default cap. A delegate can use it for names of the zone.
 *
 * @throws `CID_PREFIX`, `CID_LENGTH`, `DOMAIN_CHARACTER`, `NAME_TAKEN`, `NAME_RESTING`, `NO_NODES`, or what every write
 *   throws, see `sendCall`.
 */
export async function deploy(client: NetworkWriter, parameters: DeployParameters): Promise<DeployResult> {
  const { domain, cid, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(client, { ...contract, functionName: "deploy", args: [domain, cid] }, options);
  const { projectId, version } = eventOf(sent, contract, "VersionAdded");
  const created =
    parseEventLogs({ abi: contract.abi, logs: [...sent.logs], eventName: "ProjectCreated" }).length > 0;
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, projectId, version, created };
}
