import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { nodeUnreachable } from "../nodeApi/NodeError.ts";
import { readText } from "../nodeApi/readJson.ts";
import { PUT_ANSWER_MS, PUT_IDLE_MS, type PutAnswer, type PutCar, putRequest } from "../upload/putCar.ts";

/** A node that does not know the question sends no answer to it. */
const CONTINUE_MS = 1_000;
/** A node that takes a CAR slower than any line that is in use holds up who sends it. */
const SLOWEST_BYTES_PER_MS = 4;
/** A timer of more fires at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * Sends a CAR to one node. Asks first (`Expect: 100-continue`), so that a refusal costs no transfer and is heard. Ends whatever the
 * node does: a byte now and then is no answer.
 *
 * @throws {NodeError} `NODE_UNREACHABLE`, `NODE_TIMEOUT`; the signal's reason; what reading the CAR throws.
 */
export const putCar: PutCar = async (parameters) => {
  const { endpoint, car, idleMs = PUT_IDLE_MS, answerMs = PUT_ANSWER_MS, signal, onBytes } = parameters;
  signal?.throwIfAborted();
  const { url, headers } = putRequest(parameters);
  const sent = (url.startsWith("https:") ? requestHttps : requestHttp)(url, {
    method: "PUT",
    agent: false,
    timeout: idleMs,
    ...(signal && { signal }),
    headers: { ...headers, "content-length": car.bytes, expect: "100-continue" },
  });
  let late: Error | undefined;
  const end = (): void => {
    late ??= Object.assign(new Error("it did not answer"), { code: "ETIMEDOUT" });
    sent.destroy(late);
  };
  sent.once("timeout", end);
  let timer = setTimeout(
    end,
    Math.min(idleMs + answerMs + car.bytes / SLOWEST_BYTES_PER_MS, LONGEST_TIMER_MS),
  );
  const answered = answerOf(sent);
  answered.catch(() => undefined); // heard below
  try {
    if (await mayBegin(sent, answered)) await sendBody(sent, answered, counted(car.open(signal), onBytes));
    clearTimeout(timer);
    timer = setTimeout(end, answerMs);
    return await read(await answered, url);
  } catch (cause) {
    signal?.throwIfAborted();
    // What breaks off because it was ended here says that it broke off.
    if (late !== undefined) throw nodeUnreachable(endpoint, late);
    throw isConnection(cause) ? nodeUnreachable(endpoint, cause) : cause;
  } finally {
    clearTimeout(timer);
    sent.destroy();
  }
};

function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("response", resolve);
    sent.on("error", reject);
  });
}

/** Whether to send the body: yes when asked to go on, or when nothing is said; no when the answer is there already. */
async function mayBegin(sent: ClientRequest, answered: Promise<IncomingMessage>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const going = new Promise<boolean>((resolve) => {
    sent.once("continue", () => resolve(true));
    sent.once("socket", (socket) => {
      const wait = (): void => {
        timer = setTimeout(() => resolve(true), CONTINUE_MS);
      };
      if (socket.connecting) socket.once("connect", wait);
      else wait();
    });
  });
  sent.flushHeaders();
  try {
    return await Promise.race([going, answered.then(() => false)]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Writes the body, no faster than it goes out. By hand, not by `pipeline`: an answer that comes before the end, a
 * refusal, has to survive it.
 */
async function sendBody(
  sent: ClientRequest,
  answered: Promise<IncomingMessage>,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  let early = false;
  answered.then(
    () => {
      early = true;
    },
    () => undefined,
  );
  for await (const part of body) {
    if (early) return;
    if (!sent.write(part)) await Promise.race([drained(sent), answered]);
  }
  sent.end();
}

function drained(sent: ClientRequest): Promise<void> {
  return new Promise((resolve) => sent.once("drain", resolve));
}

async function read(answer: IncomingMessage, url: string): Promise<PutAnswer> {
  const text = await readText(answer, url);
  return { status: answer.statusCode ?? 0, retryAfter: answer.headers["retry-after"], text };
}

async function* counted(
  car: AsyncIterable<Uint8Array>,
  onBytes: ((bytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const part of car) {
    yield part;
    onBytes?.(part.length);
  }
}

/** Errors of the socket have a code of the system's; those of the CAR's source do not. */
function isConnection(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("code" in cause)) return false;
  return /^(E[A-Z]+|ERR_STREAM_PREMATURE_CLOSE|ERR_TLS_.*|CERT_.*|DEPTH_.*|UNABLE_.*|HPE_.*)$/.test(
    String(cause.code),
  );
}
