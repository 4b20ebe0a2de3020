import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { nodeCount } from "../contracts/nodes/node.ts";
import { requiredContracts } from "../contracts/table.ts";
import { readDomains } from "../queries/domains.ts";
import { exampleAddresses } from "../testing/exampleAddresses.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import { checkNetwork } from "./checkNetwork.ts";
import { createNetworkClient, type NetworkClient } from "./createNetworkClient.ts";

const HTML = "text/html";
const JSON_TYPE = "application/json";

describe("what answers where an RPC should", () => {
  let server: Server;
  let client: NetworkClient;
  let host: string;
  let answer: { readonly status: number; readonly type: string; readonly body: string };

  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const times = {
      genesis: 0,
      epochSeconds: 20,
      late: 4,
      dispute: 3,
      decide: 5,
      creditThaw: 6,
      stakeThaw: 19,
    };
    client = createNetworkClient({
      network: {
        chainId: 31_337,
        rpcUrls: [`http://${host}/secret-key`],
        zone: "worker3.localhost",
        contracts: exampleAddresses(requiredContracts),
        deploymentBlock: 0n,
        times,
      },
    });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const result = (value: unknown): string => JSON.stringify({ jsonrpc: "2.0", id: 1, result: value });
  const answers: readonly (readonly [code: string, status: number, type: string, body: string])[] = [
    ["RPC_UNREACHABLE", 200, HTML, "<html>Please log in</html>"],
    ["RPC_UNREACHABLE", 200, JSON_TYPE, "{"],
    ["RPC_UNREACHABLE", 200, JSON_TYPE, "{}"],
    ["RPC_UNREACHABLE", 200, JSON_TYPE, "null"],
    ["RPC_UNREACHABLE", 200, JSON_TYPE, "[]"],
    ["RPC_UNREACHABLE", 200, JSON_TYPE, '"x"'],
    ["RPC_UNREACHABLE", 200, JSON_TYPE, result(null)],
    ["RPC_UNREACHABLE", 200, JSON_TYPE, result("zz")],
    ["RPC_UNREACHABLE", 200, JSON_TYPE, result({})],
    ["RPC_FAILED", 404, HTML, "not found"],
    ["RPC_FAILED", 401, JSON_TYPE, '{"error":"unauthorized"}'],
    ["RPC_FAILED", 200, JSON_TYPE, '{"jsonrpc":"2.0","id":1,"error":"odd"}'],
    ["RPC_FAILED", 200, JSON_TYPE, '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"odd"}}'],
  ];
  for (const [code, status, type, body] of answers) {
    it(`${status} ${body} is an error that names the host, without its key, and what to do`, async () => {
      answer = { status, type, body };
      for (const ask of [
        () => checkNetwork(client),
        () => nodeCount(client),
        () => readDomains(client, { projectId: 1n, signal: undefined }),
      ]) {
        const error = await rejectsCode(ask(), code);
        assert.equal(error.value, host);
        assert.match(error.next ?? "", /--rpc/);
        assert.doesNotMatch(JSON.stringify(error), /secret-key/);
      }
    });
  }
});
