import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { creditEscrowAbi, lensAbi, nameRegistryAbi, networkToJson } from "@worker3/sdk";
import { testAccount, testSize } from "@worker3/sdk/testing";
import { decodeAbiParameters, type Hex, zeroAddress } from "viem";
import { type ContractName, contractNames } from "./contracts.ts";
import type { CompilerInput } from "./readBuild.ts";
import { runVerification } from "./runVerification.ts";
import { type Deployment, ROOT, startDeployment } from "./testing/startDeployment.ts";
import type { Verification } from "./verificationOf.ts";

interface CompilerOutput {
  readonly contracts: Record<string, Record<string, CompiledContract>>;
}
interface CompiledContract {
  /** JSON. */
  readonly metadata: string;
  readonly evm: Record<"bytecode" | "deployedBytecode", { readonly object: string }>;
}

describe("npm run build:verification", function () {
  this.timeout(300_000); // compilations by solc-js
  let deployment: Deployment;
  let directory = "";
  let folder = "";
  before(async () => {
    deployment = await startDeployment();
    directory = await mkdtemp(join(tmpdir(), "worker3-verification-"));
    folder = join(directory, "out");
    await writeFile(join(directory, "network.json"), JSON.stringify(networkToJson(deployment.network)));
    const { code, stderr } = await run("--network", "network.json", "--out", "out");
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    await deployment?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const out: Record<"stdout" | "stderr", string[]> = { stdout: [], stderr: [] };
    const code = await runVerification(args, {
      root: ROOT,
      directory,
      stdout: (text) => void out.stdout.push(text),
      stderr: (text) => void out.stderr.push(text),
    });
    return { code, stdout: out.stdout.join(""), stderr: out.stderr.join("") };
  }
  const verificationOf = async (name: ContractName): Promise<Verification> => {
    const all: Verification[] = JSON.parse(await readFile(join(folder, "contracts.json"), "utf8"));
    return all.find(({ contract }) => contract === name) ?? assert.fail(`no ${name}`);
  };

  it("writes an input for each contract and what else explorers ask for", async () => {
    assert.deepEqual(
      (await readdir(folder)).sort(),
      [...contractNames.map((name) => `${name}.json`), "contracts.json"].sort(),
    );
    const { compilerVersion, contractName } = await verificationOf("NodeRegistry");
    assert.match(compilerVersion, /^v\d+\.\d+\.\d+\+commit\.[0-9a-f]{8}$/);
    assert.equal(contractName, "project/contracts/NodeRegistry.sol:NodeRegistry");
  });

  it("constructor arguments are those of the transaction that created the contract", async () => {
    const { network } = deployment;
    const escrow = (await verificationOf("CreditEscrow")).deployed;
    assert.equal(escrow?.chainId, 31337);
    assert.equal(escrow?.address, network.contracts.creditEscrow);
    const inputs = creditEscrowAbi.find((item) => item.type === "constructor")?.inputs ?? [];
    const [authority, asset, projects] = decodeAbiParameters(inputs, `0x${escrow?.constructorArguments}`);
    const { contracts } = network;
    assert.deepEqual(
      [authority, asset, projects],
      [contracts.accessManager, contracts.asset, contracts.projectRegistry],
    );
    // The project registry made the names, of what it was given itself.
    const madeInputs = nameRegistryAbi.find((item) => item.type === "constructor")?.inputs ?? [];
    const made = (await verificationOf("NameRegistry")).deployed;
    const [times, rules] = decodeAbiParameters(madeInputs, `0x${made?.constructorArguments}`);
    assert.deepEqual(times, network.times);
    assert.deepEqual(rules, {
      zone: network.zone,
      nameKeeper: testAccount(0).address,
      predecessor: zeroAddress,
      keptEpochs: 0,
    });
    const lensInputs = lensAbi.find((item) => item.type === "constructor")?.inputs ?? [];
    const lens = (await verificationOf("Lens")).deployed;
    assert.deepEqual(decodeAbiParameters(lensInputs, `0x${lens?.constructorArguments}`), [
      contracts.usageSettlement,
    ]);
    // The first of anvil's accounts deployed.
    const manager = (await verificationOf("AccessManager")).deployed?.constructorArguments;
    assert.equal(manager, testAccount(0).address.slice(2).toLowerCase().padStart(64, "0"));
  });

  // Each takes solc-js ten seconds of CPU time and more.
  for (const name of testSize<readonly ContractName[]>({ short: ["CreditEscrow"], whole: contractNames })) {
    it(`${name} compiles to the build's bytes from its file alone, metadata hash included`, async () => {
      const { contractName, compilerVersion } = await verificationOf(name);
      const file = join(folder, `${name}.json`);
      const [source = ""] = contractName.split(":");
      const compiled = (await compile(file)).contracts[source]?.[name];
      assert.ok(compiled, `solc gave no ${contractName}`);
      const { creationCode, runtimeCode } = deployment.build[name];
      const creation: Hex = `0x${compiled.evm.bytecode.object}`;
      assert.ok(creation === creationCode, "creation code");
      assert.ok(`0x${compiled.evm.deployedBytecode.object}` === runtimeCode, "runtime code");

      const metadata: { compiler: { version: string }; sources: Record<string, unknown> } = JSON.parse(
        compiled.metadata,
      );
      assert.equal(`v${metadata.compiler.version}`, compilerVersion);
      const input: CompilerInput = JSON.parse(await readFile(file, "utf8"));
      assert.deepEqual(
        Object.keys(input.sources).sort(),
        Object.keys(metadata.sources).sort(),
        "only its sources",
      );
    });
  }

  it("a changed comment is noticed: the metadata hash is of the sources", async () => {
    const input: CompilerInput = JSON.parse(await readFile(join(folder, "AccessManager.json"), "utf8"));
    const { sourceName, runtimeCode } = deployment.build.AccessManager;
    const source = input.sources[sourceName] ?? assert.fail("no source");
    const sources = { ...input.sources, [sourceName]: { content: `${source.content}\n// changed\n` } };
    const file = join(directory, "changed.json");
    await writeFile(file, JSON.stringify({ ...input, sources }));
    const output = await compile(file);
    const code = `0x${output.contracts[sourceName]?.AccessManager?.evm.deployedBytecode.object}`;
    assert.equal(code.length, runtimeCode.length);
    assert.notEqual(code, runtimeCode);
  });

  it("needs no network, but then knows no constructor arguments", async () => {
    const { code, stdout } = await run("--out", "plain");
    assert.equal(code, 0);
    assert.match(stdout, /^plain\/AccessManager\.json: \S+:AccessManager, \d+ sources, v0\.\S+\n/);
    const [first]: Verification[] = JSON.parse(
      await readFile(join(directory, "plain/contracts.json"), "utf8"),
    );
    assert.equal(first?.deployed, undefined);
  });

  it("a deployment that is none of this build, or whose creation is not found, is refused", async () => {
    const { network } = deployment;
    const { contracts } = network;
    const wrong: [object, number, RegExp][] = [
      [
        { contracts: { ...contracts, nodeRegistry: contracts.creditEscrow } },
        1,
        /NodeRegistry was created by other code/,
      ],
      [{ contracts: { ...contracts, creditEscrow: contracts.asset } }, 1, /no event from block/],
      [{ rpcUrls: ["http://127.0.0.1:1"] }, 1, /cannot be reached/],
      [{ contracts: { ...contracts, accessManager: undefined } }, 2, /access manager/],
    ];
    for (const [change, expected, message] of wrong) {
      const file = join(directory, "wrong.json");
      await writeFile(file, JSON.stringify(networkToJson({ ...network, ...change })));
      const { code, stderr } = await run("--network", file, "--out", "wrong");
      assert.equal(code, expected, stderr);
      assert.match(stderr, message);
    }
    assert.equal((await run("--fix")).code, 2);
  });
});

/**
 * By the compiler's own program, as somebody else would: `solcjs --standard-json < inputFile > outputFile`. Not by pipes: it
 * reads and writes at once, and gives up where a pipe is not ready.
 */
async function compile(inputFile: string): Promise<CompilerOutput> {
  const outputFile = `${inputFile}.out`;
  const input = await open(inputFile);
  const output = await open(outputFile, "w");
  try {
    const solc = createRequire(import.meta.url).resolve("solc/solc.js");
    const child = spawn(process.execPath, [solc, "--standard-json"], {
      stdio: [input.fd, output.fd, "inherit"],
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    assert.equal(code, 0);
    const text = await readFile(outputFile, "utf8");
    return JSON.parse(text.slice(text.indexOf("{"))); // it says first what it cannot do: SMT
  } finally {
    await input.close();
    await output.close();
    await rm(outputFile);
  }
}
