import { createIntent, parseDeploymentCid, projects, replicasOf } from "@worker3/sdk";
import { uploadTo } from "../../upload/uploadTo.ts";
import { afterTransaction } from "./afterTransaction.ts";
import type { DeployParameters, Outcome } from "./Outcome.ts";
import { pushCommand } from "./options.ts";
import { depositCommand, payDeposit } from "./payDeposit.ts";
import type { FirstPlan } from "./planFirst.ts";
import { sendFirst } from "./sendFirst.ts";
import { settle } from "./settle.ts";

/**
 * A project's first version: the transaction draws the nodes, so it comes first; then the credit, without which they do
 * not serve; then the content.
 *
 * @throws What the writes throw; after the first transaction with its hash and the command that goes on.
 */
export async function deployFirst(
  parameters: DeployParameters & { readonly plan: FirstPlan },
): Promise<Outcome> {
  const { context, client, options, packed, plan, patience } = parameters;
  const { car } = packed;
  const { writes } = context;
  const { deposit = 0n } = options;
  const begun = performance.now();
  using progress = context.progress("Waiting for the transactions");
  const { projectId, version, txHash } = await sendFirst(client, { plan, options, writes });
  context.note(`Project ${projectId} is at ${options.domain}.`);
  await parameters.onProject(projectId);
  const toPay = `${depositCommand(projectId, deposit)}, then ${pushCommand(options, projectId)}`;
  const depositTxHash = await afterTransaction(txHash, toPay, () =>
    payDeposit(client, { projectId, amount: deposit, writes }),
  );
  const minedAt = performance.now();
  progress.done();

  return afterTransaction(txHash, pushCommand(options, projectId), async () => {
    const { nodeIds, owner } = await projects.projectOf(client, { projectId });
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
    return { projectId, version, txHash, depositTxHash, created: true, unchanged: false, ...delivery, txMs };
  });
}
