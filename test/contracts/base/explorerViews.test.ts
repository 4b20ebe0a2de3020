import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Abi, AbiFunction, AbiParameter } from "viem";
import { toFunctionSignature } from "viem";
import { contractTable, ownContracts } from "../../../sdk/src/contracts/table.ts";

/** What a person looks up on an explorer, and where. */
const VIEWS: Readonly<Record<string, readonly string[]>> = {
  NodeRegistry: ["nodeOf"],
  CreditEscrow: ["runway"],
  UsageSettlement: ["pending", "claimable", "priceOf", "statusOf"],
  Lens: [
    "resolve",
    "resolveAt",
    "projectOf",
    "versionOf",
    "nameOf",
    "domainsOf",
    "linesOf",
    "findLine",
    "exposureOf",
  ],
};
const CONTRACTS = ownContracts.map((key) => contractTable[key].name);
/** OpenZeppelin's, which documents them for developers only. */
const INHERITED = ["authority", "setAuthority", "isConsumingScheduledOp", "eip712Domain"];

interface Documented {
  abi: Abi;
  userdoc: { methods: Record<string, { notice?: string }> };
  devdoc: { methods: Record<string, { params?: Record<string, string>; returns?: Record<string, string> }> };
}

const artifacts = join(import.meta.dirname, "../../../artifacts");
const readJson = async (path: string) => JSON.parse(await readFile(path, "utf8"));

/** The compiler's documentation of a contract, from the very sources that it was built of. */
async function documentationOf(name: string): Promise<Documented> {
  const { buildInfoId, inputSourceName } = await readJson(
    join(artifacts, "contracts", `${name}.sol`, `${name}.json`),
  );
  const { input } = await readJson(join(artifacts, "build-info", `${buildInfoId}.json`));
  input.settings.outputSelection = { [inputSourceName]: { [name]: ["abi", "userdoc", "devdoc"] } };
  const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
  const { contracts } = JSON.parse(solc.compile(JSON.stringify(input)));
  return contracts[inputSourceName][name];
}

const functionsOf = ({ abi }: Documented): AbiFunction[] =>
  abi.filter((item): item is AbiFunction => item.type === "function");

const signatureOf = (item: AbiFunction): string => toFunctionSignature(item).replace(/^function /, "");

/** The names of parameters, and of the fields of those that are structs. */
const namesOf = (parameters: readonly AbiParameter[]): (string | undefined)[] =>
  parameters.flatMap((parameter) => [
    parameter.name,
    ...("components" in parameter ? namesOf(parameter.components) : []),
  ]);

describe("What an explorer shows of the contracts", () => {
  const documented = new Map<string, Documented>();
  before(async () => {
    for (const name of CONTRACTS) documented.set(name, await documentationOf(name));
  });
  const documentation = (name: string): Documented => {
    const found = documented.get(name);
    assert.ok(found);
    return found;
  };

  for (const name of CONTRACTS) {
    it(`says what each function of ${name} does`, () => {
      const found = documentation(name);
      const silent = functionsOf(found)
        .filter(({ name: called }) => !INHERITED.includes(called))
        .map(signatureOf)
        .filter((signature) => !found.userdoc.methods[signature]?.notice);
      assert.deepEqual(silent, []);
    });
  }

  for (const [name, views] of Object.entries(VIEWS)) {
    for (const view of views) {
      it(`names and explains everything that ${name}.${view} takes and returns`, () => {
        const found = documentation(name);
        const overloads = functionsOf(found).filter((item) => item.name === view);
        assert.ok(overloads.length > 0, `${name} has no ${view}`);
        for (const item of overloads) {
          const signature = signatureOf(item);
          assert.ok(item.outputs.length > 0, signature);
          for (const called of namesOf([...item.inputs, ...item.outputs])) assert.ok(called, signature);

          const { params = {}, returns = {} } = found.devdoc.methods[signature] ?? {};
          assert.deepEqual(
            Object.keys(params).sort(),
            item.inputs.map(({ name: of }) => of).sort(),
            signature,
          );
          assert.deepEqual(
            Object.keys(returns).sort(),
            item.outputs.map(({ name: of }) => of).sort(),
            signature,
          );
        }
      });
    }
  }
});
