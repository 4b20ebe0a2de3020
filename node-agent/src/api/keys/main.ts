/** The thread that computes with keys: a signature takes milliseconds, which the agent's only thread does not have. */
import { parentPort, workerData } from "node:worker_threads";
import { recoverKey } from "@worker3/sdk";
import type { Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { KeyResult, KeyTask } from "./messages.ts";

const operator = privateKeyToAccount(workerData as Hex);

async function resultOf(task: KeyTask): Promise<KeyResult> {
  const { id } = task;
  try {
    return { id, value: task.type === "sign" ? await operator.sign(task) : await recoverKey(task) };
  } catch (error) {
    return { id, error };
  }
}

// One after the other, so that each is answered as soon as it is done.
let last: Promise<void> = Promise.resolve();
parentPort?.on("message", (task: KeyTask) => {
  last = last.then(async () => parentPort?.postMessage(await resultOf(task)));
});
