import assert from "node:assert/strict";
import { checkScheme, endpointDoubt, endpointExample } from "./nodeEndpoint.ts";

const devnet = { zone: "worker3.localhost" };
const main = { zone: "worker3.example" };
const own = new Set(["127.0.0.1", "10.0.0.5", "fd00::5"]);

describe("an endpoint and where its agent listens", () => {
  it("are told apart where both are of this machine, and nowhere else", () => {
    for (const [endpoint, host, port, doubt] of [
      ["http://127.0.0.1:21004", "127.0.0.1", 8080, /port 21004 .* listens on 127\.0\.0\.1:8080/],
      ["http://localhost:21004", "0.0.0.0", 8080, /port 21004/],
      ["http://[::1]:21004", "::1", 8080, /listens on \[::1\]:8080/],
      ["https://10.0.0.5", "0.0.0.0", 8443, /port 443/],
      ["http://[fd00::5]", "0.0.0.0", 8080, /port 80 /],
      ["http://127.0.0.1:21004", "127.0.0.1", 0, /another free port at each start/],
      ["http://10.0.0.5:8080", "127.0.0.1", 8080, /only this machine reaches/],
      ["http://127.0.0.1:8080", "127.0.0.1", 8080, undefined],
      ["http://10.0.0.5:8080", "0.0.0.0", 8080, undefined],
      // Of another machine nothing is known: a proxy may stand there.
      ["https://n1.example.com", "127.0.0.1", 8080, undefined],
      ["https://10.0.0.6", "127.0.0.1", 8080, undefined],
      ["no endpoint", "127.0.0.1", 8080, undefined],
    ] as const) {
      const found = endpointDoubt(endpoint, { host, port }, own);
      if (doubt === undefined) assert.equal(found, undefined, endpoint);
      else assert.match(found ?? "", doubt);
    }
  });

  it("are one in the example that a devnet's user is shown", () => {
    assert.equal(endpointExample(devnet, { host: "127.0.0.1", port: 21004 }), "http://127.0.0.1:21004");
    assert.equal(endpointExample(devnet, { host: "0.0.0.0", port: 9000 }), "http://127.0.0.1:9000");
    assert.equal(endpointExample(devnet, { host: "::1", port: 9000 }), "http://[::1]:9000");
    assert.equal(endpointExample(devnet, { host: "127.0.0.1", port: 0 }), "http://127.0.0.1:<port>");
    assert.equal(endpointExample(main, { host: "127.0.0.1", port: 8080 }), "https://<host>");
  });

  it("has a scheme that the network takes", () => {
    const next = (network: typeof main, endpoint: string) => {
      try {
        checkScheme(network, endpoint);
        return undefined;
      } catch (error) {
        return (error as { next?: string }).next;
      }
    };
    assert.equal(
      next(devnet, "127.0.0.1:21004"),
      "name the node as http://host[:port], or https://host[:port]",
    );
    assert.equal(next(main, "http://n1.example.com"), "name the node as https://host[:port]");
    assert.equal(next(main, "https://"), "name the node as https://host[:port]");
    assert.equal(next(devnet, "http://127.0.0.1:1"), undefined);
    assert.equal(next(main, "https://n1.example.com"), undefined);
  });
});
