import assert from "node:assert/strict";
import { throwsCode } from "../testing/throwsCode.ts";
import { isReservedName } from "./isReservedName.ts";
import { zoneLabel } from "./zoneLabel.ts";

const zone = "worker3.dev";

describe("zoneLabel", () => {
  const good: [domain: string, label: string | undefined][] = [
    ["shop.worker3.dev", "shop"],
    ["abc.worker3.dev", "abc"],
    ["a--b.worker3.dev", "a--b"],
    ["n1a.worker3.dev", "n1a"],
    ["news.worker3.dev", "news"],
    ["shop.example.org", undefined],
    ["myworker3.dev", undefined],
    ["worker3.dev.example.org", undefined],
    ["dev", undefined],
  ];
  for (const [domain, label] of good) {
    it(`${domain} claims ${label ?? "nothing in the zone"}`, () =>
      assert.equal(zoneLabel(domain, zone), label));
  }

  const bad: [domain: string, code: string][] = [
    ["worker3.dev", "NOT_ONE_LABEL_BELOW_ZONE"],
    ["a.shop.worker3.dev", "NOT_ONE_LABEL_BELOW_ZONE"],
    ["ab.worker3.dev", "ZONE_LABEL_HAS_WRONG_LENGTH"],
    ["at.worker3.dev", "ZONE_LABEL_HAS_WRONG_LENGTH"],
    ["xn--shp.worker3.dev", "ZONE_LABEL_LOOKS_LIKE_PUNYCODE"],
    ["weur.worker3.dev", "NAME_IS_RESERVED"],
    ["nodes.worker3.dev", "NAME_IS_RESERVED"],
    ["n12.worker3.dev", "NAME_IS_RESERVED"],
    ["v123.worker3.dev", "NAME_IS_RESERVED"],
    ["p12.worker3.dev", "NAME_IS_RESERVED"],
  ];
  for (const [domain, code] of bad) {
    it(`refuses ${domain}: ${code}`, () =>
      assert.equal(throwsCode(() => zoneLabel(domain, zone), code).value, domain));
  }

  it("the network keeps some names for its own pages", () => {
    for (const label of ["www", "api", "status", "ns1", "ns3", "wpad", "mta-sts", "ipfs", "autodiscover"])
      assert.equal(isReservedName(label), true);
    for (const label of ["www1", "shop"]) assert.equal(isReservedName(label), false);
  });
});
