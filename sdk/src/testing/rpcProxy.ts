import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RpcCall {
  readonly method: string;
  readonly params: unknown;
}

/** An RPC in front of a real chain, that can be made to lie or to fall silent. */
export interface RpcProxy {
  readonly url: string;
  /** Changes an answer; undefined takes it as it is. Throwing a refusal answers so, anything else breaks the connection. */
  tamper: ((call: RpcCall, result: unknown) => unknown) | undefined;
  /**
   * Answers in the chain's place, which it may ask by `ask`, as often as it likes. Throwing as with `tamper`: so answers get
   * lost after the chain took what was asked.
   */
  answer: ((call: RpcCall, ask: (call: RpcCall) => Promise<unknown>) => Promise<unknown>) | undefined;
  /** The chain that answers. */
  target: string;
  /** Refuses what holds several questions. */
  refusesBatches: boolean;
  /** Each answer comes so much later, in ms. */
  delayMs: number;
  /** Accepts connections and never answers. */
  isSilent: boolean;
  /** How often it was asked, answered or not. */
  calls: number;
  /** How often it was asked several questions at once. */
  batches: number;
  stop(): Promise<void>;
}

type Question = RpcCall & { readonly id: number };

interface Answer {
  readonly jsonrpc?: string;
  readonly id: number;
  result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** How an RPC says no. */
export class RpcRefusal extends Error {
  readonly code: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: unknown;

  constructor(
    code: number,
    message: string,
    {
      status = 200,
      headers = {},
      data,
    }: { status?: number; headers?: Readonly<Record<string, string>>; data?: unknown } = {},
  ) {
    super(message);
    this.data = data;
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

function refuse(
  response: ServerResponse,
  asked: { id: number } | { id: number }[],
  refusal: RpcRefusal,
): void {
  const { code, message, status, headers, data } = refusal;
  const answers = [asked].flat().map(({ id }) => ({ jsonrpc: "2.0", id, error: { code, message, data } }));
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
}

/** Starts a proxy in front of the chain at `target`. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      proxy.calls += 1;
      if (proxy.isSilent) return;
      const body = await textOf(request);
      const asked = JSON.parse(body) as Question | Question[];
      if (Array.isArray(asked)) {
        proxy.batches += 1;
        if (proxy.refusesBatches) return refuse(response, { id: 0 }, new RpcRefusal(-32600, "no batches"));
      }
      let told: Answer | Answer[];
      try {
        const { answer } = proxy;
        if (answer === undefined) told = await answerOf(proxy.target, body);
        else {
          const each = [asked].flat().map(async ({ id, method, params }): Promise<Answer> => {
            const result = await answer({ method, params }, (call) => askChain(proxy.target, call));
            return { jsonrpc: "2.0", id, result };
          });
          const all = await Promise.all(each);
          told = Array.isArray(asked) ? all : (all[0] ?? []);
        }
        for (const call of [asked].flat()) {
          const one = [told].flat().find(({ id }) => id === call.id);
          const changed = proxy.tamper?.(call, one?.result);
          if (one !== undefined && changed !== undefined) one.result = changed;
        }
      } catch (error) {
        if (error instanceof RpcRefusal) return refuse(response, asked, error);
        request.socket.destroy();
        return;
      }
      if (proxy.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, proxy.delayMs));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(told));
    })().catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tamper: undefined,
    answer: undefined,
    target,
    refusesBatches: false,
    isSilent: false,
    delayMs: 0,
    calls: 0,
    batches: 0,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

async function answerOf(target: string, body: string): Promise<Answer | Answer[]> {
  const answer = await fetch(target, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return (await answer.json()) as Answer | Answer[];
}

/** One question to the chain; what it refuses with is thrown as it came. */
async function askChain(target: string, { method, params = [] }: RpcCall): Promise<unknown> {
  const told = await answerOf(target, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
  const [{ result, error } = { result: undefined, error: undefined }] = [told].flat();
  if (error === undefined) return result;
  throw new RpcRefusal(error.code, error.message, { data: error.data });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
