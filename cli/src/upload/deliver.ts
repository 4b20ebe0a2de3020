import {
  type Car,
  type NetworkClient,
  NodeError,
  type ProjectStatus,
  projectStatusOrNone,
  type Replica,
  type ReplicaUpload,
  requireUploaded,
  waitForVersion,
  withQuorum,
} from "@worker3/sdk";
import type { CommandContext } from "../context/CommandContext.ts";
import { namesOf } from "../text/namesOf.ts";
import { watchActive } from "./watchActive.ts";

/** The version that replicas shall serve, or hold. */
export interface Awaited {
  readonly client: NetworkClient;
  readonly version: number;
  /** Whether the chain names it: then it is waited for no longer than the chain does. */
  readonly active: boolean;
  /** When the clock began, as `performance.now()` tells it. */
  readonly since: number;
  readonly timeoutMs: number;
}

/** How far a replica came. */
export interface Delivered extends Replica {
  /** Whether it has the content and, where that was waited for, serves it. */
  readonly ready: boolean;
  /** From the beginning of the clock to its answer; undefined where it was not waited for, or did not come. */
  readonly liveMs: number | undefined;
  readonly error: string | undefined;
}

export interface Delivery {
  readonly replicas: readonly Delivered[];
  readonly uploads: readonly ReplicaUpload[];
  /** To the last replica that took it. */
  readonly uploadMs: number;
  /** The version that the chain came to name instead, while this one was waited for; then nobody waits on. */
  readonly superseded: number | undefined;
  /** What a person should know, a line for each replica that is not ready. */
  readonly warnings: readonly string[];
}

/** Brings the content to one replica; the outcome's error says why it is not there. */
export type BringTo = (
  replica: Replica,
  during: {
    /** Others have it: it ends soon after this aborts. */
    readonly giveUp: AbortSignal;
    /** Called with the bytes of this try. */
    readonly onSent: (bytes: number) => void;
  },
) => Promise<ReplicaUpload>;

export interface DeliverParameters {
  readonly context: CommandContext;
  readonly replicas: readonly Replica[];
  readonly bringTo: BringTo;
  readonly car: Pick<Car, "cid" | "bytes">;
  readonly projectId: bigint;
  /** Absent: the content is all that is brought. */
  readonly awaited?: Awaited | undefined;
}

interface Reached {
  readonly uploaded: ReplicaUpload;
  readonly liveMs: number | undefined;
}

/** Only to say why: a node that is away is not waited for once more. */
const LAST_LOOK_MS = 1_000;

/**
 * Brings content to replicas and waits until they serve it, each on its own: what one is measured by, no other delays. Once half
 * of them are there, the others are given as long again and at least 3 s, and are warned of then.
 *
 * @throws {UploadError} `UPLOAD_FAILED`: none has the content.
 */
export async function deliver(parameters: DeliverParameters): Promise<Delivery> {
  const { context, replicas, bringTo, car, projectId, awaited } = parameters;
  const { signal } = context;
  const begun = performance.now();
  using progress = context.progress(`Uploading ${car.bytes} bytes to ${replicas.length} nodes`);
  const onChange = progressOf(parameters, (text) => progress.update(text));
  using overtaken = awaited?.active === true ? watchActive({ ...awaited, projectId, signal }) : undefined;
  const isDone = ({ uploaded, liveMs }: Reached): boolean =>
    awaited === undefined ? uploaded.ready : liveMs !== undefined;

  let uploadMs = 0;
  const tasks = replicas.map((replica) => async (giveUp: AbortSignal): Promise<Reached> => {
    const { nodeId } = replica;
    const uploaded = await bringTo(replica, { giveUp, onSent: (bytes) => onChange(nodeId, { bytes }) });
    if (!uploaded.ready) {
      onChange(nodeId, { isGone: true });
      return { uploaded, liveMs: undefined };
    }
    uploadMs = Math.max(uploadMs, performance.now() - begun);
    onChange(nodeId, { bytes: car.bytes, isThere: awaited === undefined });
    if (awaited === undefined) return { uploaded, liveMs: undefined };
    const reached = reaches(awaited);
    const live = await waitForVersion({
      ...awaited,
      projectId,
      replicas: [replica],
      reached,
      giveUp,
      signal,
    });
    const liveMs = live.get(nodeId);
    if (liveMs !== undefined) onChange(nodeId, { isThere: true });
    return { uploaded, liveMs };
  });
  const outcomes = await withQuorum({ tasks, isDone, stop: overtaken?.signal });
  signal.throwIfAborted();

  const uploads = outcomes.map(({ uploaded }) => uploaded);
  const superseded = overtaken?.version();
  if (superseded === undefined) requireUploaded(uploads, { cid: car.cid, projectId });
  const delivered = await Promise.all(outcomes.map((outcome) => lastWord(parameters, outcome)));
  progress.done();
  const warnings = delivered.flatMap((each, index) => warning(each, uploads[index]));
  return {
    replicas: delivered,
    uploads,
    uploadMs: Math.round(uploadMs),
    superseded,
    warnings: superseded === undefined ? warnings : [],
  };
}

