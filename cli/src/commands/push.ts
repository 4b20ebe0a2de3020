import { stat } from "node:fs/promises";
import { type Car, lens, type NetworkClient, replicasOf, Worker3Error } from "@worker3/sdk";
import { realDirectory } from "../bundle/detectProject.ts";
import { argument, defineCommand, eitherFlag, flag, option } from "../command.ts";
import { CliError } from "../errors.ts";
import { httpUrl } from "../inputs/httpUrl.ts";
import { wholeNumber } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { rememberedSpa } from "../project/rememberedSpa.ts";
import { shellWord } from "../text/shellWord.ts";
import { deliver } from "../upload/deliver.ts";
import { openCarFile } from "../upload/openCarFile.ts";
import { type PackProjectParameters, packProject } from "../upload/packProject.ts";
import { patienceOf } from "../upload/patience.ts";
import { pinInKubo } from "../upload/pinInKubo.ts";
import { uploadTo } from "../upload/uploadTo.ts";

/** `worker3 push dir-or-CAR P` */
export const push = defineCommand({
  name: "push",
  summary: "uploads content for a version that the chain names already",
  description:
    "Brings content to the replicas of a project whose version names it: after a deployment that did not get that far, or one from a block explorer. Needs no key.",
  arguments: {
    content: argument("<dir|car>", "the project's folder, or a CAR of worker3 pack or export"),
    project: argument("<project>", PROJECT_SUMMARY, projectRef),
  },
  options: {
    env: option("-e, --env <name>", "an environment of the wrangler configuration"),
    spa: eitherFlag(
      "--spa",
      "of a folder of files: index.html answers every address without one; default: as the folder remembers",
    ),
    uploadTimeout: option(
      "--upload-timeout <seconds>",
      "how long to try to reach a node; default: 60",
      wholeNumber(0, 86_400),
    ),
    waitTimeout: option(
      "--wait-timeout <seconds>",
      "how long to wait until nodes serve it; default: 120",
      wholeNumber(1, 86_400),
    ),
    ipfs: option(
      "--ipfs <url>",
      "the RPC API of an IPFS daemon, http://127.0.0.1:5001, which is to hold it, too",
      httpUrl,
    ),
    wait: flag("--no-wait", "return when the content is there, not when it is served"),
  },
  examples: [
    "worker3 push . shop.worker3.dev",
    "worker3 push site.car 7",
    "worker3 push . shop.worker3.dev --ipfs http://127.0.0.1:5001",
  ],
  async run(context, { content, project: ref, env, spa: saidSpa, ipfs, wait, ...timeouts }) {
    const { signal } = context;
    const patience = patienceOf(timeouts);
    // First: a domain for content that is not there is no help.
    const isCar = await isFile(content);
    if (!isCar) await realDirectory(content);
    const client = await context.client();
    const projectId = await forFolder(isCar ? undefined : content, () =>
      findProject(client, { project: ref, context }),
    );
    const { network } = client;
    const spa = isCar
      ? false
      : await rememberedSpa(context, saidSpa, { directory: content, environment: env, network });
    const progress = context.progress("Reading the content");
    try {
      await using opened = await open({
        directory: content,
        environment: env,
        spa,
        signal,
        onProgress: (text) => progress.update(text),
      });
      const { car } = opened;
      const project = await lens.projectOf(client, { projectId });
      const version = await versionWith(client, project, {
        cid: car.cid,
        directory: isCar ? "<dir>" : shellWord(content),
      });
      const replicas = await replicasOf(client, project.nodeIds);
      // First: whatever becomes of the nodes, who looks for the content finds it there.
      const name = `worker3:${client.network.chainId}:project:${projectId}:version:${version}`;
      const onProgress = (text: string): void => progress.update(text);
      const pin = ipfs && (await pinInKubo({ url: ipfs, car, name, signal, onProgress }));
      progress.done();
      if (pin) {
        const how = pin.wasPinned ? "has it pinned already" : `holds it under the pin ${pin.name}`;
        context.note(`The IPFS daemon at ${pin.url} ${how}.`);
      }
      const active = version === project.active;
      const known = { projectId, version };
      const bringTo = uploadTo({ car, patience, afterTransaction: true, known, signal });
      const since = performance.now();
      const { uploadMs, warnings, superseded, ...delivery } = await deliver({
        context,
        replicas,
        bringTo,
        car,
        projectId,
        awaited: wait ? { client, version, active, since, timeoutMs: patience.waitMs } : undefined,
      });
      for (const line of warnings) context.note(`Warning: ${line}`);
      if (superseded !== undefined) {
        context.note(
          `Project ${projectId} came to serve version ${superseded} while this one was waited for.`,
        );
      }
      const documents = delivery.replicas.map(({ nodeId, ready, liveMs, error }) => ({
        nodeId,
        ready,
        liveMs,
        error,
      }));
      const timings = { uploadMs, liveMs: Math.max(0, ...documents.map(({ liveMs }) => liveMs ?? 0)) };
      const there = documents.filter(({ ready }) => ready).length;
      context.out(
        {
          projectId,
          version,
          cid: car.cid,
          bytes: car.bytes,
          replicas: documents,
          superseded,
          warnings,
          timings,
          ipfs: pin,
        },
        `${there} of ${documents.length} nodes have version ${version} of project ${projectId}.`,
        { failed: there === 0 && superseded === undefined },
      );
    } finally {
      progress.done();
    }
  },
});

/** What says that a folder has to be deployed names this one: the line may be run as it is. */
async function forFolder<value>(directory: string | undefined, work: () => Promise<value>): Promise<value> {
  try {
    return await work();
  } catch (cause) {
    if (directory === undefined || !(cause instanceof Worker3Error) || cause.next === undefined) throw cause;
    const { code, message, value, next } = cause;
    throw new CliError({
      code,
      message,
      value,
      next: next.replace("worker3 deploy <dir>", () => `worker3 deploy ${shellWord(directory)}`),
      cause,
    });
  }
}

interface Opened extends AsyncDisposable {
  readonly car: Car;
}

async function open(parameters: PackProjectParameters & { readonly signal: AbortSignal }): Promise<Opened> {
  const { directory: path, signal } = parameters;
  if (await isFile(path)) {
    return { car: await openCarFile(path, signal), [Symbol.asyncDispose]: async () => undefined };
  }
  return packProject(parameters);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Versions that are asked for at a time: they share round trips. */
const WINDOW = 100;

/** The newest version with this content. */
async function versionWith(
  client: NetworkClient,
  { projectId, versions }: lens.Project,
  { cid, directory }: { readonly cid: string; readonly directory: string },
): Promise<number> {
  for (let newest = versions; newest > 0; newest -= WINDOW) {
    const asked = Array.from({ length: Math.min(WINDOW, newest) }, (_, index) => newest - index);
    const found = await Promise.all(asked.map((version) => lens.versionOf(client, { projectId, version })));
    const index = found.findIndex((content) => content.cid === cid);
    if (index >= 0) return newest - index;
  }
  throw new CliError({
    code: "VERSION_UNKNOWN",
    message: `No version of project ${projectId} names this content.`,
    value: cid,
    next: `deploy it: worker3 deploy ${directory}; or check that the folder is what was packed`,
  });
}
