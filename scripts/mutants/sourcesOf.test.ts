import assert from "node:assert/strict";
import { sourcesOf } from "./sourcesOf.ts";

describe("the sources of a contract", () => {
  it("are those of its constructor and those of its code", () => {
    const ir = `
/// @use-src 0:"npm/@openzeppelin/contracts@5.7.0/utils/Context.sol", 44:"project/contracts/NodeRegistry.sol"
object "NodeRegistry_1" {
    code { }
    /// @use-src 44:"project/contracts/NodeRegistry.sol", 51:"project/contracts/libraries/Asset.sol"
    object "NodeRegistry_1_deployed" { }
}`;
    assert.deepEqual(
      [...sourcesOf(ir)],
      [
        "npm/@openzeppelin/contracts@5.7.0/utils/Context.sol",
        "project/contracts/NodeRegistry.sol",
        "project/contracts/libraries/Asset.sol",
      ],
    );
  });

  it("are none of an interface", () => {
    assert.deepEqual([...sourcesOf("")], []);
  });
});
