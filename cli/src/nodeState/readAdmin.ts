import { join } from "node:path";
import { Agent, request } from "undici";
import { CliError } from "../errors.ts";

const TIMEOUT_MS = 5_000;

/**
 * A document of the agent that runs in a folder, over its admin socket.
 *
 * @param path `/status`.
 * @throws {CliError} `NODE_NOT_RUNNING`, `NODE_ANSWER`.
 */
export async function readAdmin(
  state: string,
  { path, signal }: { readonly path: string; readonly signal?: AbortSignal | undefined },
): Promise<unknown> {
  const socketPath = join(state, "admin.sock");
  const dispatcher = new Agent({
    connect: { socketPath },
    pipelining: 0,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  try {
    const { statusCode, body } = await request(`http://node${path}`, {
      dispatcher,
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await body.text();
    if (statusCode !== 200) throw answerError(socketPath, `it answered ${statusCode}`);
    return parseJson(text, socketPath);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof CliError) throw cause;
    throw new CliError({
      code: "NODE_NOT_RUNNING",
      message: "No agent answers in this folder.",
      value: socketPath,
      next: "start it: worker3 node start, or name its folder with --state",
      cause,
    });
  }
}

function parseJson(text: string, socketPath: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw answerError(socketPath, "its answer is no JSON");
  }
}

function answerError(socketPath: string, what: string): CliError {
  return new CliError({
    code: "NODE_ANSWER",
    message: `The agent answered, and not as it should: ${what}.`,
    value: socketPath,
    next: "see the agent's log; command and agent should be of one version",
  });
}
