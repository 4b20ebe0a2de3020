import { isRouted, lens, type NetworkWriter, projects, sendInARow, type WriteOptions } from "@worker3/sdk";
import type { Address } from "viem";
import { CliError } from "../../errors.ts";
import { shellWord } from "../../text/shellWord.ts";
import { afterTransaction, resumable } from "./afterTransaction.ts";
import { type DeployOptions, pushCommand } from "./options.ts";
import { approveDeposit, depositCommand, payDepositAt } from "./payDeposit.ts";
import type { FirstPlan } from "./planFirst.ts";

/** A version that is on chain, and paid for. */
export interface Sent {
  readonly projectId: bigint;
  readonly version: number;
  readonly txHash: `0x${string}`;
  readonly depositTxHash: `0x${string}` | undefined;
}

/**
 * Makes a project with its first version and pays for it, in two blocks: the project is made while the deposit is approved, then
 * the deposit is paid, beside the version where the terms were chosen. The money moves once the project is known to be the
 * caller's.
 *
 * @param parameters.onProject Called as soon as the project is on chain.
 * @throws {CliError} `NOT_CREATED`; what the writes throw, with `txHash` and the way on where the project is there.
 */
export async function sendFirst(
  client: NetworkWriter,
  parameters: {
    readonly plan: FirstPlan;
    readonly options: DeployOptions;
    readonly owner: Address;
    readonly writes: WriteOptions;
    readonly onProject: (projectId: bigint) => Promise<void>;
  },
): Promise<Sent> {
  const { plan, options, owner, writes, onProject } = parameters;
  const { deployment, create, deposit: amount } = plan;
  const { domain, cid } = deployment;
  const made = await withApproval(client, { amount, writes }, (own) => makeProject(client, plan, own));
  const { projectId, txHash } = made;
  if (!made.created) throw await notCreatedError(client, { options, projectId, txHash });
  await onProject(projectId);
  const pay = (own: WriteOptions) => payDepositAt(client, { domain, owner, amount, writes: own });
  const toPay = `${depositCommand(projectId, amount)}, then ${pushCommand(options, projectId)}`;
  if (create === undefined) {
    const paid = await afterTransaction(txHash, toPay, () => pay(writes));
    return { projectId, version: made.version, txHash, depositTxHash: paid?.txHash };
  }
  const [adding, paying] = await sendInARow([
    (own) => projects.addVersion(client, { projectId, cid, live: true, ...writes, ...own }),
    (own) => pay({ ...writes, ...own }),
  ]);
  const isPaid = paying.status === "fulfilled";
  const again = `worker3 deploy ${shellWord(options.directory)} --domain ${domain}${isPaid ? "" : " --deposit <amount>"}`;
  const { version, txHash: versionTx } = await afterTransaction(txHash, again, async () => outcomeOf(adding));
  const paid = await afterTransaction(versionTx, toPay, async () => outcomeOf(paying));
  return { projectId, version, txHash: versionTx, depositTxHash: paid?.txHash };
}

interface Made {
  readonly projectId: bigint;
  /** 0 where none was made yet. */
  readonly version: number;
  readonly created: boolean;
  readonly txHash: `0x${string}`;
}

async function makeProject(
  client: NetworkWriter,
  { deployment, create }: FirstPlan,
  writes: WriteOptions,
): Promise<Made> {
  const { domain } = deployment;
  // A name of the zone has one project. Any number may claim a domain outside of it, until its DNS says which it is.
  const send = <value>(work: () => Promise<value>): Promise<value> =>
    isRouted(client.network, domain) ? resumable(work) : work();
  if (create === undefined) return send(() => projects.deploy(client, { ...deployment, ...writes }));
  const created = await send(() =>
    create.on === "named"
      ? projects.createProjectOn(client, { ...create.project, ...writes })
      : projects.createProject(client, { ...create.project, ...writes }),
  );
  return { ...created, version: 0, created: true };
}

/** Makes the project and approves its deposit, both for one block. Whether that was approved shows when it is paid. */
async function withApproval(
  client: NetworkWriter,
  { amount, writes }: { readonly amount: bigint; readonly writes: WriteOptions },
  make: (writes: WriteOptions) => Promise<Made>,
): Promise<Made> {
  const [making] = await sendInARow([
    (own) => make({ ...writes, ...own }),
    (own) => approveDeposit(client, { amount, writes: { ...writes, ...own } }),
  ]);
  return outcomeOf(making);
}

function outcomeOf<value>(settled: PromiseSettledResult<value>): value {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
}

/** Another program of the owner was quicker: what it did, and chose, comes first. */
async function notCreatedError(
  client: NetworkWriter,
  found: {
    readonly options: DeployOptions;
    readonly projectId: bigint;
    readonly txHash: `0x${string}`;
  },
): Promise<CliError> {
  const { options, projectId, txHash } = found;
  const { owner } = await lens.projectOf(client, { projectId });
  return new CliError({
    code: "NOT_CREATED",
    message: `There was no project at ${options.domain} before, and the transaction made none: project ${projectId} of ${owner} came to be there meanwhile, and got the version. Nothing was paid.`,
    value: owner,
    next: `look at it: worker3 project show ${projectId}; if it is what you want, ${pushCommand(options, projectId)}, and pay for it by worker3 credit deposit ${projectId} <amount>`,
    txHash,
  });
}
