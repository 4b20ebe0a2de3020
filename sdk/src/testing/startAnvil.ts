import { spawn } from "node:child_process";
import { anvilPath } from "./anvilPath.ts";

/** A chain of our own: anvil on a free port of 127.0.0.1. */
export interface Anvil {
  readonly rpcUrl: string;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
}

export interface StartAnvilParameters {
  /** More arguments, such as `--block-time 1`. Without it a block is mined for each transaction. */
  readonly args?: readonly string[];
}

const START_TIMEOUT_MS = 15_000;

/** Starts anvil with the rules of osaka. It dies with this process, also when that fails. */
export async function startAnvil({ args = [] }: StartAnvilParameters = {}): Promise<Anvil> {
  // Old states would go to disk, gigabytes of them, and stay below the home of whoever runs tests when anvil is killed.
  const states = ["--max-persisted-states", "0"];
  const options = ["--host", "127.0.0.1", "--port", "0", "--hardfork", "osaka", ...states];
  const child = spawn(anvilPath(), [...options, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => {
      kill();
      reject(new Error(`anvil did not listen within ${START_TIMEOUT_MS} ms`));
    }, START_TIMEOUT_MS);
    let text = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`anvil ended with ${code}: ${text}`)));
    child.stdout.on("data", (chunk) => {
      if (text.length > 20_000) return; // drained, no longer read
      text += String(chunk);
      const listening = /Listening on 127\.0\.0\.1:(\d+)/.exec(text);
      if (listening === null) return;
      clearTimeout(timer);
      resolve(Number(listening[1]));
    });
  });
  return {
    rpcUrl: `http://127.0.0.1:${port}`,
    async stop() {
      process.off("exit", kill);
      kill();
      await gone;
    },
  };
}
