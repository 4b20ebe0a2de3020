import assert from "node:assert/strict";
import fc from "fast-check";
import { type CallLibrary, deployLibraries, type Outcome } from "../support/libraries.ts";

const accepted: Outcome = { returned: undefined };

/** `https://host[:port]`, and no more than 128 bytes of it. */
function expected(endpoint: string, allowHttp: boolean): Outcome {
  if (endpoint.length > 128) return { error: "EndpointIsTooLong", args: [endpoint, BigInt(endpoint.length)] };
  const scheme = (allowHttp ? /^https?:\/\/(?=.)/s : /^https:\/\/(?=.)/s).exec(endpoint)?.[0];
  if (scheme === undefined) return { error: "EndpointHasNoScheme", args: [endpoint] };
  const strange = endpoint.slice(scheme.length).search(/[^a-z0-9.:[\]-]/);
  if (strange === -1) return accepted;
  return { error: "EndpointHasWrongCharacter", args: [endpoint, BigInt(scheme.length + strange)] };
}

const host = fc.oneof(
  fc.constantFrom("node.example.org", "[2001:db8::1]:8443", "192.0.2.7:443", "a", ""),
  fc.string({ unit: fc.constantFrom(..."abz019.-:[]"), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(..."abz019.-"), minLength: 110, maxLength: 130 }),
);
const scheme = fc.constantFrom(
  "https://",
  "https://",
  "https://",
  "http://",
  "HTTPS://",
  "https:/",
  "ftp://",
  "",
);
const mistake = fc.tuple(
  fc.nat(200),
  fc.nat(1),
  fc.constantFrom("", ..."/?#@%_ \n\"'<>\\A`{", "\0", "\x80", "\xc3\xa9"),
);
const endpoints = fc
  .tuple(scheme, host, fc.array(mistake, { maxLength: 1 }))
  .map(([scheme, host, mistakes]) =>
    mistakes.reduce((text, [at, cut, put]) => {
      const index = at % (text.length + 1);
      return text.slice(0, index) + put + text.slice(index + cut);
    }, scheme + host),
  );

describe("Endpoint", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  it("agrees with the rules about a thousand endpoints, good ones and nearly good ones", async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(endpoints, fc.boolean(), async (endpoint, allowHttp) => {
        const outcome = await call("checkEndpoint", endpoint, allowHttp);
        assert.deepEqual(outcome, expected(endpoint, allowHttp));
        kinds.add("error" in outcome ? outcome.error : "accepted");
      }),
      { numRuns: 1_000 },
    );
    assert.deepEqual([...kinds].toSorted(), [
      "EndpointHasNoScheme",
      "EndpointHasWrongCharacter",
      "EndpointIsTooLong",
      "accepted",
    ]);
  });

  it("takes at most 128 bytes", async () => {
    const most = `https://${"a".repeat(120)}`;
    assert.deepEqual(await call("checkEndpoint", most, false), accepted);
    assert.deepEqual(await call("checkEndpoint", `${most}a`, false), {
      error: "EndpointIsTooLong",
      args: [`${most}a`, 129n],
    });
  });

  it("wants a host behind the scheme", async () => {
    for (const [endpoint, allowHttp] of [
      ["", true],
      ["https://", true],
      ["http://", true],
      ["https:/a", true],
      ["http://a", false],
      ["xhttps://a", true],
      ["HTTPS://a", true],
    ] as const) {
      const refused = { error: "EndpointHasNoScheme", args: [endpoint] };
      assert.deepEqual(await call("checkEndpoint", endpoint, allowHttp), refused, endpoint);
    }
    assert.deepEqual(await call("checkEndpoint", "https://a", false), accepted);
    assert.deepEqual(await call("checkEndpoint", "http://a", true), accepted);
  });

  it("refuses every other byte and says where", async () => {
    for (let byte = 0; byte < 256; byte++) {
      const endpoint = `https://a${String.fromCharCode(byte)}b`;
      assert.deepEqual(
        await call("checkEndpoint", endpoint, false),
        expected(endpoint, false),
        `byte ${byte}`,
      );
    }
  });
});
