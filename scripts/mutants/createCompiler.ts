import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { z } from "zod";

/** What is asked of the compiler. Source: "Compiler Input and Output JSON Description" of Solidity's documentation. */
export const StandardInput = z.object({
  language: z.string(),
  sources: z.record(z.string(), z.object({ content: z.string() })),
  settings: z.looseObject({}),
});
export type StandardInput = z.infer<typeof StandardInput>;

const Bytecode = z.object({ object: z.string(), linkReferences: z.unknown() });
const StandardOutput = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).default([]),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          ir: z.string().default(""),
          evm: z
            .object({
              bytecode: Bytecode,
              deployedBytecode: Bytecode.extend({ immutableReferences: z.unknown() }),
            })
            .optional(),
        }),
      ),
    )
    .default({}),
});
export type StandardOutput = z.infer<typeof StandardOutput>;

export interface Compiler extends AsyncDisposable {
  /** One at a time. Errors of the sources are in the output. */
  compile(input: StandardInput, signal: AbortSignal): Promise<StandardOutput>;
}

/** The project's compiler, in a thread of its own: what starts it is paid once, and it can be stopped in the midst. */
export function createCompiler(): Compiler {
  const worker = new Worker(new URL("./compileWorker.ts", import.meta.url));
  return {
    async compile(input, signal) {
      const answer = once(worker, "message", { signal });
      worker.postMessage(JSON.stringify(input));
      const [output] = await answer;
      return StandardOutput.parse(JSON.parse(String(output)));
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}
