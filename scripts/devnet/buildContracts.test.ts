import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contractsDigest, DIGEST_FILE } from "../abi/contractsDigest.ts";
import { buildContracts } from "./buildContracts.ts";
import { createProcesses, type Processes } from "./createProcesses.ts";
import { DevnetError } from "./DevnetError.ts";

/** Shells stand in for Hardhat and the generator, which take a minute. */
describe("what a devnet deploys", () => {
  let root: string;
  let processes: Processes;
  let said: number;
  beforeEach(async () => {
    processes = createProcesses();
    said = 0;
    root = await mkdtemp(join(tmpdir(), "contracts-"));
    for (const folder of ["contracts", "sdk/src/abi", "state"]) {
      await mkdir(join(root, folder), { recursive: true });
    }
    await writeFile(join(root, "package.json"), JSON.stringify({ devDependencies: { solc: "0.8.37" } }));
    await writeFile(join(root, "contracts/Bank.sol"), "contract Bank {}\n");
    await writeFile(join(root, "sdk/src/abi", DIGEST_FILE), `${await contractsDigest(root)}\n`);
  });
  afterEach(async () => {
    await processes.stopAll();
    await rm(root, { recursive: true });
  });

  const build = (...scripts: string[]) =>
    buildContracts({
      processes,
      root,
      stateDirectory: join(root, "state"),
      onBuild: () => {
        said += 1;
      },
      commands: scripts.map((script) => ({ file: "/bin/sh", args: ["-c", script] })),
    });
  const built = () => readFile(join(root, "built"), "utf8").catch(() => "");

  it("is what is in git, as long as the contracts are those that it was made of: nothing is built", async () => {
    await build("echo 1 >> built");
    assert.deepEqual([said, await built()], [0, ""]);
  });

  it("is built first, and said so, after a change of a contract", async () => {
    await appendFile(join(root, "contracts/Bank.sol"), "// edited\n");
    await build("echo 1 >> built", "echo 2 >> built");
    assert.deepEqual([said, await built()], [1, "1\n2\n"]);
  });

  it("is built where nobody knows what it was made of", async () => {
    await rm(join(root, "sdk/src/abi", DIGEST_FILE));
    await build("echo 1 >> built");
    assert.deepEqual([said, await built()], [1, "1\n"]);
  });

  it("is not deployed when the contracts do not compile, and the compiler is heard", async () => {
    await appendFile(join(root, "contracts/Bank.sol"), "edited\n");
    await assert.rejects(
      build("echo 'Bank.sol:2: expected a contract' >&2; exit 1", "echo 2 >> built"),
      (error) => {
        assert.ok(error instanceof DevnetError);
        assert.equal(error.code, "BUILD_FAILED");
        assert.match(error.message, /exit code 1\):\nBank\.sol:2: expected a contract$/);
        return true;
      },
    );
    assert.equal(await built(), "");
  });
});
