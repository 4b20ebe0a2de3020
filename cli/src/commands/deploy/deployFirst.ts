import { createIntent, lens, parseDeploymentCid, replicasOf } from "@worker3/sdk";
import { uploadTo } from "../../upload/uploadTo.ts";
import { afterTransaction } from "./afterTransaction.ts";
import type { DeployParameters, Outcome } from "./Outcome.ts";
import { pushCommand } from "./options.ts";
import type { FirstPlan } from "./planFirst.ts";
import { sendFirst } from "./sendFirst.ts";
import { settle } from "./settle.ts";

/**
 * A project's first version: the transactions draw the nodes and pay the credit, without which they do not serve, so they come
 * first; then the content.
 *
 * @throws What the writes throw; after the first transaction with its hash and the command that goes on.
 */
export async function deployFirst(
  parameters: DeployParameters & { readonly plan: FirstPlan },
): Promise<Outcome> {
  const { context, client, options, packed, plan, patience } = parameters;
  const { car } = packed;
  const { writes } = context;
  const begun = performance.now();
  using progress = context.progress("Waiting for the transactions");
  const { address: owner } = await context.account();
  const { projectId, version, txHash, depositTxHash } = await sendFirst(client, {
    plan,
    options,
    owner,
    writes,
    async onProject(made) {
      context.note(`Project ${made} is at ${options.domain}.`);
      await parameters.onProject(made);
    },
  });
  const minedAt = performance.now();
  progress.done();

  return afterTransaction(txHash, pushCommand(options, projectId), async () => {
    const { nodeIds } = await lens.projectOf(client, { projectId });
    const replicas = await replicasOf(client, nodeIds);
    const { digest } = parseDeploymentCid(car.cid);
    const bytes = BigInt(car.bytes);
    const intent = createIntent(client.network, await context.account(), { projectId, owner, digest, bytes });
    const { signal } = context;
    const bringTo = uploadTo({ car, intent, patience, afterTransaction: true, signal });
    const { uploads: _, ...delivery } = await settle(parameters, {
      projectId,
      version,
      replicas,
      bringTo,
      minedAt,
    });
    const txMs = Math.round(minedAt - begun);
    return {
      projectId,
      version,
      txHash,
      depositTxHash,
      created: true,
      unchanged: false,
      live: true,
      ...delivery,
      txMs,
    };
  });
}
