import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { FORBIDDEN } from "../cells/testing/forbiddenHosts.ts";
import { MACHINE, MACHINE_IPV6, PUBLIC, RESOLVER } from "../cells/testing/NetworkWorld.ts";
import { handler } from "./testing/attackedNode.ts";
import { confinedNode } from "./testing/confinedNode.ts";
import { networkAttack, type Visited } from "./testing/networkAttack.ts";

/** Long enough that what is measured is not the limit of CPU time. */
const BUSY = { compatibilityFlags: ["nodejs_compat"], limits: { cpuMs: 30_000 } };
const NOT_CONNECTED = "proxy request failed, cannot connect to the specified address";

/** What workerd says where its own rule refuses an address, or the firewall an IPv6 one. */
const REFUSED: Visited = {
  fetch: "internal error",
  connect: NOT_CONNECTED,
  net: NOT_CONNECTED,
  webSocket: "internal error",
};
/** What it says where the firewall refuses an IPv4 address that workerd would go to. */
const refusedByFirewall = (host: string): Visited => ({
  fetch: "Network connection lost.",
  connect: NOT_CONNECTED,
  net: `connect EHOSTUNREACH ${host}`,
  webSocket: "Network connection lost.",
});
const reached = (body: string): Visited => ({ fetch: body, connect: body, net: "open", webSocket: "200" });

/** Where a tenant's code may go by the network: the cells' own, real, on a node whose neighbours are being visited. */
describe("a hostile tenant in the cells' network", function () {
  this.timeout(120_000);
  const attacked = confinedNode();
  const { attack } = attacked;

  async function visits(name: string, hosts: readonly string[]): Promise<Record<string, Visited>> {
    const { status, body } = await attack(name, networkAttack(hosts), BUSY);
    assert.equal(status, 200, body);
    return JSON.parse(body) as Record<string, Visited>;
  }

  it("goes to public addresses and names, and of the machine to its web server", async () => {
    const mapped = `[::ffff:${MACHINE}]`;
    assert.deepEqual(
      await visits("public", [PUBLIC[0], "public.test", MACHINE, `[${MACHINE_IPV6}]`, mapped]),
      {
        [PUBLIC[0]]: reached(`around ${PUBLIC[0]}`),
        "public.test": reached(`around ${PUBLIC[0]}`),
        [MACHINE]: reached(`web ${MACHINE}`),
        [`[${MACHINE_IPV6}]`]: reached(`web ${MACHINE_IPV6}`),
        [mapped]: reached(`web ${MACHINE}`),
      },
    );
  });

  it("gets nowhere by what names this machine, a private network or a cloud, in any notation", async () => {
    const { file, args } = attacked.world.onMachine({ file: "ip", args: ["-4", "-o", "addr"] });
    const [, gateway = ""] =
      /inet (198\.1[89]\.[\d.]+)\//.exec(execFileSync(file, args, { encoding: "utf8" })) ?? [];
    assert.notEqual(gateway, "");
    const hosts = [
      ...FORBIDDEN,
      ...[`127.0.0.1:${attacked.node.edge.port}`, `${gateway}:8080`, `${RESOLVER}:53`, `${PUBLIC[0]}:25`],
      `[::ffff:${MACHINE}]:8080`,
    ];
    // The gateway's range is none that workerd knows for private.
    const firewalled = [`${gateway}:8080`, `${MACHINE}:8080`, `${PUBLIC[0]}:25`, `[::ffff:${MACHINE}]:8080`];
    const expected = hosts.map((host) => {
      if (firewalled.includes(host)) return [host, refusedByFirewall(host)];
      return [
        host,
        host === "localhost:8080" ? { ...REFUSED, net: "getaddrinfo ENOTFOUND localhost" } : REFUSED,
      ];
    });
    assert.deepEqual(await visits("private", hosts), Object.fromEntries(expected));
  });

  it("gets nowhere by a name that is public at the first look and private at the second", async () => {
    const first = `around ${PUBLIC[0]}`;
    assert.deepEqual(await visits("rebind", ["rebind.test"]), {
      "rebind.test": { ...REFUSED, fetch: first },
    });
    assert.deepEqual(await visits("rebound", ["rebind.test"]), { "rebind.test": REFUSED });
  });

  it("gets nowhere by a redirect of a public server to a private address", async () => {
    const { body } = await attack(
      "redirect",
      handler(`const said = {};
        for (const host of ["public.test", "169.254.169.254", "127.0.0.1:8080", "private.test"])
          said[host] = await fetch("http://${PUBLIC[0]}/to/" + host).then((answer) => answer.text(), (error) => error.message.split(";")[0]);
        return Response.json(said)`),
    );
    assert.deepEqual(JSON.parse(body), {
      "public.test": `around ${PUBLIC[0]}`,
      "169.254.169.254": REFUSED.fetch,
      "127.0.0.1:8080": REFUSED.fetch,
      "private.test": REFUSED.fetch,
    });
  });

  it("that asks a public server 10,000 times is served, out of its own time", async () => {
    const { status, body } = await attack(
      "subrequests",
      handler(`let answered = 0;
        for (let i = 0; i < 100; i++)
          await Promise.all(Array.from({ length: 100 }, () => fetch("http://${PUBLIC[0]}/").then((answer) => answer.text()).then(() => { answered += 1 })));
        return new Response(String(answered))`),
      BUSY,
    );
    assert.deepEqual([status, body], [200, "10000"]);
  });
});
