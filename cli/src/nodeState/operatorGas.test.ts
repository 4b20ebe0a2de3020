import assert from "node:assert/strict";
import { parseEther } from "viem";
import { coinText, gasDoubt } from "./operatorGas.ts";

const operator = "0x0000000000000000000000000000000000000005";

describe("an operator's gas", () => {
  it("is told as a round number that is enough", () => {
    for (const [coin, told] of [
      ["0.0045", "0.005"],
      ["0.0100001", "0.02"],
      ["0.01", "0.01"],
      ["0.96", "1"],
      ["0", "0"],
    ] as const)
      assert.equal(coinText(parseEther(coin)), told);
  });

  it("is doubted only where it does not pay one batch of receipts", () => {
    const gas = { weekWei: parseEther("0.0045"), leastWei: parseEther("0.000124") };
    assert.equal(gasDoubt(operator, { ...gas, balanceWei: parseEther("0.000124") }), undefined);
    assert.match(
      gasDoubt(operator, { ...gas, balanceWei: 0n }) ?? "",
      /5 has 0 of .* About 0\.005 last a week/,
    );
  });
});
