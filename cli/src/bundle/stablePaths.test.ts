import assert from "node:assert/strict";
import { stablePaths } from "./stablePaths.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the function makes of a bundle of these sources, in a project at /home/a/project. */
function stable(code: string, sources: readonly string[], from = "/home/a/project"): string {
  const inputs = Object.fromEntries(sources.map((path) => [path, {}]));
  return new TextDecoder().decode(
    stablePaths(encode(code), { sources: { inputs }, from, directory: "/home/a/project" }),
  );
}

describe("stablePaths", () => {
  it("begins a package's path at its node_modules", () => {
    const paths = [
      "node_modules/hono/a.js",
      "../../../node_modules/hono/a.js",
      "../node_modules/.pnpm/hono@4.0.0/node_modules/hono/a.js",
    ];
    for (const path of paths) {
      assert.equal(stable(`// ${path}\nx();\n`, [path]), "// node_modules/hono/a.js\nx();\n");
      assert.equal(
        stable(`var r = c({\n  "${path}"(exports) {\n`, [path]),
        'var r = c({\n  "node_modules/hono/a.js"(exports) {\n',
      );
    }
  });

  it("knows names that esbuild had to escape", () => {
    const path = "../../node_modules/ä b/日.js";
    assert.equal(
      stable('  "../../node_modules/\\xE4 b/\\u65E5.js"(m) {', [path]),
      '  "node_modules/ä b/日.js"(m) {',
    );
  });

  it("leaves everything else as it is", () => {
    const path = "../node_modules/a/index.js";
    const code = [
      "// a comment on ../node_modules/a/index.js",
      'const text = "../node_modules/a/index.js";',
      '  "../node_modules/b/index.js"(exports) {',
      "// src/index.ts",
      "// ../../shared/own.ts",
    ].join("\n");
    assert.equal(stable(code, [path, "src/index.ts", "../../shared/own.ts"]), code);
  });

  it("names the project's own files by where they are in it, wherever the configuration lies", () => {
    const path = "../../home/a/project/dist/_worker.js";
    assert.equal(stable(`// ${path}\n`, [path], "/tmp/b"), "// dist/_worker.js\n");
  });

  it("takes a bundle without a metafile as it is", () => {
    const code = encode("// node_modules/a.js");
    assert.equal(stablePaths(code, { sources: undefined, from: "/", directory: "/" }), code);
  });
});
