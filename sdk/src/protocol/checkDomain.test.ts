import assert from "node:assert/strict";
import { throwsCode } from "../testing/throwsCode.ts";
import { checkDomain } from "./checkDomain.ts";

const label63 = "a".repeat(63);

describe("checkDomain", () => {
  const good = [
    "a.b",
    "shop.example.org",
    "1and1.de",
    "a--b.example",
    "xn--bcher-kva.example",
    `${label63}.com`,
    "1.2.3.4a",
  ];
  for (const domain of good) it(`takes ${domain.slice(0, 30)}`, () => checkDomain(domain));

  const bad: [domain: string, code: string][] = [
    ["", "DOMAIN_HAS_WRONG_LENGTH"],
    ["ab", "DOMAIN_HAS_WRONG_LENGTH"],
    [`${`${label63}.`.repeat(4)}a`, "DOMAIN_HAS_WRONG_LENGTH"],
    ["abc", "DOMAIN_HAS_NO_TOP_LEVEL"],
    ["1.2.3.4", "DOMAIN_HAS_NO_TOP_LEVEL"],
    ["a.0", "DOMAIN_HAS_NO_TOP_LEVEL"],
    ["A.com", "DOMAIN_HAS_WRONG_CHARACTER"],
    ["a_b.com", "DOMAIN_HAS_WRONG_CHARACTER"],
    ["bücher.de", "DOMAIN_HAS_WRONG_CHARACTER"],
    ["a b.com", "DOMAIN_HAS_WRONG_CHARACTER"],
    [".com", "DOMAIN_HAS_WRONG_LABEL"],
    ["a..com", "DOMAIN_HAS_WRONG_LABEL"],
    ["a.com.", "DOMAIN_HAS_WRONG_LABEL"],
    ["-a.com", "DOMAIN_HAS_WRONG_LABEL"],
    ["a-.com", "DOMAIN_HAS_WRONG_LABEL"],
    [`${label63}a.com`, "DOMAIN_HAS_WRONG_LABEL"],
  ];
  it("counts characters as a person does, from 1", () => {
    const rows: [domain: string, message: RegExp][] = [
      ["Plain.com", /^character 1 of the domain /],
      ["http://plain.com", /^character 5 of the domain /],
      ["b\u{fc}\u{1f600}_.de", /^character 2 of the domain /],
      ["a..com", /^the label that ends before character 3 is empty/],
      ["a.com-", /^the label that ends at the end is empty/],
    ];
    for (const [domain, message] of rows) {
      assert.match(
        throwsCode(
          () => checkDomain(domain),
          /-$|\.\./.test(domain) ? "DOMAIN_HAS_WRONG_LABEL" : "DOMAIN_HAS_WRONG_CHARACTER",
        ).message,
        message,
      );
    }
  });

  for (const [domain, code] of bad) {
    it(`refuses ${JSON.stringify(domain.slice(0, 30))}: ${code}`, () =>
      void throwsCode(() => checkDomain(domain), code));
  }
});
