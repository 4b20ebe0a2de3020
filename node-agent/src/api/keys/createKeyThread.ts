import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { RecoverKeyParameters } from "@worker3/sdk";
import type { Address, Hash, Hex } from "viem";
import { ApiError } from "../ApiError.ts";
import type { KeyResult, KeyTask } from "./messages.ts";

/** What strangers make the agent compute with keys. It is computed in a thread of its own, and remembered for a while. */
export interface KeyThread extends AsyncDisposable {
  /**
   * The operator's signature, 65 bytes.
   *
   * @throws {ApiError} `NODE_BUSY`: too much waits already.
   */
  sign(hash: Hash): Promise<Hex>;
  /**
   * As `recoverKey` of the sdk.
   *
   * @throws {ApiError} `NODE_BUSY`.
   */
  recoverKey(signed: RecoverKeyParameters): Promise<Address | undefined>;
}

/** A third of a second's work, behind which nobody waits. */
const MAX_WAITING = 64;
/** The results of the last so many questions. */
const MAX_REMEMBERED = 1_024;
/** Longer ones are no signature. */
const MAX_SIGNATURE_LENGTH = 2 + 2 * 65;
const HEAP_MIB = 128;

/**
 * The thread begins with the first question, and anew with the next one where it died.
 *
 * @param secret - the operator's key.
 */
export function createKeyThread(secret: Hex): KeyThread {
  const waiting = new Map<number, PromiseWithResolvers<string | undefined>>();
  const remembered = new Map<string, Promise<string | undefined>>();
  let worker: Worker | undefined;
  let nextId = 1;

  function begin(): Worker {
    const main = new URL(`./main${extname(import.meta.url)}`, import.meta.url);
    const begun = new Worker(main, {
      name: "keys",
      workerData: secret,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    });
    let reason: unknown = new Error("the thread that computes with keys ended");
    begun.on("message", ({ id, value, error }: KeyResult) => {
      const question = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) question?.resolve(value);
      else question?.reject(error);
    });
    begun.once("error", (error) => {
      reason = error;
    });
    begun.once("exit", () => {
      worker = undefined;
      for (const question of waiting.values()) question.reject(reason);
      waiting.clear();
    });
    // Whoever waits for it has something else that keeps the process.
    begun.unref();
    return begun;
  }

  function compute(task: KeyTask): Promise<string | undefined> {
    if (waiting.size >= MAX_WAITING) {
      throw new ApiError({
        code: "NODE_BUSY",
        message: "the node has too many signatures to look at",
        value: String(waiting.size),
        next: "ask again in a moment",
      });
    }
    const question = Promise.withResolvers<string | undefined>();
    waiting.set(task.id, question);
    worker ??= begin();
    worker.postMessage(task);
    return question.promise;
  }

  /** Who asks the same again, or at the same time, has it computed once. */
  function ask(key: string, task: KeyTask): Promise<string | undefined> {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const result = compute(task);
    remembered.set(key, result);
    result.catch(() => remembered.delete(key));
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return result;
  }

  return {
    async sign(hash) {
      return (await ask(hash, { type: "sign", id: nextId++, hash })) as Hex;
    },
    async recoverKey({ hash, signature }) {
      if (signature.length > MAX_SIGNATURE_LENGTH) return undefined;
      const task = { type: "recover", id: nextId++, hash, signature } as const;
      return (await ask(`${hash} ${signature}`, task)) as Address | undefined;
    },
    async [Symbol.asyncDispose]() {
      await worker?.terminate();
    },
  };
}
