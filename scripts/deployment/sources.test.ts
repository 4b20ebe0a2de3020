import assert from "node:assert/strict";
import { immutablesOf } from "./immutablesOf.ts";
import { importedBy } from "./importedBy.ts";

const imports = (...paths: string[]) => ({
  ast: { nodes: paths.map((absolutePath) => ({ nodeType: "ImportDirective", absolutePath })) },
});
const variable = (id: number, name: string, typeString: string, mutability = "immutable") => ({
  nodeType: "VariableDeclaration",
  id,
  name,
  mutability,
  typeDescriptions: { typeString },
});

describe("what the compiler says about sources", () => {
  it("a source is made of what it imports, directly or not, also in a circle", () => {
    const sources = {
      "a.sol": imports("b.sol"),
      "b.sol": imports("c.sol", "a.sol"),
      "c.sol": imports(),
      "other.sol": imports("a.sol"),
    };
    assert.deepEqual(importedBy("a.sol", sources), ["a.sol", "b.sol", "c.sol"]);
    assert.deepEqual(importedBy("c.sol", sources), ["c.sol"]);
    assert.throws(() => importedBy("a.sol", { "a.sol": imports("gone.sol") }), /gone\.sol/);
  });

  it("immutables have the name and type of their declaration, in whichever source it is", () => {
    const sources = {
      "base.sol": {
        ast: {
          nodes: [{ nodes: [variable(7, "GENESIS", "uint256"), variable(8, "fees", "uint96", "mutable")] }],
        },
      },
      "a.sol": { ast: { nodes: [{ nodes: [variable(9, "ASSET", "contract IERC20")] }] } },
    };
    const at = (start: number) => [{ start, length: 32 }];
    assert.deepEqual(immutablesOf({ 9: at(1), 7: at(40) }, sources), [
      { name: "GENESIS", type: "uint256", ranges: at(40) },
      { name: "ASSET", type: "contract IERC20", ranges: at(1) },
    ]);
    assert.throws(() => immutablesOf({ 8: at(1) }, sources), /no immutable 8/);
  });
});
