import { once } from "node:events";
import { createServer } from "node:http";

export interface Served {
  type: string;
  body: string | Uint8Array;
}

export interface PageServer {
  /** `http://127.0.0.1:{port}` */
  origin: string;
  close(): Promise<void>;
}

/**
 * Serves what the map has for each path, to this machine only; scripts of other origins are forbidden, and connections but
 * to `others`.
 */
export async function servePage(
  resources: ReadonlyMap<string, Served>,
  others: readonly string[] = [],
): Promise<PageServer> {
  const connect = ["'self'", ...others].join(" ");
  const server = createServer((request, response) => {
    const found = resources.get(request.url ?? "");
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": found.type,
      "content-security-policy": `default-src 'none'; script-src 'self'; connect-src ${connect}; img-src data:`,
      "x-content-type-options": "nosniff",
    });
    response.end(found.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