interface Change {
  readonly bytes?: number;
  readonly isThere?: boolean;
  readonly isGone?: boolean;
}

/** Says how much went out, and who is awaited. */
function progressOf(
  { replicas, car, awaited }: DeliverParameters,
  say: (text: string) => void,
): (nodeId: number, change: Change) => void {
  const sent = new Map<number, number>();
  const pending = new Set(replicas.map(({ nodeId }) => nodeId));
  let there = 0;
  let said = "";
  return (nodeId, { bytes, isThere = false, isGone = false }) => {
    if (bytes !== undefined) sent.set(nodeId, bytes);
    if (isThere || isGone) pending.delete(nodeId);
    if (isThere) there += 1;
    const all = car.bytes * sent.size;
    const out = [...sent.values()].reduce((sum, each) => sum + each, 0);
    const waiting = pending.size === 0 ? "" : `; waiting for ${namesOf([...pending])}`;
    const verb = awaited === undefined ? "have" : "serve";
    let text = `Waiting until the nodes serve it${waiting}`;
    if (there > 0) text = `${there} of ${replicas.length} nodes ${verb} it${waiting}`;
    else if (out < all) text = `Uploaded ${out} of ${all} bytes${waiting}`;
    if (text === said) return;
    said = text;
    say(text);
  };
}

function reaches({ active, version }: Awaited): (status: ProjectStatus) => boolean {
  return (status) => (active ? (status.active ?? 0) === version : status.ready.includes(version));
}

/** What became of a replica: one that was given up is asked once more, for it may be there by now, or say why it is not. */
async function lastWord(
  { context: { signal }, projectId, awaited }: DeliverParameters,
  { uploaded: { nodeId, endpoint, ready, error }, liveMs }: Reached,
): Promise<Delivered> {
  const told = error?.message;
  if (awaited === undefined) return { nodeId, endpoint, ready, liveMs, error: told };
  if (liveMs !== undefined) return { nodeId, endpoint, ready: true, liveMs, error: undefined };
  const look = AbortSignal.any([signal, AbortSignal.timeout(LAST_LOOK_MS)]);
  const status = await projectStatusOrNone({ endpoint }, projectId, look).catch(() => undefined);
  signal.throwIfAborted();
  const nowMs = Math.max(0, Math.round(performance.now() - awaited.since));
  if (status !== undefined && reaches(awaited)(status)) {
    // One that was not asked in the meantime may be there for long: since when, nobody knows.
    return { nodeId, endpoint, ready: true, liveMs: ready ? nowMs : undefined, error: undefined };
  }
  const seconds = Math.ceil(nowMs / 1000);
  const code = status?.code === undefined ? "" : `: ${status.code}`;
  const late = `does not serve it after ${seconds} ${seconds === 1 ? "second" : "seconds"}${code}`;
  return { nodeId, endpoint, ready: false, liveMs: undefined, error: told ?? late };
}

function warning({ nodeId, ready, error }: Delivered, uploaded: ReplicaUpload | undefined): string[] {
  if (ready) return [];
  const name = `node ${nodeId}`;
  if (uploaded?.error?.code === "UPLOAD_TOO_SLOW") {
    return [`${name} has not taken the content yet, unlike others; it takes it from them once it can`];
  }
  // A node's own words begin with its name.
  const said = error?.replace(new RegExp(`^${name}:? `, "i"), "").replace(/\.$/, "") ?? "is not there yet";
  const words =
    uploaded?.error === undefined ? `${name} ${said}` : `${name} does not have the content: ${said}`;
  return [
    uploaded?.error instanceof NodeError ? `${words}; it takes it from the others once it is back` : words,
  ];
}
