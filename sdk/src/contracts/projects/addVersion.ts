import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { projectRegistry } from "../contracts.ts";
import { eventOf } from "../eventOf.ts";
import { type Mined, sendCall, type WriteOptions } from "../sendCall.ts";

export interface AddVersionParameters extends WriteOptions {
  readonly projectId: bigint;
  /** The deployment folder: 59 characters, `bafybei...`. */
  readonly cid: string;
  /** Whether it becomes active at once, which ends a split. */
  readonly live: boolean;
}

export interface AddVersionResult extends Mined {
  /** From 1 on. */
  readonly version: number;
}

/**
 * Adds a version. For the owner or a delegate.
 *
 * @throws `NOT_DEPLOYER`, `PROJECT_CLOSED`, `CID_PREFIX`, `CID_LENGTH`, or what every write throws, see
 *   `sendCall`.
 */
export async function addVersion(
  client: NetworkWriter,
  parameters: AddVersionParameters,
): Promise<AddVersionResult> {
  const { projectId, cid, live, ...options } = parameters;
  const contract = projectRegistry(client);
  const sent = await sendCall(
    client,
    { ...contract, functionName: "addVersion", args: [projectId, cid, live] },
    options,
  );
  const { version } = eventOf(sent, contract, "VersionAdded");
  return { txHash: sent.txHash, blockNumber: sent.blockNumber, version };
}
