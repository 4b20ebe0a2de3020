import assert from "node:assert/strict";
import { urlsOf } from "./replicas.ts";

describe("urlsOf", () => {
  const cases: [name: string, endpoints: string[], urls: string[]][] = [
    [
      "nodes at the usual port share an address",
      ["https://a.example", "https://b.example"],
      ["https://shop.worker3.dev"],
    ],
    [
      "a devnet's nodes have one each",
      ["http://127.0.0.1:8101", "http://127.0.0.1:8102"],
      ["http://shop.worker3.dev:8101", "http://shop.worker3.dev:8102"],
    ],
    ["a port of their own stays", ["https://[2001:db8::1]:8443"], ["https://shop.worker3.dev:8443"]],
    ["what is no endpoint says nothing", ["", "nonsense"], []],
  ];
  for (const [name, endpoints, urls] of cases) {
    it(name, () => {
      const replicas = endpoints.map((endpoint, nodeId) => ({ nodeId, endpoint }));
      assert.deepEqual(urlsOf("shop.worker3.dev", replicas), urls);
    });
  }
});
