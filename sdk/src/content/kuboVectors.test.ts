import assert from "node:assert/strict";
import { createCipheriv, createHash } from "node:crypto";
import { BlackHoleBlockstore } from "blockstore-core/black-hole";
import { readDeployment } from "../manifest/readDeployment.ts";
import { type FolderEntry, pack } from "./pack.ts";
import { storeFile } from "./storeFile.ts";

const MIB = 1_048_576;

/** ChaCha20's key stream, key sha256(seed), nonce and counter zero: the generator of Kubo's tests. */
function* keyStream(bytes: number, seed: string): Generator<Uint8Array, void, undefined> {
  const cipher = createCipheriv("chacha20", createHash("sha256").update(seed).digest(), new Uint8Array(16));
  for (let left = bytes; left > 0; left -= MIB) yield cipher.update(new Uint8Array(Math.min(MIB, left)));
}

function seeded(bytes: number, seed: string): Uint8Array {
  return Buffer.concat([...keyStream(bytes, seed)]);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * Published with Kubo for this profile: test/cli/cid_profiles_test.go of ipfs/kubo (`unixfsV12025`), the vectors of
 * IPIP-499. Directories hold files with the content "x", named by the key stream of the seed.
 */
describe("Kubo's published CID vectors of unixfs-v1-2025 pass", () => {
  const seed = "hamt-unixfs-v1-2025";

  function* flatFolder(files: number, nameLength: number, lastNameLength: number): Generator<FolderEntry> {
    const alphabet = "abcdefghijklmnopqrstuvwxyz01234567890-_";
    const bytes = seeded(MIB, seed);
    for (let index = 0, offset = 0; index < files; index += 1) {
      const length = index === files - 1 ? lastNameLength : nameLength;
      const name = Array.from(
        bytes.subarray(offset, offset + length),
        (byte) => alphabet[byte % alphabet.length],
      );
      offset += length;
      yield { path: name.join(""), content: utf8("x") };
    }
  }

  async function cidOfFile(mebibytes: number): Promise<string> {
    async function* content(): AsyncGenerator<Uint8Array> {
      yield* keyStream(mebibytes * MIB, "v1-2025-seed");
    }
    return (await storeFile(content(), new BlackHoleBlockstore())).cid.toString();
  }

  it("a small file", async () => {
    const { cid } = await storeFile(utf8("hello world"), new BlackHoleBlockstore());
    assert.equal(cid.toString(), "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
  });

  it("a file of 1024 chunks has one level of links", async function () {
    this.timeout(120_000);
    assert.equal(await cidOfFile(1024), "bafybeihmf37wcuvtx4hpu7he5zl5qaf2ineo2lqlfrapokkm5zzw7zyhvm");
  });

  it("a file of 1025 chunks has two", async function () {
    this.timeout(120_000);
    assert.equal(await cidOfFile(1025), "bafybeihmzokxxjqwxjcryerhp5ezpcog2wcawfryb2xm64xiakgm4a5jue");
  });

  it("a directory of exactly 256 KiB stays plain", async () => {
    const { cid, files } = await pack(flatFolder(4766, 11, 21), { layout: "any" });
    assert.deepEqual([cid, files], ["bafybeic3h7rwruealwxkacabdy45jivq2crwz6bufb5ljwupn36gicplx4", 4766]);
  });

  it("a directory of 256 KiB and a byte becomes a HAMT", async () => {
    const { cid, files } = await pack(flatFolder(4766, 11, 22), { layout: "any" });
    assert.deepEqual([cid, files], ["bafybeiegvuterwurhdtkikfhbxcldohmxp566vpjdofhzmnhv6o4freidu", 4766]);
  });
});

function file(path: string, content: Uint8Array | string = path): FolderEntry {
  return { path, content: typeof content === "string" ? utf8(content) : content };
}

/** A link takes 56 bytes: 36 of CID, 12 of name, 1 or 2 of size. 4681 of them make a block of 262,140 bytes. */
function subdirectories(count: number): FolderEntry[] {
  return Array.from({ length: count }, (_, index) => file(`${String(index).padStart(12, "0")}/f`, "x"));
}

function digestPrefix(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/**
 * Made with Kubo 0.43.0: `ipfs init --profile=unixfs-v1-2025`, then `ipfs add -r -Q --hidden <folder>` for each.
 */
const folders: [what: string, cid: string, entries: () => FolderEntry[]][] = [
  ["an empty folder", "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354", () => []],
  ["an empty file", "bafybeihfsfq3thmbuxj3p3wmnhzzcnnmo3d7ju7a4asfqtewg7pi5dzgrm", () => [file("f", "")]],
  [
    "a file of one byte",
    "bafybeigbu6gwvoijzqgbugdit2vjvklnmudnamj7uc5nnzstilw2dfwrwy",
    () => [file("f", "x")],
  ],
  [
    "a file of exactly 1 MiB",
    "bafybeigercuwdi4ys32d4nrlonkqbuhhcz3mbknr3f22ihcijmxjqq7xq4",
    () => [file("f", seeded(MIB, "worker3"))],
  ],
  [
    "a file of 1 MiB and a byte",
    "bafybeihfnxdgjfjox3yqd6yfphnw2xs3mqihbddbxlnebko5hco22pcmvi",
    () => [file("f", seeded(MIB + 1, "worker3"))],
  ],
  [
    "a file of 5 MiB",
    "bafybeigr243aojs4hzfhelpv5rz7p3myjpw3rmuxsr22y6ovdagrryyxu4",
    () => [file("f", seeded(5 * MIB, "worker3"))],
  ],
  [
    "nested directories",
    "bafybeiajfqovdo7edzkthvnkficj7txmkce6gns5cdtlldrigkostsnclm",
    () => ["a/b/c/d.txt", "a/b/e.txt", "a.txt", "a/z", "b/x"].map((path) => file(path)),
  ],
  [
    "empty directories",
    "bafybeie5lsbseba6z3vzl5phoe65yuppkazfikaunydsspby2xwe77jl3e",
    () => [{ path: "empty" }, { path: "a/b/empty" }, file("a/f", "f")],
  ],
  [
    "names beyond ASCII",
    "bafybeicbvs3ndl47iehdpkyewnfhzuo2sczpy3nyex5yjhtylbk4ukg334",
    () =>
      ["é", "日本/語.txt", "🙂", "a b", "Z", "a", "ÿ", "～", "😀x", "%41", "ab"].map((path) => file(path)),
  ],
  [
    "names that begin with a dot",
    "bafybeihdfxpml7dwehhm36tddlixvhwrdauopgm4fyo5kbd3c4gjpct5yq",
    () => [file(".well-known/x", "x"), file(".a", "a")],
  ],
  [
    "one file in two places",
    "bafybeidlhvc5utm4nplclnhuyubh4ksez3lholdonsvn4vujxx6e3u77d4",
    () => [file("a", seeded(MIB + 1, "worker3")), file("b/c", seeded(MIB + 1, "worker3"))],
  ],
  [
    "4681 subdirectories, just under 256 KiB",
    "bafybeicohrnbvgwj454njef4j4i2uiv5gkexzdkcmd337g6q3srp2efu24",
    () => subdirectories(4681),
  ],
  [
    "4682 subdirectories, just over 256 KiB",
    "bafybeiab4qbxegzzscwl244xvvthh32cj54wz6g2uslr6clcr7zeg3iagi",
    () => subdirectories(4682),
  ],
  [
    "10,000 files in a subdirectory",
    "bafybeib5wtyoeamfi7os4ehc3ik5adunkb4v5otluji5nuokgzyfaosjtq",
    () =>
      Array.from({ length: 10_000 }, (_, index) =>
        file(`assets/${digestPrefix(`${index}`)}.html`, `${index}`),
      ),
  ],
  [
    "3,000 files of many sizes, with names of many lengths",
    "bafybeidawcr423p5f5ahwu37hcbditu54zdrlaznueelzd4twrclg3t7uu",
    () => Array.from({ length: 3000 }, (_, i) => file(`${"n".repeat(i % 90)}${i}`, seeded(i * 7, `${i}`))),
  ],
];

/** A site with a worker: `ipfs ls` of it shows `.worker3`, `_headers`, `assets` and `index.html`. */
const DEPLOYMENT = [
  file("index.html", "<h1>hello</h1>"),
  file("assets/app.js", "alert(1)"),
  file("_headers", "/*\n  A: b\n"),
  file(
    ".worker3/manifest.json",
    '{"assets":{},"compatibilityDate":"2026-11-01","main":"index.js","manifest":2,"modules":{"index.js":"esm"}}',
  ),
  file(".worker3/worker/index.js", "export default {};"),
];

describe("a folder has the CID that Kubo gives it", () => {
  for (const [what, cid, entries] of folders) {
    it(what, async () => assert.equal((await pack(entries(), { layout: "any" })).cid, cid));
  }

  it("a deployment folder, whose root is the site", async () => {
    const { cid, root, store } = await pack(DEPLOYMENT);
    assert.equal(cid, "bafybeiaazwynmjbjo5bm732mudl5sksnbhqwjr73s5gekxhzmbxkjxx27u");
    const { manifest, files } = await readDeployment(store, root);
    assert.deepEqual(manifest.modules, { "index.js": "esm" });
    assert.deepEqual(
      files.map(({ path }) => path),
      [".worker3/manifest.json", ".worker3/worker/index.js", "_headers", "assets/app.js", "index.html"],
    );
  });
});
