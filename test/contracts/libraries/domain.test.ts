import assert from "node:assert/strict";
import fc from "fast-check";
import { bytesToHex, keccak256 } from "viem";
import { type CallLibrary, deployLibraries, type Outcome } from "../support/libraries.ts";

const ZONE = "worker3.localhost";
const PAGES =
  /^(www|api|app|admin|mail|ns1|ns2|status|docs|wpad|isatap|autodiscover|autoconfig|mta-sts|smtp|ns3|dns|login|account|security|abuse|postmaster|play|cdn|gateway|ipfs)$/;
const TECHNICAL = /^(nodes|wnam|enam|sam|weur|eeur|apac|oc|afr|me|[nvp][0-9]+)$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const hashOf = (text: string) => keccak256(bytesToHex(Uint8Array.from(text, (c) => c.charCodeAt(0))));

/** Every reason there is to refuse a domain; none: what it claims. Which reason comes first, no rule says. */
function judge(domain: string, zone: string): { reasons: Outcome[]; claims: unknown } {
  const reasons: Outcome[] = [];
  const refuse = (error: string, ...args: unknown[]) => reasons.push({ error, args: [domain, ...args] });

  if (domain.length < 3 || domain.length > 253) {
    refuse("DomainHasWrongLength", BigInt(domain.length));
    return { reasons, claims: undefined };
  }
  const strange = domain.search(/[^a-z0-9.-]/);
  if (strange !== -1) refuse("DomainHasWrongCharacter", BigInt(strange));
  const labels = domain.split(".");
  let end = -1;
  for (const label of labels) {
    end += 1 + label.length;
    if (!LABEL.test(label.replace(/[^a-z0-9-]/g, "x"))) refuse("DomainHasWrongLabel", BigInt(end));
  }
  if (labels.length === 1 || /^[0-9]+$/.test(labels.at(-1) ?? "")) refuse("DomainHasNoTopLevel");

  const inZone = domain === zone || domain.endsWith(`.${zone}`);
  const label = domain.slice(0, -zone.length - 1);
  if (!inZone) {
    return { reasons, claims: { key: hashOf(domain), inZone: false, reserved: false } };
  }
  if (domain === zone || label.includes(".")) refuse("NotOneLabelBelowZone");
  else if (label.length < 3) refuse("ZoneLabelHasWrongLength", BigInt(label.length));
  else if (/^..--/.test(label)) refuse("ZoneLabelLooksLikePunycode");
  else if (TECHNICAL.test(label)) refuse("NameIsReserved");
  return { reasons, claims: { key: hashOf(label), inZone: true, reserved: PAGES.test(label) } };
}

function agrees(outcome: Outcome, domain: string, zone: string): void {
  const { reasons, claims } = judge(domain, zone);
  if (reasons.length === 0) assert.deepEqual(outcome, { returned: claims }, domain);
  else
    assert.ok(
      reasons.some((reason) => isDeep(outcome, reason)),
      `${domain}: ${show(outcome)}, not ${show(reasons)}`,
    );
}

const isDeep = (a: unknown, b: unknown) => show(a) === show(b);
const show = (value: unknown) => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v));

const refuses = (error: string, domain: string, ...args: unknown[]): Outcome => ({
  error,
  args: [domain, ...args],
});

const letters = fc.constantFrom(..."abcxyz0189--nv");
const label = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: letters, minLength: 1, maxLength: 9 }) },
  { weight: 2, arbitrary: fc.string({ unit: letters, minLength: 60, maxLength: 66 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "-", "a-", "-a", "xn--a", "ab--c", "12", "www", "docs", "ns1"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom("nodes", "n12", "v3", "nx", "v1a", "n", "apac", "oc", "statuses", "n-1"),
  },
);
const mistake = fc.record({
  at: fc.nat(300),
  cut: fc.nat(1),
  put: fc.constantFrom("", "", ".", "-", "A", "_", "/", ":", "`", "{", " ", "\0", "\x80", "\xc3\xa9", "\xff"),
});
const labels = fc.oneof(
  { weight: 2, arbitrary: label.map((only) => [only]) },
  { weight: 1, arbitrary: fc.array(label, { minLength: 2, maxLength: 5 }) },
);
const end = fc.constantFrom(
  "",
  ".com",
  `.${ZONE}`,
  `.${ZONE}`,
  `.${ZONE}`,
  ZONE,
  `${ZONE}.`,
  `x.${ZONE}.org`,
);
const mistakes = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(mistake, { maxLength: 2 }));
const domains = fc.tuple(labels, end, mistakes).map(([labels, end, mistakes]) =>
  mistakes.reduce((text, { at, cut, put }) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + put + text.slice(index + cut);
  }, labels.join(".") + end),
);

