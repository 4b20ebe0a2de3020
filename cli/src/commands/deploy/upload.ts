import {
  type Car,
  type Intent,
  projectStatusOrNone,
  type Replica,
  type ReplicaUpload,
  uploadToReplicas,
} from "@worker3/sdk";
import { putCar } from "@worker3/sdk/node";
import type { CommandContext } from "../../context/CommandContext.ts";
import type { Patience } from "./patience.ts";

export interface UploadParameters {
  readonly context: CommandContext;
  readonly car: Car;
  readonly replicas: readonly Replica[];
  readonly intent?: Intent | undefined;
  readonly patience: Patience;
  /** Whether the nodes may be a block behind a transaction that the upload needs. */
  readonly afterTransaction: boolean;
  /** A version that the chain names: replicas that have it already are left alone. */
  readonly known?: { readonly projectId: bigint; readonly version: number } | undefined;
}

/**
 * Brings a CAR to the replicas that need it, and says how far it is.
 *
 * @throws {UploadError} `UPLOAD_FAILED`.
 */
export async function upload(
  parameters: UploadParameters,
): Promise<{ uploads: ReplicaUpload[]; uploadMs: number }> {
  const { context, car, replicas, intent, patience, known } = parameters;
  const { signal } = context;
  const begun = performance.now();
  using progress = context.progress(`Uploading ${car.bytes} bytes to ${replicas.length} nodes`);
  const has = await Promise.all(
    replicas.map(async (replica) => {
      if (known === undefined) return false;
      const status = await projectStatusOrNone(replica, known.projectId, signal);
      return status?.ready.includes(known.version) ?? false;
    }),
  );
  const needing = replicas.filter((_, index) => !has[index]);
  const sent =
    needing.length === 0
      ? []
      : await uploadToReplicas({
          replicas: needing,
          car,
          put: putCar,
          intent,
          patienceMs: patience.uploadMs,
          behindMs: parameters.afterTransaction ? patience.behindMs : 0,
          signal,
          onProgress: (bytes, all) => progress.update(`Uploaded ${bytes} of ${all} bytes`),
        });
  progress.done();
  for (const { nodeId, error } of sent) {
    if (error !== undefined) context.note(`Node ${nodeId} does not have the content: ${error.message}`);
  }
  const outcomes = new Map(sent.map((each) => [each.nodeId, each]));
  const uploads = replicas.map(
    (replica) => outcomes.get(replica.nodeId) ?? { ...replica, ready: true, error: undefined },
  );
  return { uploads, uploadMs: Math.round(performance.now() - begun) };
}
