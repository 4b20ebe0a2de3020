import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { portHolder } from "./portHolder.ts";
import { portProblems } from "./portProblems.ts";

describe("a port in use", () => {
  const servers: Server[] = [];
  async function listen(host: string): Promise<number> {
    const server = createServer().listen({ host, port: 0 });
    servers.push(server);
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  for (const host of ["127.0.0.1", "0.0.0.0", "::"]) {
    it(`of ${host} is named with the process that holds it`, async () => {
      const port = await listen(host);
      const [problem = "", ...others] = await portProblems([port]);
      assert.deepEqual(others, []);
      assert.match(problem, new RegExp(`port ${port} is in use by pid ${process.pid} \\(.*mocha`));
    });
  }

  it("is in use no more when it was closed, and an open connection does not hold it", async () => {
    const port = await listen("127.0.0.1");
    assert.equal((await portHolder(port))?.pid, process.pid);
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
    assert.equal(await portHolder(port), undefined);
    assert.deepEqual(await portProblems([port]), []);
  });
});
