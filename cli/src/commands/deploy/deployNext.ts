import { createIntent, parseDeploymentCid, projects, replicasOf } from "@worker3/sdk";
import { shellWord } from "../../text/shellWord.ts";
import { deliver } from "../../upload/deliver.ts";
import { uploadTo } from "../../upload/uploadTo.ts";
import { afterTransaction, resumable } from "./afterTransaction.ts";
import type { DeployParameters, Outcome } from "./Outcome.ts";
import { type DeployOptions, pushCommand } from "./options.ts";
import { payDeposit } from "./payDeposit.ts";
import type { NextPlan } from "./planNext.ts";
import { settle } from "./settle.ts";

/**
 * A project's next version: the content goes to the replicas, then one transaction points the project at it, or adds it for others to
 * activate. Content that
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
  await parameters.onProject(projectId);
  const replicas = await replicasOf(client, nodeIds);
  const depositTxHash = await payDeposit(client, { projectId, amount: options.deposit, writes });
  const { digest } = parseDeploymentCid(car.cid);
  const bytes = BigInt(car.bytes);
  const intent = createIntent(client.network, await context.account(), { projectId, owner, digest, bytes });
  const known = unchanged === undefined ? undefined : { projectId, version: unchanged };
  const bringTo = uploadTo({
    car,
    intent,
    known,
    patience: parameters.patience,
    afterTransaction: depositTxHash !== undefined,
    signal: context.signal,
  });
  const afterDeposit = <value>(work: () => Promise<value>): Promise<value> =>
    depositTxHash === undefined
      ? work()
      : afterTransaction(depositTxHash, againWithoutDeposit(options), work);

  const base = { projectId, depositTxHash, created: false };
  if (unchanged !== undefined) {
    const minedAt = performance.now();
    const { uploads: _, ...delivery } = await afterDeposit(() =>
      settle(parameters, { projectId, version: unchanged, replicas, bringTo, minedAt }),
    );
    return {
      ...base,
      ...delivery,
      version: unchanged,
      txHash: undefined,
      unchanged: true,
      live: true,
      txMs: 0,
    };
  }
  const delivered = await afterDeposit(() => deliver({ context, replicas, bringTo, car, projectId }));
  const { uploads, uploadMs } = delivered;
  const begun = performance.now();
  using progress = context.progress("Waiting for the transaction");
  const send = () => projects.addVersion(client, { ...addition, ...writes });
  const { version, txHash } = await (depositTxHash === undefined
    ? resumable(send)
    : afterTransaction(depositTxHash, againWithoutDeposit(options), send));
  const minedAt = performance.now();
  progress.done();
  const txMs = Math.round(minedAt - begun);
  if (!addition.live) {
    const { uploads: _, ...delivery } = delivered;
    return { ...base, ...delivery, version, txHash, unchanged: false, live: false, txMs };
  }
  const brought = new Map(uploads.map((uploaded) => [uploaded.nodeId, uploaded]));
  const {
    replicas: settled,
    warnings,
    superseded,
  } = await afterTransaction(txHash, pushCommand(options, projectId), () =>
    settle(parameters, {
      projectId,
      version,
      replicas,
      bringTo: async (replica) =>
        brought.get(replica.nodeId) ?? { ...replica, ready: false, error: undefined },
      minedAt,
    }),
  );
  return {
    ...base,
    version,
    txHash,
    unchanged: false,
    live: true,
    replicas: settled,
    warnings,
    superseded,
    uploadMs,
    txMs,
  };
}

/** The deposit is paid; the line that was given would pay it again. */
function againWithoutDeposit({ directory, domain }: DeployOptions): string {
  return `without --deposit, which is paid: worker3 deploy ${shellWord(directory)} --domain ${domain}`;
}
