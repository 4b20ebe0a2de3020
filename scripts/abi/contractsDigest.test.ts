import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contractsDigest } from "./contractsDigest.ts";

describe("the digest of what bytecode is made of", () => {
  let root: string;
  const versions = (library: string) =>
    writeFile(
      join(root, "package.json"),
      JSON.stringify({
        devDependencies: { solc: "0.8.37", "@openzeppelin/contracts": library, viem: "2.0.0" },
      }),
    );
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "digest-"));
    await mkdir(join(root, "contracts/types"), { recursive: true });
    await writeFile(join(root, "contracts/Bank.sol"), "contract Bank {}\n");
    await writeFile(join(root, "contracts/types/Coin.sol"), "type Coin is uint8;\n");
    await versions("5.7.0");
  });
  afterEach(() => rm(root, { recursive: true }));

  const changes: [what: string, change: () => Promise<unknown>][] = [
    ["a source is changed", () => appendFile(join(root, "contracts/types/Coin.sol"), "// 1 cent\n")],
    ["a source is added", () => writeFile(join(root, "contracts/types/Cent.sol"), "")],
    [
      "a source has another name",
      () => rename(join(root, "contracts/Bank.sol"), join(root, "contracts/Vault.sol")),
    ],
    ["the library is another", () => versions("5.8.0")],
  ];
  for (const [what, change] of changes) {
    it(`is another when ${what}`, async () => {
      const before = await contractsDigest(root);
      await change();
      assert.notEqual(await contractsDigest(root), before);
    });
  }

  it("is the same for the same, and for what is beside", async () => {
    const before = await contractsDigest(root);
    assert.match(before, /^[0-9a-f]{64}$/);
    await writeFile(join(root, "contracts/README.md"), "about");
    assert.equal(await contractsDigest(root), before);
  });
});
