import type { Readable } from "node:stream";
import type { createDAG } from "kubo-rpc-client";
import { type Dispatcher, request } from "undici";
import { foreignWords } from "../errors/foreignWords.ts";
import { KuboError } from "./KuboError.ts";

/** What `kubo-rpc-client` wants of its client, as far as its calls for DAGs and pins use it. */
export type KuboClient = Parameters<typeof createDAG>[0];

export interface KuboCall {
  readonly signal?: AbortSignal | undefined;
  readonly searchParams?: URLSearchParams | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Readable | undefined;
}

export interface KuboAnswer {
  json(): Promise<unknown>;
  /** A document a line. */
  ndjson(): AsyncGenerator<unknown, void, undefined>;
  iterator(): AsyncGenerator<Uint8Array, void, undefined>;
}

export interface KuboTransport {
  /** @throws {KuboError} `KUBO_REFUSED`; what undici throws; the signal's reason. */
  post(call: string, options?: KuboCall): Promise<KuboAnswer>;
}

/** A document, a line of several, or an error's text: no daemon says more at once. */
const MOST_BYTES = 1_048_576;
/** What the client's options leave among the parameters, and is nothing to the daemon. */
const NOT_SENT: ReadonlySet<string> = new Set(["signal", "paths", "metadata"]);

/**
 * The HTTP under `kubo-rpc-client`. Its own is `fetch`, which keeps a copy of all that is uploaded until the upload ends, lest
 * it be redirected; which reads an error to its end, however long that is; and which goes where it is sent.
 */
export function kuboTransport(base: string, own: Readonly<Record<string, string>>): KuboTransport {
  return {
    async post(call, { signal, searchParams, headers, body } = {}) {
      const url = new URL(`${base}/api/v0/${call}`);
      for (const [name, value] of searchParams ?? []) {
        if (!NOT_SENT.has(name)) url.searchParams.append(name, value);
      }
      const { statusCode, body: answer } = await request(url, {
        method: "POST",
        headers: { ...own, ...headers },
        ...(signal === undefined ? {} : { signal }),
        ...(body === undefined ? {} : { body }),
        // Whoever calls has a watch over silence.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      if (statusCode !== 200) throw refused(base, `${statusCode} ${saidIn(await textOf(base, answer))}`);
      return {
        json: async () => JSON.parse(await textOf(base, answer)),
        ndjson: () => linesOf(base, answer),
        iterator: () => piecesOf(answer),
      };
    },
  };
}

/** The same, as the client's calls take it. */
export function asKuboClient(transport: KuboTransport): KuboClient {
  // They use no more of it than `post`, and of an answer no more than is there.
  return transport as unknown as KuboClient;
}

async function* piecesOf(body: Dispatcher.ResponseData["body"]): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of body) yield piece as Uint8Array;
  } finally {
    // Destroyed before its end, undici's body tells so by an error that nobody waits for.
    body.on("error", () => undefined).destroy();
  }
}

async function textOf(base: string, body: Dispatcher.ResponseData["body"]): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of piecesOf(body)) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw refused(base, "with more than a document can be");
    parts.push(piece);
  }
  return Buffer.concat(parts).toString();
}

async function* linesOf(
  base: string,
  body: Dispatcher.ResponseData["body"],
): AsyncGenerator<unknown, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of piecesOf(body)) {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MOST_BYTES) throw refused(base, "with more than a document can be");
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line);
  }
  if (rest.trim() !== "") yield JSON.parse(rest);
}

/** What an error's document says; else its text. */
function saidIn(text: string): string {
  try {
    const { Message: message }: { Message?: unknown } = JSON.parse(text);
    return typeof message === "string" ? message : text;
  } catch {
    return text;
  }
}

/** What a daemon says is told so far. */
const MOST_TOLD = 300;

/** The daemon answered that it does not, or with something that is no answer of its. */
export function refused(url: string, said: string, cause?: unknown): KuboError {
  // Of a page, as a gateway answers, the first line is enough.
  const [line = ""] = said.trim().split("\n", 1);
  return new KuboError({
    code: "KUBO_REFUSED",
    message: `the IPFS daemon at ${url} answers: ${foreignWords(line, MOST_TOLD)}`,
    value: url,
    next: "see that the address is that of its RPC API, not of its gateway: ipfs config Addresses.API",
    cause,
  });
}
