import { isRouted, type NetworkWriter, projects, type WriteOptions } from "@worker3/sdk";
import { shellWord } from "../../text/shellWord.ts";
import { afterTransaction, resumable } from "./afterTransaction.ts";
import type { DeployOptions } from "./options.ts";
import type { FirstPlan } from "./planFirst.ts";

/** A version that is on chain. */
export interface Sent {
  readonly projectId: bigint;
  readonly version: number;
  readonly txHash: `0x${string}`;
}

/**
 * Makes a project with its first version: by one transaction, or by two where the terms are chosen.
 *
 * @throws What the writes throw; with `txHash` where the project is there and its version is not.
 */
export async function sendFirst(
  client: NetworkWriter,
  parameters: {
    readonly plan: FirstPlan;
    readonly options: DeployOptions;
    readonly writes: WriteOptions;
  },
): Promise<Sent> {
  const { plan, options, writes } = parameters;
  const { deployment, create } = plan;
  const { domain, cid } = deployment;
  // A name of the zone has one project. Any number may claim a domain outside of it, until its DNS says which it is.
  const send = <value>(work: () => Promise<value>): Promise<value> =>
    isRouted(client.network, domain) ? resumable(work) : work();
  if (create === undefined) return send(() => projects.deploy(client, { ...deployment, ...writes }));
  const created = await send(() => projects.createProject(client, { ...create, ...writes }));
  const { projectId } = created;
  const again = `worker3 deploy ${shellWord(options.directory)} --domain ${domain} --deposit <amount>`;
  return afterTransaction(created.txHash, again, async () => {
    const { version, txHash } = await projects.addVersion(client, { projectId, cid, live: true, ...writes });
    return { projectId, version, txHash };
  });
}
