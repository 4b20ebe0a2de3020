import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { folderWith, type ProjectFolder } from "../testing/projectFolder.ts";
import { BundleError } from "./BundleError.ts";
import { listAssets } from "./listAssets.ts";

describe("listAssets", () => {
  it("keeps private keys back whatever they are called, and no page that shows one", async () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pkcs8 = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const { publicKey: certified } = generateKeyPairSync("ed25519");
    const open = certified.export({ format: "pem", type: "spki" }).toString();
    const secrets = {
      "a.txt": pkcs8,
      "b.txt": `\uFEFF\r\n${privateKey.export({ format: "pem", type: "sec1" }).toString().replaceAll("\n", "\r\n")}`,
      "c.txt": `${open}${pkcs8}`,
      "d.txt": "-----BEGIN OPENSSH PRIVATE KEY-----\nabc",
      "e.txt": "-----BEGIN PGP PRIVATE KEY BLOCK-----\n",
      "f.txt": "PuTTY-User-Key-File-3: ssh-ed25519",
      "g.txt": "# created: 2026\n# public key: age1\nAGE-SECRET-KEY-1ABC",
      "h.txt": JSON.stringify({ version: 3, crypto: { kdf: "scrypt", ciphertext: "ab" } }),
      "i.txt": JSON.stringify({ type: "service_account", private_key: pkcs8 }, null, 2),
    };
    const files = {
      "x.html": `<pre>${pkcs8}</pre>`,
      "x.js": `const key = \`\n${pkcs8}\``,
      "x.json": '{"crypto":true}',
      "x.pem": open,
      "y.json": '{"crypto": ',
      "z.bin": new Uint8Array(10_000),
    };
    await using folder = await folderWith({ ...secrets, ...files, "empty.txt": "" });
    const list = await listAssets(folder.path, { publishing: "named" });
    assert.deepEqual(list.kept, Object.keys(secrets));
    assert.deepEqual(
      list.files.map(({ path }) => path),
      ["empty.txt", ...Object.keys(files)],
    );
  });

  const refused: Record<string, [text: string, problem: RegExp]> = {
    "a rule that a name could be matched against for ever": [`ok\n${"a*".repeat(30)}b`, /line 2 .* \* in a/],
    "one with as many stars side by side": ["a****b", /line 1 .* \* in a name/],
    "a negated one": [`!${"a*".repeat(4)}b`, /line 1 /],
    "one that could be matched against folders for ever": ["**/a/**/a/**/b", /line 1 .* \*\*\//],
    "a line that nobody wrote": ["\n\n".concat("a".repeat(2_000)), /line 3 is longer/],
    "more lines than anybody wrote": ["a\n".repeat(10_000), /10001 lines/],
  };
  for (const [what, [text, problem]] of Object.entries(refused)) {
    it(`refuses in .assetsignore ${what}`, async () => {
      await using folder = await folderWith({ ".assetsignore": text, ["a".repeat(120)]: "" });
      await assert.rejects(listAssets(folder.path, { publishing: "named" }), ignoreProblem(folder, problem));
    });
  }

  it("takes the rules that people write in .assetsignore", async () => {
    const rules = [
      "# a ***** comment",
      "**/*.map",
      "/drafts/**/*.t*.*",
      "!**/keep.map",
      "*",
      "**/x/**",
      "!*.html",
    ];
    await using folder = await folderWith({ ".assetsignore": rules.join("\r\n"), "a.css": "", "a.html": "" });
    const { files } = await listAssets(folder.path, { publishing: "named" });
    assert.deepEqual(
      files.map(({ path }) => path),
      ["a.html"],
    );
  });
});

function ignoreProblem({ path }: ProjectFolder, problem: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof BundleError, String(error));
    assert.deepEqual([error.code, error.value], ["ASSETSIGNORE_INVALID", `${path}/.assetsignore`]);
    assert.match(error.message, problem);
    return true;
  };
}
