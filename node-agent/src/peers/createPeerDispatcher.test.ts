import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Agent, request } from "undici";
import { AddressRefusedError } from "./AddressRefusedError.ts";
import { createPeerDispatcher } from "./createPeerDispatcher.ts";

describe("createPeerDispatcher", () => {
  let server: Server;
  let port = 0;
  let hits = 0;
  let dispatcher: Agent | undefined;

  before(async () => {
    server = createServer((_, response) => {
      hits += 1;
      response.end("private");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    hits = 0;
  });
  afterEach(() => dispatcher?.destroy());

  async function get(
    url: string,
    options: { allow?: boolean; answers?: LookupAddress[][] } = {},
  ): Promise<string> {
    const { answers } = options;
    dispatcher = createPeerDispatcher({
      allowPrivateAddresses: options.allow ?? false,
      connectTimeoutMs: 30_000,
      ...(answers === undefined ? {} : { resolve: (_, callback) => callback(null, answers.shift() ?? []) }),
    });
    return (await request(url, { dispatcher })).body.text();
  }

  const refused = (error: unknown): boolean => error instanceof AddressRefusedError;

  it("does not connect to a private address, however it is written", async () => {
    const hosts = [
      "127.0.0.1",
      "127.1",
      "2130706433",
      "0x7f000001",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "localhost",
    ];
    for (const host of hosts) await assert.rejects(get(`http://${host}:${port}/`), refused, host);
    assert.equal(hits, 0);
  });

  it("does not connect where a name leads to a private address", async () => {
    const answers = [[{ address: "127.0.0.1", family: 4 }]];
    await assert.rejects(get(`http://node.example:${port}/`, { answers }), (error) => {
      assert.ok(refused(error));
      assert.match((error as AddressRefusedError).value ?? "", /^node\.example \(127\.0\.0\.1\)$/);
      return true;
    });
    assert.equal(hits, 0);
  });

  it("a name is asked for once: no second answer can differ from the one that was checked", async () => {
    const answers = [
      [
        { address: "127.0.0.1", family: 4 },
        { address: "192.0.2.1", family: 4 },
      ],
      [{ address: "127.0.0.1", family: 4 }],
    ];
    await assert.rejects(get(`http://node.example:${port}/`, { answers }), refused);
    assert.equal(answers.length, 1);
    assert.equal(hits, 0);
  });

  it("connects on a devnet, where private addresses are allowed", async () => {
    assert.equal(await get(`http://127.0.0.1:${port}/`, { allow: true }), "private");
    const answers = [[{ address: "127.0.0.1", family: 4 }]];
    assert.equal(await get(`http://node.example:${port}/`, { allow: true, answers }), "private");
  });
});
