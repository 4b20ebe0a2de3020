import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface RpcCall {
  readonly method: string;
  readonly params: unknown;
}

/** An RPC in front of a real chain, that can be made to lie or to fall silent. */
export interface RpcProxy {
  readonly url: string;
  /** Changes an answer; undefined takes it as it is. Throwing breaks the connection. */
  tamper: ((call: RpcCall, result: unknown) => unknown) | undefined;
  /** Accepts connections and never answers. */
  isSilent: boolean;
  /** How often it was asked, answered or not. */
  calls: number;
  stop(): Promise<void>;
}

/** Starts a proxy in front of the chain at `target`. */
export async function startRpcProxy(target: string): Promise<RpcProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      proxy.calls += 1;
      if (proxy.isSilent) return;
      const body = await textOf(request);
      const answer = await fetch(target, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      const document = (await answer.json()) as { result?: unknown };
      try {
        const changed = proxy.tamper?.(JSON.parse(body) as RpcCall, document.result);
        if (changed !== undefined) document.result = changed;
      } catch {
        request.socket.destroy();
        return;
      }
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(document));
    })().catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: RpcProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tamper: undefined,
    isSilent: false,
    calls: 0,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}
