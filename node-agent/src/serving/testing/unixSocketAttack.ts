import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Attack } from "./attackedNode.ts";

/** A worker that tries to connect to unix sockets in every way that workerd offers, and tells what each attempt gave. */
function unixSocketAttack(paths: readonly string[]): string {
  return `
    import { connect } from "cloudflare:sockets";
    import http from "node:http";
    import net from "node:net";
    const opened = (socket) => new Promise((resolve, reject) => {
      socket.once("connect", () => resolve("open")).once("error", reject);
    });
    const ways = {
      fetch: async (path) => (await fetch("unix:" + path)).status,
      fetchHttpUnix: async (path) => (await fetch("http+unix://" + encodeURIComponent(path) + "/")).status,
      fetchHost: async (path) => (await fetch("http://" + encodeURIComponent(path) + "/")).status,
      fetchNamed: async (path) => (await fetch("http://unix:" + encodeURIComponent(path) + "/")).status,
      connect: async (path) => (await connect("unix:" + path).opened, "open"),
      connectBare: async (path) => (await connect(path).opened, "open"),
      connectHost: async (path) => (await connect({ hostname: "unix:" + path, port: 80 }).opened, "open"),
      connectAbstract: async (path) => (await connect({ hostname: "unix-abstract:" + path, port: 80 }).opened, "open"),
      net: (path) => opened(net.connect({ path })),
      netHost: (path) => opened(net.connect({ host: "unix:" + path, port: 80 })),
      http: (path) => new Promise((resolve, reject) => {
        http.request({ socketPath: path }, ({ statusCode }) => resolve(statusCode)).once("error", reject).end();
      }),
    };
    async function attempt(way, path) {
      try { return String(await way(path)) } catch (error) { return error.message }
    }
    export default { async fetch() {
      const said = {};
      for (const path of ${JSON.stringify(paths)}) {
        said[path] = {};
        for (const [name, way] of Object.entries(ways)) said[path][name] = await attempt(way, path);
      }
      return Response.json(said);
    } }`;
}

const NO_HOST = "Specified address is empty string, contains unsupported characters or is too long.";

/** What `unixSocketAttack` tells in a cell: nothing looks at the path. */
function noUnixSockets(paths: readonly string[]): object {
  return Object.fromEntries(
    paths.map((path) => [
      path,
      {
        fetch: `Fetch API cannot load: unix:${path}`,
        fetchHttpUnix: `Fetch API cannot load: http+unix://${encodeURIComponent(path)}/`,
        fetchHost: `Invalid URL: http://${encodeURIComponent(path)}/`,
        fetchNamed: `Invalid URL: http://unix:${encodeURIComponent(path)}/`,
        connect: "Specified address is missing port.",
        connectBare: "Specified address is missing hostname.",
        connectHost: NO_HOST,
        connectAbstract: NO_HOST,
        net: `The argument 'path' is not supported. Received '${path}'`,
        netHost: "Specified address is missing port.",
        http: "The options.socketPath option is not implemented",
      },
    ]),
  );
}

/**
 * Has a worker try the sockets of an agent, which listens there, and others; all in vain.
 *
 * @param home - the agent's state folder.
 */
export async function reachesNoUnixSocket(
  home: string,
  others: readonly string[],
  attack: (source: string) => Promise<Attack>,
): Promise<void> {
  const met: string[] = [];
  const agents = ["api.sock", "admin.sock"].map((name) => join(home, name));
  const listeners = agents.map((path) =>
    createServer((socket) => {
      met.push(path);
      socket.destroy();
    }).listen(path),
  );
  try {
    const paths = [...agents, ...others];
    const { status, body } = await attack(unixSocketAttack(paths));
    assert.equal(status, 200, body);
    assert.deepEqual(JSON.parse(body), noUnixSockets(paths));
    assert.deepEqual(met, []);
  } finally {
    for (const listener of listeners) listener.close();
  }
}
