import { stat } from "node:fs/promises";
import { type Car, type NetworkClient, projects, replicasOf, waitForVersion } from "@worker3/sdk";
import { argument, defineCommand, flag, option } from "../command.ts";
import { CliError } from "../errors.ts";
import { wholeNumber } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { openCarFile } from "../upload/openCarFile.ts";
import { type PackProjectParameters, packProject } from "../upload/packProject.ts";
import { patienceOf } from "./deploy/patience.ts";
import { upload } from "./deploy/upload.ts";

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
    spa: flag("--spa", "of a folder of files: index.html answers every address without one"),
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
    wait: flag("--no-wait", "return when the content is there, not when it is served"),
  },
  examples: ["worker3 push . shop.worker3.dev", "worker3 push site.car 7"],
  async run(context, { content, project: ref, env, spa, wait, ...timeouts }) {
    const { signal } = context;
    const patience = patienceOf(timeouts);
    const client = await context.client();
    const projectId = await findProject(client, { project: ref, signal });
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
      const project = await projects.projectOf(client, { projectId });
      const version = await versionWith(client, project, car.cid);
      const replicas = await replicasOf(client, project.nodeIds);
      progress.done();
      const known = { projectId, version };
      const { uploads, uploadMs } = await upload({
        context,
        car,
        replicas,
        patience,
        afterTransaction: true,
        known,
      });
      const begun = performance.now();
      const having = uploads.filter(({ ready }) => ready);
      const isActive = version === project.active;
      const reached = await waitForVersion({
        replicas: wait ? having : [],
        projectId,
        reached: ({ active, ready }) => (isActive ? (active ?? 0) === version : ready.includes(version)),
        since: begun,
        timeoutMs: patience.waitMs,
        signal,
      });
      const documents = uploads.map(({ nodeId, ready, error }) => {
        const liveMs = reached.get(nodeId);
        return { nodeId, ready: wait ? liveMs !== undefined : ready, liveMs, error: error?.message };
      });
      const timings = { uploadMs, liveMs: Math.max(0, ...documents.map(({ liveMs }) => liveMs ?? 0)) };
      const there = documents.filter(({ ready }) => ready).length;
      context.out(
        { projectId, version, cid: car.cid, bytes: car.bytes, replicas: documents, timings },
        `${there} of ${documents.length} nodes have version ${version} of project ${projectId}.`,
        { failed: there === 0 },
      );
    } finally {
      progress.done();
    }
  },
});

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
  { projectId, versions }: projects.Project,
  cid: string,
): Promise<number> {
  for (let newest = versions; newest > 0; newest -= WINDOW) {
    const asked = Array.from({ length: Math.min(WINDOW, newest) }, (_, index) => newest - index);
    const found = await Promise.all(
      asked.map((version) => projects.versionOf(client, { projectId, version })),
    );
    const index = found.findIndex((content) => content.cid === cid);
    if (index >= 0) return newest - index;
  }
  throw new CliError({
    code: "VERSION_UNKNOWN",
    message: `No version of project ${projectId} names this content.`,
    value: cid,
    next: "deploy it: worker3 deploy; or check that the folder is what was packed",
  });
}
