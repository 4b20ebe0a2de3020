import {
  type Car,
  type Intent,
  NodeError,
  projectStatusOrNone,
  type Replica,
  type ReplicaUpload,
  UploadError,
  uploadCar,
} from "@worker3/sdk";
import { putCar } from "@worker3/sdk/node";
import type { BringTo } from "./deliver.ts";
import type { Patience } from "./patience.ts";

export interface UploadToParameters {
  readonly car: Car;
  readonly intent?: Intent | undefined;
  readonly patience: Patience;
  /** Whether the nodes may be a block behind a transaction that the upload needs. */
  readonly afterTransaction: boolean;
  /** A version that the chain names: a replica that has it already is left alone. */
  readonly known?: { readonly projectId: bigint; readonly version: number } | undefined;
  readonly signal: AbortSignal;
}

/** How a CAR is brought to a replica that does not have it. What the result throws is not the replica's fault. */
export function uploadTo(parameters: UploadToParameters): BringTo {
  const { car, intent, patience, afterTransaction, known, signal } = parameters;
  return async (replica, { giveUp, onSent }) => {
    const there: ReplicaUpload = { ...replica, ready: true, error: undefined };
    if (known !== undefined && (await holds(replica, known, AbortSignal.any([signal, giveUp])))) return there;
    try {
      await uploadCar({
        replica,
        car,
        put: putCar,
        intent,
        patienceMs: patience.uploadMs,
        behindMs: afterTransaction ? patience.behindMs : 0,
        giveUp,
        signal,
        onSent,
      });
      return there;
    } catch (error) {
      if (!(error instanceof UploadError || error instanceof NodeError)) throw error;
      return { ...replica, ready: false, error };
    }
  };
}

async function holds(
  replica: Replica,
  { projectId, version }: NonNullable<UploadToParameters["known"]>,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    return (await projectStatusOrNone(replica, projectId, signal))?.ready.includes(version) ?? false;
  } catch (error) {
    if (signal.aborted) return false; // the upload then says so
    throw error;
  }
}
