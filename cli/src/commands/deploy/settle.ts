import type { Replica } from "@worker3/sdk";
import { CliError } from "../../errors.ts";
import { type BringTo, type Delivery, deliver } from "../../upload/deliver.ts";
import type { DeployParameters } from "./Outcome.ts";

/**
 * Brings a version that the chain names to its replicas, and waits until they serve it unless told not to.
 *
 * @param minedAt When the transaction was known to be mined, as `performance.now()` tells it.
 * @throws {UploadError} `UPLOAD_FAILED`; {CliError} `NOT_LIVE`: no replica serves it in time.
 */
export async function settle(
  { context, client, packed: { car }, wait, patience }: DeployParameters,
  parameters: {
    readonly projectId: bigint;
    readonly version: number;
    readonly replicas: readonly Replica[];
    readonly bringTo: BringTo;
    readonly minedAt: number;
  },
): Promise<Delivery> {
  const { projectId, version, replicas, bringTo, minedAt } = parameters;
  const served = { client, version, active: true, since: minedAt, timeoutMs: patience.waitMs };
  const delivery = await deliver({
    context,
    replicas,
    bringTo,
    car,
    projectId,
    awaited: wait ? served : undefined,
  });
  if (delivery.superseded !== undefined) {
    context.note(
      `Version ${version} of project ${projectId} was superseded while it was waited for: the chain names version ${delivery.superseded} now.`,
    );
    return delivery;
  }
  if (delivery.replicas.some(({ ready }) => ready)) {
    for (const line of delivery.warnings) context.note(`Warning: ${line}`);
    return delivery;
  }
  throw new CliError({
    code: "NOT_LIVE",
    message: `No node serves version ${version} within ${patience.waitMs / 1000} seconds: ${delivery.warnings.join("; ")}.`,
    value: String(version),
  });
}
