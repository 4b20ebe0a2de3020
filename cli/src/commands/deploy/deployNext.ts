import { createIntent, parseDeploymentCid, projects, replicasOf } from "@worker3/sdk";
import { afterTransaction } from "./afterTransaction.ts";
import type { DeployParameters, Outcome } from "./Outcome.ts";
import { type DeployOptions, pushCommand } from "./options.ts";
import { payDeposit } from "./payDeposit.ts";
import type { NextPlan } from "./planNext.ts";
import { settle } from "./settle.ts";
import { upload } from "./upload.ts";

/**
 * A project's next version: the content goes to the replicas, then one transaction points the project at it. Content that
 * is active already makes no version; what is missing of its deployment is done.
 *
 * @throws {UploadError} `UPLOAD_FAILED`: nothing changed on chain; what the writes throw; {CliError} `NOT_LIVE`.
 */
export async function deployNext(
  parameters: DeployParameters & { readonly plan: NextPlan },
): Promise<Outcome> {
  const { context, client, options, packed, plan } = parameters;
  const { car } = packed;
  const { project, addition, nodeIds, unchanged } = plan;
  const { projectId, owner } = project;
  const { writes } = context;
  const replicas = await replicasOf(client, nodeIds);
  const depositTxHash = await payDeposit(client, { projectId, amount: options.deposit, writes });
  const { digest } = parseDeploymentCid(car.cid);
  const bytes = BigInt(car.bytes);
  const intent = createIntent(client.network, await context.account(), { projectId, owner, digest, bytes });
  const known = unchanged === undefined ? undefined : { projectId, version: unchanged };
  const sending = {
    context,
    car,
    replicas,
    intent,
    known,
    patience: parameters.patience,
    afterTransaction: depositTxHash !== undefined,
  };
  const { uploads, uploadMs } =
    depositTxHash === undefined
      ? await upload(sending)
      : await afterTransaction(depositTxHash, againWithoutDeposit(options), () => upload(sending));

  const base = { projectId, depositTxHash, created: false, uploadMs };
  if (unchanged !== undefined) {
    const settled = await settle(parameters, {
      projectId,
      version: unchanged,
      uploads,
      minedAt: performance.now(),
    });
    return { ...base, version: unchanged, txHash: undefined, unchanged: true, replicas: settled, txMs: 0 };
  }
  const begun = performance.now();
  using progress = context.progress("Waiting for the transaction");
  const send = () => projects.addVersion(client, { ...addition, ...writes });
  const { version, txHash } = await (depositTxHash === undefined
    ? send()
    : afterTransaction(depositTxHash, againWithoutDeposit(options), send));
  const minedAt = performance.now();
  progress.done();
  const settled = await afterTransaction(txHash, pushCommand(options, projectId), () =>
    settle(parameters, { projectId, version, uploads, minedAt }),
  );
  return { ...base, version, txHash, unchanged: false, replicas: settled, txMs: Math.round(minedAt - begun) };
}

/** The deposit is paid; the line that was given would pay it again. */
function againWithoutDeposit({ directory, domain }: DeployOptions): string {
  return `without --deposit, which is paid: worker3 deploy ${directory} --domain ${domain}`;
}
