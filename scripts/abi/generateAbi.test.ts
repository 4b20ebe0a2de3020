import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DIGEST_FILE } from "./contractsDigest.ts";
import { staleFiles } from "./generateAbi.ts";

const root = join(import.meta.dirname, "../..");

/** On the artifacts of a build. */
describe("what of ABIs and bytecode is not what the contracts give", function () {
  this.timeout(60_000);

  let committed: string;
  beforeEach(async () => {
    committed = await mkdtemp(join(tmpdir(), "abi-"));
    await cp(join(root, "sdk/src/abi"), committed, { recursive: true });
  });
  afterEach(() => rm(committed, { recursive: true }));

  async function change(file: string, replace: (text: string) => string): Promise<void> {
    const text = await readFile(join(committed, file), "utf8");
    const changed = replace(text);
    assert.notEqual(changed, text);
    await writeFile(join(committed, file), changed);
  }

  it("is a file with one digit of bytecode changed", async () => {
    await change("bytecode.ts", (text) => text.replace(/6101c0/, "6101c1"));
    assert.deepEqual(await staleFiles(root, committed), ["bytecode.ts"]);
  });

  it("is the digest of other sources, and an ABI with another name in it", async () => {
    await change(DIGEST_FILE, (text) => text.replace(/^./, (digit) => (digit === "0" ? "1" : "0")));
    await change("CreditEscrow.ts", (text) => text.replace('"deposit"', '"deposits"'));
    assert.deepEqual((await staleFiles(root, committed)).sort(), ["CreditEscrow.ts", DIGEST_FILE]);
  });

  it("is a file that nothing is generated for, and one that is missing", async () => {
    await writeFile(join(committed, "Former.ts"), "");
    await rm(join(committed, "MockUSD.ts"));
    assert.deepEqual((await staleFiles(root, committed)).sort(), ["Former.ts", "MockUSD.ts"]);
  });
});
