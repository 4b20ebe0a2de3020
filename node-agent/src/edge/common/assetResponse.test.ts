import assert from "node:assert/strict";
import { assetResponse } from "./assetResponse.ts";

describe("a response with a static file", () => {
  const answer = (headers: Readonly<Record<string, string>>, status = 200) =>
    assetResponse({ status, header: (name) => headers[name] });
  const typeOf = (path: string) => answer({ "worker3-asset": path }).added[1];

  it("gets the type of its name where workerd knows none, texts in UTF-8", () => {
    const types: Record<string, string> = {
      "config.yaml": "text/yaml; charset=utf-8",
      "a/b/photo.heic": "image/heic",
      "live.m3u8": "application/vnd.apple.mpegurl",
      "subtitles.vtt": "text/vtt; charset=utf-8",
      "cast.weba": "audio/webm",
      "letter.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "model.glb": "model/gltf-binary",
      "film.srt": "application/x-subrip",
      "table.tsv": "text/tab-separated-values; charset=utf-8",
      "app.apk": "application/vnd.android.package-archive",
      "m.wasm": "application/wasm",
      "data.toml": "application/toml",
      "font.ttf": "font/ttf",
      "%C3%BC%20x.YAML": "text/yaml; charset=utf-8",
    };
    for (const [path, type] of Object.entries(types)) assert.equal(typeOf(path), type, path);
    for (const path of ["", "noextension", "a.unheardof", "dir.yaml/x", "bin", "yaml", "a/toml", ".weba"])
      assert.equal(typeOf(path), undefined, path);
  });

  it("keeps the type that it has, and gets none where there is no file", () => {
    assert.deepEqual(answer({ "worker3-asset": "x.yaml", "content-type": "text/html" }).added, []);
    for (const status of [301, 304, 404])
      assert.deepEqual(answer({ "worker3-asset": "x.yaml" }, status).added, []);
    assert.equal(answer({ "worker3-asset": "x.yaml" }, 206).added[0], "content-type");
  });

  it("a worker's response stays as it is", () => {
    assert.deepEqual(answer({}), { status: 200, added: [] });
    assert.deepEqual(answer({ "worker3-pages": "1" }, 307), { status: 307, added: [] });
  });

  it("of Pages gets what Pages says, unless its rules say something else, and redirects for good", () => {
    const pages = { "worker3-asset": "a.html", "worker3-pages": "1", "content-type": "text/html" };
    assert.deepEqual(answer(pages).added, [
      "access-control-allow-origin",
      "*",
      "referrer-policy",
      "strict-origin-when-cross-origin",
      "x-content-type-options",
      "nosniff",
    ]);
    assert.deepEqual(
      answer({ ...pages, "referrer-policy": "no-referrer" }).added.indexOf("referrer-policy"),
      -1,
    );
    // A redirect has no type, and nothing to sniff.
    const redirected = answer({ "worker3-asset": "a.html", "worker3-pages": "1" }, 307);
    assert.deepEqual(
      redirected.added.filter((_, i) => i % 2 === 0),
      ["access-control-allow-origin", "referrer-policy"],
    );
    // A browser that guesses would run what a name without an ending holds.
    const unknown = answer({ "worker3-asset": "LICENSE", "worker3-pages": "1" }).added;
    assert.deepEqual(unknown.slice(0, 2), ["content-type", "application/octet-stream"]);
    assert.ok(unknown.includes("nosniff"));
    assert.ok(answer({ "worker3-asset": "a.yaml", "worker3-pages": "1" }).added.includes("nosniff"));
    assert.equal(answer(pages, 307).status, 308);
    assert.equal(answer(pages, 302).status, 302);
  });
});
