/** A thread that keeps one compiler warm: standard JSON in, standard JSON out. */
import { parentPort } from "node:worker_threads";
import solc from "solc";

parentPort?.on("message", (input: string) => parentPort?.postMessage(solc.compile(input)));
