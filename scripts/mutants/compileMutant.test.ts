import assert from "node:assert/strict";
import { compileMutant } from "./compileMutant.ts";
import { compileQuickly } from "./compileQuickly.ts";
import { type Compiler, createCompiler } from "./createCompiler.ts";
import { type Build, withOutput } from "./readBuilds.ts";
import { sourcesOf } from "./sourcesOf.ts";

const SUM = `pragma solidity 0.8.37;
library Sum { function plusOne(uint256 a) internal pure returns (uint256) { return a + 1; } }`;
const USER = `pragma solidity 0.8.37;
import {Sum} from "./Sum.sol";
contract User { function get(uint256 a) external pure returns (uint256) { return Sum.plusOne(a); } }`;
const OTHER = `pragma solidity 0.8.37;
import {Sum} from "./Sum.sol";
contract Other { function get() external pure returns (uint256) { return 7; } }`;

const mutant = { name: "sum", rule: "adds one", file: "Sum.sol", find: "a + 1", replace: "a + 2", tests: [] };
const signal = AbortSignal.timeout(60_000);

describe("a mutant's code", () => {
  let compiler: Compiler;
  let build: Build;
  const compile = (source: string) => compileMutant({ mutant, source, builds: [build], compiler, signal });

  before(async () => {
    compiler = createCompiler();
    build = await buildOf(compiler);
  });
  after(() => compiler[Symbol.asyncDispose]());

  it("is that of the contracts its file goes into, and of no other", async () => {
    const code = await compile(SUM.replace("a + 1", "a + 2"));
    assert.ok("contracts" in code);
    assert.deepEqual(
      code.contracts.map(({ path }) => path),
      ["artifacts/User.json"],
    );
    assert.notEqual(code.contracts[0]?.artifact.bytecode, build.contracts[0]?.artifact.bytecode);
  });

  it("is none where it does not compile: that is no catch", async () => {
    const code = await compile(SUM.replace("a + 1", "a +"));
    assert.match("invalid" in code ? code.invalid : "", /ParserError/);
  });

  it("is none where the code stays as it was, but for the digest over its sources", async () => {
    assert.deepEqual(await compile(`${SUM} // a comment`), { invalid: "it changes no contract's code" });
  });
});

/** The three sources, built as the tool does. */
async function buildOf(compiler: Compiler): Promise<Build> {
  const names = new Map(
    ["Sum", "User", "Other"].map((name) => [`contracts/${name}.sol`, `project/${name}.sol`]),
  );
  const input = {
    language: "Solidity",
    sources: {
      "project/Sum.sol": { content: SUM },
      "project/User.sol": { content: USER },
      "project/Other.sol": { content: OTHER },
    },
    settings: {},
  };
  const unbuilt = ["User", "Other"].map((name) => ({
    path: `artifacts/${name}.json`,
    artifact: { contractName: name, bytecode: "0x" },
    source: `project/${name}.sol`,
  }));
  const { contracts } = await compiler.compile(withOutput(input, unbuilt, ["ir"]), signal);
  const sources = (name: string) => sourcesOf(contracts[`project/${name}.sol`]?.[name]?.ir ?? "");
  const built = unbuilt.map((contract) => ({
    ...contract,
    sources: sources(contract.artifact.contractName),
  }));
  const code = await compileQuickly(input, built, compiler, signal);
  assert.ok("contracts" in code);
  return { input, nameOf: (path) => names.get(path), contracts: code.contracts };
}
