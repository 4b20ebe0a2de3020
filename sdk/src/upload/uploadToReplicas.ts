import type { Worker3Error } from "../errors/Worker3Error.ts";
import type { Car } from "../node/putCar.ts";
import { NodeError } from "../nodeApi/NodeError.ts";
import type { Replica } from "../nodeApi/Replica.ts";
import type { Intent } from "./createIntent.ts";
import { UploadError } from "./UploadError.ts";
import { uploadCar } from "./uploadCar.ts";

export interface UploadToReplicasParameters {
  readonly replicas: readonly Replica[];
  readonly car: Car;
  readonly intent?: Intent | undefined;
  /** See `uploadCar`. */
  readonly patienceMs?: number | undefined;
  /** See `uploadCar`. */
  readonly behindMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes that went out and those that have to, over all replicas. */
  readonly onProgress?: ((sentBytes: number, allBytes: number) => void) | undefined;
}

/** Whether one replica has the content. */
export interface ReplicaUpload extends Replica {
  readonly ready: boolean;
  /** Why not. */
  readonly error: Worker3Error | undefined;
}

/**
 * Brings a CAR to all replicas at once. One that fails does not stop the others.
 *
 * @returns Each replica's outcome, in order; at least one is ready.
 * @throws {UploadError} `UPLOAD_FAILED`: none took it; the message has the reason of each.
 */
export async function uploadToReplicas(parameters: UploadToReplicasParameters): Promise<ReplicaUpload[]> {
  const { replicas, car, onProgress, ...options } = parameters;
  const sent = new Map<number, number>();
  const report = (nodeId: number, bytes: number): void => {
    sent.set(nodeId, bytes);
    let all = 0;
    for (const each of sent.values()) all += each;
    onProgress?.(all, car.bytes * replicas.length);
  };
  const outcomes = await Promise.all(
    replicas.map(async (replica): Promise<ReplicaUpload> => {
      try {
        await uploadCar({ ...options, replica, car, onSent: (bytes) => report(replica.nodeId, bytes) });
        report(replica.nodeId, car.bytes);
        return { ...replica, ready: true, error: undefined };
      } catch (error) {
        if (!(error instanceof UploadError || error instanceof NodeError)) throw error;
        return { ...replica, ready: false, error };
      }
    }),
  );
  if (outcomes.some(({ ready }) => ready)) return outcomes;
  const reasons = outcomes.map(({ nodeId, error }) => `node ${nodeId}: ${error?.message ?? ""}`);
  throw new UploadError({
    code: "UPLOAD_FAILED",
    message:
      reasons.length === 0
        ? "The project has no replica to upload to."
        : `No replica took the content. ${reasons.join(" ")}`,
    value: car.cid,
    next: "try again; worker3 project show tells the replicas, worker3 project nodes changes them",
  });
}
