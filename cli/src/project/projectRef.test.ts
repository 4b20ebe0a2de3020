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
});