describe("Domain", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });
  const parse = (domain: string, zone = ZONE) => call("parseDomain", domain, zone);

  it("agrees with the rules about thousands of domains, good ones and nearly good ones", async () => {
    const accepted = { inZone: 0, outside: 0 };
    await fc.assert(
      fc.asyncProperty(domains, async (domain) => {
        agrees(await parse(domain), domain, ZONE);
        const { reasons } = judge(domain, ZONE);
        if (reasons.length === 0) accepted[domain.endsWith(`.${ZONE}`) ? "inZone" : "outside"]++;
      }),
      { numRuns: 2_500 },
    );
    assert.ok(accepted.inZone > 100 && accepted.outside > 100, show(accepted));
  });

  it("agrees with the rules in other zones", async () => {
    for (const zone of ["abc", "a.b", "w3.example.co.uk", "a-zone-of-thirty-one-characters"]) {
      const ends = [zone, `.${zone}`, `${zone}.org`, `x${zone}`, `.${zone.slice(1)}`, `.x${zone}`];
      const all = ends.flatMap((end) =>
        ["", "name", "a.name", "ab", "x".repeat(63)].map((start) => start + end),
      );
      for (const domain of all) agrees(await parse(domain, zone), domain, zone);
    }
  });

  it("takes 3 to 253 characters", async () => {
    const long = (length: number) =>
      `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(length - 192)}`;
    assert.equal(long(253).length, 253);
    assert.ok("returned" in (await parse(long(253))));
    assert.deepEqual(await parse(long(254)), refuses("DomainHasWrongLength", long(254), 254n));
    assert.deepEqual(
      await parse("a".repeat(1_000)),
      refuses("DomainHasWrongLength", "a".repeat(1_000), 1_000n),
    );
    assert.ok("returned" in (await parse("a.b")));
    assert.deepEqual(await parse(".b"), refuses("DomainHasWrongLength", ".b", 2n));
    assert.deepEqual(await parse(""), refuses("DomainHasWrongLength", "", 0n));
  });

  it("takes labels of 1 to 63, wherever they stand", async () => {
    const [most, more] = ["a".repeat(63), "a".repeat(64)];
    for (const domain of [`${most}.org`, `x.${most}.org`, `x.${most}`])
      assert.ok("returned" in (await parse(domain)));
    assert.deepEqual(await parse(`${more}.org`), refuses("DomainHasWrongLabel", `${more}.org`, 64n));
    assert.deepEqual(await parse(`x.${more}.org`), refuses("DomainHasWrongLabel", `x.${more}.org`, 66n));
    assert.deepEqual(await parse(`x.${more}`), refuses("DomainHasWrongLabel", `x.${more}`, 66n));
  });

  it("refuses empty labels and hyphens at the ends of one", async () => {
    for (const [domain, index] of [
      [".example.org", 0n],
      ["a..org", 2n],
      ["example.org.", 12n],
      ["...", 0n],
      ["-a.org", 2n],
      ["a-.org", 2n],
      ["-.org", 1n],
      ["a.-b.org", 4n],
      ["a.b-.org", 4n],
      ["a.-org", 6n],
      ["a.org-", 6n],
    ] as const) {
      assert.deepEqual(await parse(domain), refuses("DomainHasWrongLabel", domain, index), domain);
    }
    for (const domain of ["a-b.org", "a--b.org", "xn--bcher-kva.example", "0.org", "3com.com"]) {
      assert.ok("returned" in (await parse(domain)), domain);
    }
  });

  it("refuses every other byte and says where", async () => {
    for (let byte = 0; byte < 256; byte++) {
      const character = String.fromCharCode(byte);
      const domain = `abc${character}def.org`;
      const outcome = await parse(domain);
      if (/[a-z0-9.-]/.test(character)) assert.ok("returned" in outcome, `byte ${byte}`);
      else assert.deepEqual(outcome, refuses("DomainHasWrongCharacter", domain, 3n), `byte ${byte}`);
    }
    assert.deepEqual(await parse("Example.org"), refuses("DomainHasWrongCharacter", "Example.org", 0n));
    assert.deepEqual(await parse("example.orG"), refuses("DomainHasWrongCharacter", "example.orG", 10n));
  });

  it("refuses a single label, and addresses", async () => {
    for (const domain of ["localhost", "127.0.0.1", "1.2", "a.0", "example.123"]) {
      assert.deepEqual(await parse(domain), refuses("DomainHasNoTopLevel", domain), domain);
    }
    for (const domain of ["1.a", "example.1a", "127.0.0.x", "a.0x7f"])
      assert.ok("returned" in (await parse(domain)));
  });

  it("knows a name of the zone by exactly one label of 3 to 63 characters", async () => {
    const name = (labels: string) => `${labels}.${ZONE}`;
    for (const text of ["abc", "a".repeat(63), "0a0"]) {
      const claims = { key: hashOf(text), inZone: true, reserved: false };
      assert.deepEqual(await parse(name(text)), { returned: claims });
    }
    assert.deepEqual(await parse(name("ab")), refuses("ZoneLabelHasWrongLength", name("ab"), 2n));
    assert.deepEqual(await parse(name("a")), refuses("ZoneLabelHasWrongLength", name("a"), 1n));
    assert.deepEqual(
      await parse(name("a".repeat(64))),
      refuses("DomainHasWrongLabel", name("a".repeat(64)), 64n),
    );
    for (const domain of [ZONE, name("deep.name"), name("a.b.c"), name("www.name")]) {
      assert.deepEqual(await parse(domain), refuses("NotOneLabelBelowZone", domain), domain);
    }
  });

  it("tells a domain that only ends like the zone from its names", async () => {
    for (const domain of [
      `my${ZONE}`,
      `a.my${ZONE}`,
      `a-${ZONE}`,
      `${ZONE}.org`,
      "localhost.org",
      "a.localhost",
    ]) {
      const claims = { key: hashOf(domain), inZone: false, reserved: false };
      assert.deepEqual(await parse(domain), { returned: claims }, domain);
    }
  });

  it("keeps punycode out of the zone, and only there", async () => {
    for (const label of ["xn--a", "ab--cd", "a1--2"]) {
      assert.deepEqual(
        await parse(`${label}.${ZONE}`),
        refuses("ZoneLabelLooksLikePunycode", `${label}.${ZONE}`),
      );
      assert.ok("returned" in (await parse(`${label}.org`)));
    }
    for (const label of ["a--b", "abc--d", "a-b-c", "ab-c"]) {
      assert.ok("returned" in (await parse(`${label}.${ZONE}`)), label);
    }
  });

  it("marks the names of the network's pages, and refuses those with a meaning", async () => {
    const pages = /\((.*)\)/.exec(PAGES.source)?.[1]?.split("|") ?? [];
    assert.equal(pages.length, 26);
    for (const label of pages) {
      const claims = { key: hashOf(label), inZone: true, reserved: true };
      assert.deepEqual(await parse(`${label}.${ZONE}`), { returned: claims });
      assert.deepEqual(await parse(`${label}.org`), {
        returned: { key: hashOf(`${label}.org`), inZone: false, reserved: false },
      });
    }
    const technical = [
      "nodes",
      "wnam",
      "enam",
      "sam",
      "weur",
      "eeur",
      "apac",
      "afr",
      "n12",
      "v37",
      "p42",
      `n${"1".repeat(62)}`,
    ];
    for (const label of technical) {
      assert.deepEqual(await parse(`${label}.${ZONE}`), refuses("NameIsReserved", `${label}.${ZONE}`));
    }
    for (const label of [
      "nx1",
      "v1a",
      "n1-1",
      "node",
      "nodes1",
      "wwww",
      "statuss",
      "m12",
      "u3v",
      "p1a",
      "q12",
      "ipfs2",
    ]) {
      const claims = { key: hashOf(label), inZone: true, reserved: false };
      assert.deepEqual(await parse(`${label}.${ZONE}`), { returned: claims }, label);
    }
  });

  it("takes as a zone what could be a domain, and nothing else: no name below it could ever be claimed", async () => {
    const long = `${"a".repeat(63)}.b`;
    for (const zone of ["worker3.localhost", "a.b", "x-y.co.uk", "0.org", "1.2.a3", long]) {
      assert.deepEqual(await call("checkZone", zone), { returned: undefined }, zone);
    }
    for (const zone of [
      "",
      ".",
      "localhost",
      "Worker3.org",
      "worker3..org",
      ".worker3.org",
      "worker3.org.",
      "-a.org",
      "a-.org",
      "a.-org",
      "a.org-",
      "my_zone.org",
      "a b.org",
      "a.123",
      "127.0.0.1",
      "a.org\0",
      "\xe9.org",
      `${"a".repeat(64)}.b`,
    ]) {
      assert.deepEqual(await call("checkZone", zone), { error: "ZoneIsNoDomain", args: [zone] }, zone);
    }
  });

  it("takes as a zone exactly what it takes as a domain elsewhere", async () => {
    const zones = fc
      .tuple(labels, fc.constantFrom("", ".com", ".1", ".a-"), mistakes)
      .map(([labels, end, mistakes]) =>
        mistakes.reduce((text, { at, cut, put }) => {
          const index = at % (text.length + 1);
          return text.slice(0, index) + put + text.slice(index + cut);
        }, labels.slice(0, 3).join(".") + end),
      );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(zones, async (zone) => {
        const isDomain = judge(zone, "another.zone").reasons.length === 0;
        const expected = isDomain ? { returned: undefined } : { error: "ZoneIsNoDomain", args: [zone] };
        assert.deepEqual(await call("checkZone", zone), expected, zone);
        if (isDomain) accepted++;
      }),
      { numRuns: 500 },
    );
    assert.ok(accepted > 50, `${accepted} were domains`);
  });
});
