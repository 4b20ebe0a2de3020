import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeFunctionData } from "viem";
import { nodeRegistryAbi } from "../abi/index.ts";
import { projectAt } from "../contracts/names/claims.ts";
import { currentEpoch, pricesAt, times } from "../contracts/settlement/epochs.ts";
import { contractError } from "../errors/contractError.ts";
import { Worker3Error } from "../errors/Worker3Error.ts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";
import { testAccount } from "../testing/accounts.ts";
import { priceOf, setPrices } from "../testing/calls.ts";
import { createTestNetwork, type TestNetwork } from "../testing/createTestNetwork.ts";
import { TEST_PRICES } from "../testing/deployNetwork.ts";
import { amountOf, type Usage } from "./amountOf.ts";
import { checkDomain } from "./checkDomain.ts";
import { checkEndpoint } from "./checkEndpoint.ts";
import type { Prices } from "./prices.ts";
import { zoneLabel } from "./zoneLabel.ts";

const UINT64_MAX = (1n << 64n) - 1n;
const CAP_MAX = (1n << 40n) - 1n;

/** The code of what it throws; undefined when it does not. */
function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Worker3Error ? error.code : assert.fail(String(error));
  }
}

describe("the model on a real chain", () => {
  let net: TestNetwork;
  let admin: NetworkWriter;
  // The dearest and strangest prices that the contract takes.
  const later: Prices = {
    fromEpoch: 6,
    feeBps: 2_000,
    included: 999_983n,
    base: 999_999n,
    perMRequests: 999_999_937n,
    perMCpuMs: 1n,
    perGiB: 1_000_000_000n,
    perGiBStored: (1n << 24n) - 1n,
  };

  before(async () => {
    net = await createTestNetwork();
    admin = await net.as(testAccount(0));
    await net.toEpoch(4); // prices change at most once in late + 2 epochs
    await setPrices(admin, { prices: later });
  });
  after(() => net.stop());

  it("an epoch's prices are those that were announced for it", async () => {
    assert.deepEqual(await pricesAt(admin, { epoch: 6 }), later);
    assert.deepEqual(await pricesAt(admin, { epoch: 5 }), TEST_PRICES);
  });

  it("the price of 1,200 random receipts is the contract's, to the unit", async () => {
    const word = fc.oneof(
      fc.constantFrom(0n, 1n, UINT64_MAX, UINT64_MAX - 1n),
      fc.bigInt({ min: 0n, max: 1_000_000n }),
      fc.bigInt({ min: 0n, max: UINT64_MAX }),
      fc.integer({ min: 0, max: 63 }).map((bits) => (1n << BigInt(bits)) + 1n),
    );
    const cap = fc.oneof(fc.constantFrom(0n, 1n, CAP_MAX), fc.bigInt({ min: 0n, max: CAP_MAX }));
    const usage: fc.Arbitrary<Usage> = fc.record({
      requests: word,
      cpuMs: word,
      egressKiB: word,
      storedMiB: word,
    });
    const cases = fc.sample(fc.tuple(cap, usage, fc.boolean()), 1_200);
    const amounts = await Promise.all(
      cases.map(([c, u, old]) => priceOf(admin, { epoch: old ? 5 : 6, cap: c, usage: u })),
    );
    cases.forEach(([c, u, old], i) => {
      assert.equal(
        amountOf(old ? TEST_PRICES : later, c, u),
        amounts[i],
        JSON.stringify([c, u, old], String),
      );
    });
  });

  it("a domain is refused by the contract exactly where it is refused here, for the same reason", async () => {
    const zone = net.network.zone;
    const label = fc.oneof(
      fc.constantFrom(
        "",
        "a",
        "ab",
        "n1",
        "n12",
        "v007",
        "p7",
        "nodes",
        "weur",
        "at",
        "xn--a",
        "a-",
        "-a",
        "A",
        "12",
        "ü",
        "a".repeat(63),
        "a".repeat(64),
      ),
      fc.stringMatching(/^[a-z0-9-]{1,12}$/),
    );
    const domain = fc
      .tuple(
        fc.array(label, { minLength: 0, maxLength: 4 }),
        fc.constantFrom("", zone, `.${zone}`, ".example", "x"),
      )
      .map(([labels, end]) => `${labels.join(".")}${end}`);
    const who = testAccount(5).address;
    const domains = [...new Set(fc.sample(domain, { numRuns: 600, seed: 20_261_122 }))];
    const onChain = await Promise.all(
      domains.map((d) =>
        projectAt(admin, { domain: d, who }).then(
          () => undefined,
          (error) => error.code,
        ),
      ),
    );
    domains.forEach((d, i) => {
      const here = codeOf(() => {
        checkDomain(d);
        zoneLabel(d, zone);
      });
      assert.equal(here, onChain[i], d);
    });
    assert.ok(new Set(onChain).size >= 8, "the sample meets most of the rules");
  });

  it("an endpoint is refused by the contract exactly where it is refused here, for the same reason", async () => {
    const text = fc.oneof(
      fc.stringMatching(/^[a-z0-9.:[\]-]{0,20}$/),
      fc.string({ maxLength: 12 }),
      fc.constant("a".repeat(125)),
    );
    const endpoint = fc
      .tuple(fc.constantFrom("https://", "http://", "https:/", "ftp://", ""), text)
      .map((p) => p.join(""));
    for (const e of fc.sample(endpoint, 80)) {
      const data = encodeFunctionData({
        abi: nodeRegistryAbi,
        functionName: "register",
        args: [testAccount(5).address, 0, e, 100_000_000n],
      });
      const onChain = await admin.publicClient
        .call({ account: testAccount(0).address, to: net.network.contracts.nodeRegistry, data })
        .then(
          () => undefined,
          (cause) => (contractError(cause) as Worker3Error).code,
        );
      assert.equal(
        codeOf(() => checkEndpoint(e, { allowHttp: true })),
        onChain,
        e,
      );
    }
  });

  it("the clock of the contracts is the network file's", async () => {
    assert.deepEqual(await times(admin), net.network.times);
    assert.equal(await currentEpoch(admin), await net.epoch());
    await net.toEpoch(5);
    assert.equal(await currentEpoch(admin), 5);
  });
});
