import assert from "node:assert/strict";
import { mayBeCostly, OwnHostRates } from "./OwnHostRates.ts";

const NODE = "/.well-known/worker3/node";
const get = (path: string, rawHeaders: string[] = []) => ({ method: "GET", path, rawHeaders });
const PLAIN = get(NODE);
const COSTLY = get(`${NODE}?nonce=0x12`);

describe("what may cost the node something", () => {
  for (const path of [NODE, "/.well-known/worker3/projects/7", "/ipfs/bafy", "/ipfs/bafy?format=car", "/x"])
    it(`is not GET ${path}`, () => assert.equal(mayBeCostly(get(path)), false));

  for (const path of [
    `${NODE}?nonce=0x12`,
    `${NODE}?`,
    "/.well-known/worker3/n%6fde",
    "/ipfs/../.well-known/worker3/node?nonce=0x12",
    "/ipfs/x/../../.well-known/worker3/node",
    "/ipfs/..\\.well-known\\worker3\\node?nonce=0x12",
    "/ipfs/%2e%2e/.well-known/worker3/node?nonce=0x12",
  ])
    it(`is GET ${path}`, () => assert.equal(mayBeCostly(get(path)), true));

  it("is what is signed, and what changes something", () => {
    assert.equal(mayBeCostly(get(NODE, ["Host", "x", "Worker3-Request", "y"])), true);
    assert.equal(mayBeCostly(get(NODE, ["x", "worker3-request"])), false);
    for (const method of ["PUT", "POST", "DELETE"])
      assert.equal(mayBeCostly({ ...PLAIN, method }), true, method);
  });
});

describe("how often the node itself may be asked", () => {
  const rates = () => new OwnHostRates({ perClient: 20, total: 30, costlyPerClient: 1, costlyTotal: 2 });
  const count = (all: OwnHostRates, request: typeof PLAIN, address: string, nowMs: number) => {
    let admitted = 0;
    while (all.admit(request, { address }, nowMs) === undefined) admitted += 1;
    return admitted;
  };

  it("is so often for each address, and so often in all; of IPv6 64 bits are one", () => {
    const all = rates();
    assert.equal(count(all, PLAIN, "192.0.2.1", 0), 200);
    assert.equal(count(all, PLAIN, "2001:db8::1", 0), 100);
    assert.equal(count(all, PLAIN, "2001:db8:0:1::1", 0), 0);
    assert.equal(count(all, PLAIN, "2001:db8::2", 60_000), 200);
    assert.equal(count(all, PLAIN, "2001:db8::3", 60_000), 0);
  });

  it("is less often where it is costly, which costs nobody what is not", () => {
    const all = rates();
    assert.equal(count(all, COSTLY, "192.0.2.1", 0), 10);
    assert.equal(count(all, COSTLY, "192.0.2.2", 0), 10);
    assert.equal(count(all, COSTLY, "192.0.2.3", 0), 0);
    assert.equal(count(all, PLAIN, "192.0.2.1", 0), 190);
    assert.equal(count(all, COSTLY, "192.0.2.3", 2_000), 4);
  });

  it("is told with when to come again", () => {
    const all = rates();
    count(all, COSTLY, "192.0.2.1", 0);
    assert.deepEqual(all.admit(COSTLY, { address: "192.0.2.1" }, 0), {
      status: 429,
      code: "TOO_MANY_REQUESTS",
      message: "this address asks the node too often",
      retryAfterSeconds: 1,
    });
  });
});
