import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createNetworkClient, names } from "@worker3/sdk";
import { zeroAddress } from "viem";
import type { Devnet } from "../../scripts/devnet/testing/startOwnDevnet.ts";
import { worker3 } from "../e2e/support/worker3.ts";
import { askFor } from "./askFor.ts";
import { compareAnswers } from "./compareAnswers.ts";
import { copyProject } from "./copyProject.ts";
import type { Project, Refused, Served } from "./Project.ts";
import { startReference } from "./startReference.ts";

export interface TryProjectParameters {
  readonly project: Project;
  /** Its folder, ready to be deployed; left as it is. */
  readonly directory: string;
  /** A folder of its own; removed at the end. */
  readonly temporary: string;
  readonly devnet: Devnet;
  readonly signal: AbortSignal;
}

/** Longer than a build, a deployment and a start take on a busy machine. */
const TIMEOUT_MS = 180_000;

/**
 * Deploys a project with the command to a node, has `wrangler dev` serve the same files, and asks both the same.
 *
 * @returns What is not as expected, a line each; none: everything is.
 */
export async function tryProject(parameters: TryProjectParameters): Promise<string[]> {
  const { project, temporary } = parameters;
  const signal = AbortSignal.any([parameters.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const copy = await prepare(parameters, "project");
    const deploying = deploy({ ...parameters, directory: copy, signal });
    const { expected } = project;
    return expected.outcome === "refused"
      ? await compareRefusal(parameters, await deploying, expected)
      : await compareServed({ ...parameters, signal, expected, deploying });
  } catch (error) {
    parameters.signal.throwIfAborted();
    return [signal.aborted ? `not within ${TIMEOUT_MS} ms` : String(error)];
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A copy of the project, with the configuration that it needs. */
async function prepare(
  { project, directory, temporary }: TryProjectParameters,
  name: string,
): Promise<string> {
  const copy = join(temporary, name);
  await copyProject(directory, copy);
  const { configuration } = project;
  if (configuration !== undefined)
    await writeFile(join(copy, "wrangler.jsonc"), JSON.stringify(configuration));
  return copy;
}

type Deployed =
  | { readonly isLive: true }
  | { readonly isLive: false; readonly code: string; readonly message: string };

function domainOf({ name }: Project): string {
  return `${name.replaceAll(/[^a-z0-9]+/g, "-")}.worker3.localhost`;
}

async function deploy({ project, directory, devnet, signal }: TryProjectParameters): Promise<Deployed> {
  const { code, document, stderr } = await worker3(
    [
      ...["deploy", directory, "--domain", domainOf(project), "--yes"],
      ...["--nodes", "1", "--cap", "0.01", "--deposit", "1"],
    ],
    { networkFile: devnet.networkFile, key: devnet.accounts.deployer?.privateKey ?? "", signal },
  );
  if (code === 0) return { isLive: true };
  const { error } = document;
  if (error === undefined) throw new Error(`worker3 deploy ended with ${code}: ${stderr}`);
  return { isLive: false, code: String(error.code), message: `${error.message} [${error.value}]` };
}

async function compareRefusal(
  { project, devnet }: TryProjectParameters,
  deployed: Deployed,
  expected: Refused,
): Promise<string[]> {
  if (deployed.isLive) return [`deployed, not refused with ${expected.code}`];
  const { code, message } = deployed;
  const isExpected = code === expected.code && message.includes(expected.words);
  const said = `refused with ${code}: ${message}, not ${expected.code}: ${expected.words}`;
  // Who was refused has paid nothing: there is no project.
  const client = createNetworkClient({ network: devnet.network });
  const who = devnet.accounts.deployer?.address ?? zeroAddress;
  const projectId = await names.projectAt(client, { domain: domainOf(project), who });
  return [
    ...(isExpected ? [] : [said]),
    ...(projectId === undefined ? [] : [`refused after it was made: project ${projectId}`]),
  ];
}

interface CompareServedParameters extends TryProjectParameters {
  readonly expected: Served;
  readonly deploying: Promise<Deployed>;
}

async function compareServed(parameters: CompareServedParameters): Promise<string[]> {
  const { project, temporary, devnet, signal, expected, deploying } = parameters;
  const copy = await prepare(parameters, "reference");
  const { reference } = expected;
  const [started, deployed] = await Promise.allSettled([
    startReference({ directory: copy, reference, temporary: join(temporary, "wrangler"), signal }),
    deploying,
  ]);
  if (started.status === "rejected") throw started.reason;
  try {
    if (deployed.status === "rejected") throw deployed.reason;
    if (!deployed.value.isLive)
      return [`refused with ${deployed.value.code}: ${deployed.value.message}, not served`];
    const [node] = devnet.nodes;
    if (node === undefined) throw new Error("the devnet has no node");
    const differences: string[] = [];
    for (const ask of expected.asks) {
      const told = { ask, host: domainOf(project), signal };
      const wanted = await askFor({ ...told, origin: started.value.origin });
      const got = await askFor({ ...told, origin: node.http });
      const where = `${ask.method ?? "GET"} ${ask.path}`;
      if (wanted.status !== (ask.status ?? 200))
        differences.push(`${where}: wrangler dev answers ${wanted.status}, not ${ask.status ?? 200}`);
      differences.push(...compareAnswers(got, wanted).map((difference) => `${where}: ${difference}`));
    }
    return differences;
  } finally {
    await started.value.stop();
  }
}
