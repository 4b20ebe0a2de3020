import assert from "node:assert/strict";
import { agentConfigSchema } from "./config.ts";

describe("the settings of settlement in node.json", () => {
  const { settlement } = agentConfigSchema.shape;
  const table: [value: object, isValid: boolean][] = [
    [{}, true],
    [{ epochsPerTransaction: 1, assetPerGasToken: "2500.50" }, true],
    [{ epochsPerTransaction: 0 }, false],
    [{ epochsPerTransaction: 4 }, false],
    [{ assetPerGasToken: "0" }, false],
    [{ assetPerGasToken: "a lot" }, false],
    // A number may have lost digits, as every amount.
    [{ assetPerGasToken: 2_500 }, false],
    [{ assetPerGastoken: "2500" }, false],
  ];
  for (const [value, isValid] of table)
    it(`${JSON.stringify(value)} ${isValid ? "are" : "are not"} settings`, () =>
      assert.equal(settlement.safeParse(value).success, isValid));

  it("by themselves collect three epochs, and leave no receipt out for its gas", () => {
    const { epochsPerTransaction, assetPerGasToken } = settlement.parse(undefined);
    assert.deepEqual([epochsPerTransaction, assetPerGasToken], [3, undefined]);
  });
});
