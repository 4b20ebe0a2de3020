/** What a worker was told when it went to a host, way by way. */
export interface Visited {
  readonly fetch: string;
  readonly connect: string;
  readonly net: string;
  readonly webSocket: string;
}

/** A worker that goes to hosts (`name` or `name:port`) in every way that workerd offers, and tells what each gave. */
export function networkAttack(hosts: readonly string[]): string {
  return `
    import { connect } from "cloudflare:sockets";
    import net from "node:net";
    const ask = new TextEncoder().encode("GET / HTTP/1.0\\r\\n\\r\\n");
    const ways = {
      fetch: async (host) => (await fetch("http://" + host + "/")).text(),
      async connect(host) {
        const socket = connect(at(host));
        await socket.opened;
        await socket.writable.getWriter().write(ask);
        return (await new Response(socket.readable).text()).split("\\r\\n\\r\\n")[1];
      },
      net: (host) => new Promise((resolve, reject) => {
        const { hostname, port } = at(host);
        net.connect({ host: hostname, port }).once("connect", () => resolve("open")).once("error", reject);
      }),
      async webSocket(host) {
        return (await fetch("http://" + host + "/", { headers: { upgrade: "websocket" } })).status;
      },
    };
    function at(host) {
      const [, hostname, port = "80"] = /^(\\[.*\\]|[^:]*)(?::(\\d+))?$/.exec(host);
      return { hostname, port: Number(port) };
    }
    async function attempt(way, host) {
      const silent = scheduler.wait(10_000).then(() => "silent");
      try { return String(await Promise.race([way(host), silent])) } catch (error) { return error.message.replace(/; reference = .*|[.] It looks like you .*/, "") }
    }
    async function visit(host) {
      const said = {};
      for (const [name, way] of Object.entries(ways)) said[name] = await attempt(way, host);
      return [host, said];
    }
    export default { async fetch() {
      return Response.json(Object.fromEntries(await Promise.all(${JSON.stringify(hosts)}.map(visit))));
    } }`;
}
