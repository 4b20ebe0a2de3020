import assert from "node:assert/strict";
import { throwsCode } from "@worker3/sdk/testing";
import { projectRef } from "./projectRef.ts";

describe("a project's name", () => {
  it("is an id or a domain in any case", () => {
    assert.deepEqual(projectRef("7"), { projectId: 7n });
    assert.deepEqual(projectRef("Shop.Worker3.DEV."), { domain: "shop.worker3.dev" });
    for (const text of ["0", "18446744073709551616", "shop", "-1", "a b.c", ""]) {
      assert.equal(throwsCode(() => projectRef(text), "USAGE").value, text);
    }
  });

  it("that is nearly a domain is told what may be meant", () => {
    const rows: [text: string, next: RegExp][] = [
      ["http://plain.worker3.dev:8080/a", /^the domain without http:\/\/: plain\.worker3\.dev$/],
      ["HTTPS://Plain.worker3.dev", /^the domain without https:\/\/: plain\.worker3\.dev$/],
      ["Plain", /^did you mean plain\.<zone>\?$/],
      ["Plain_X", /^did you mean plain-x\.<zone>\?$/],
      ["my_shop.worker3.dev", /^did you mean my-shop\.worker3\.dev\?$/],
      ["b\u{fc}cher.de", /punycode/],
    ];
    for (const [text, next] of rows)
      assert.match(throwsCode(() => projectRef(text), "USAGE").next ?? "", next);
  });
});
