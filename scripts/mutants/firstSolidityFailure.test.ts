import assert from "node:assert/strict";
import { firstSolidityFailure } from "./firstSolidityFailure.ts";

describe("the first failure that the runner of Solidity tests prints", () => {
  it("has its file, contract and title", () => {
    const output = `
Running Solidity tests

  test/contracts/fuzz/Sample.t.sol:RingTest
    ✔ testFuzz_marks(uint32) (runs: 700)

  test/contracts/fuzz/Sample.t.sol:PriceTest
    ✔ testFuzz_feeRoundsUp(uint64,uint16) (runs: 700)
    1) testFuzz_floors(uint64)
    2) test_caps()


  2 passing
  2 failing

  1) PriceTest#testFuzz_floors(uint64)
    Error: it is one
`;
    assert.deepEqual(firstSolidityFailure(output), {
      file: "test/contracts/fuzz/Sample.t.sol",
      title: "PriceTest testFuzz_floors(uint64)",
    });
  });

  it("is none where all passed or nothing ran", () => {
    assert.equal(firstSolidityFailure("\n  a/B.t.sol:B\n    ✔ test_b()\n\n  1 passing\n"), undefined);
    assert.equal(firstSolidityFailure("Error HHE905: compilation failed\n"), undefined);
  });
});
