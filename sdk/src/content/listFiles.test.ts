import assert from "node:assert/strict";
import * as dagPb from "@ipld/dag-pb";
import { MemoryBlockstore } from "blockstore-core/memory";
import fc from "fast-check";
import { UnixFS } from "ipfs-unixfs";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { concat } from "./concat.ts";
import { DagError, type DagErrorCode, PathError } from "./errors.ts";
import { expandedSize } from "./expandedSize.ts";
import { fileContent } from "./fileContent.ts";
import { type ListFilesOptions, listFiles } from "./listFiles.ts";
import { type FolderEntry, pack } from "./pack.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const ANY: ListFilesOptions = { layout: "any" };

/** A store that hostile nodes are put into. */
class Bench extends MemoryBlockstore {
  async add(bytes: Uint8Array, code = 0x70): Promise<CID> {
    const cid = CID.createV1(code, await sha256.digest(bytes));
    await this.put(cid, bytes);
    return cid;
  }

  raw(text: string): Promise<CID> {
    return this.add(utf8(text), 0x55);
  }

  node(unixfs: ConstructorParameters<typeof UnixFS>[0], links: [name: string, cid: CID][]): Promise<CID> {
    const Links = links.map(([Name, Hash]) => ({ Name, Hash, Tsize: 0 }));
    return this.add(dagPb.encode(dagPb.prepare({ Data: new UnixFS(unixfs).marshal(), Links })));
  }

  directory(...links: [name: string, cid: CID][]): Promise<CID> {
    return this.node({ type: "directory" }, links);
  }

  shard(...links: [name: string, cid: CID][]): Promise<CID> {
    return this.node({ type: "hamt-sharded-directory", fanout: 256n }, links);
  }
}

async function refused(
  error: typeof DagError | typeof PathError,
  code: DagErrorCode | PathError["code"],
  work: Promise<unknown>,
): Promise<DagError | PathError> {
  const found: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(found instanceof error, String(found));
  assert.equal(found.code, code);
  return found;
}

describe("listFiles", () => {
  it("lists what was packed, whatever it was", async () => {
    const name = fc.stringMatching(/^[a-z0-9_.é日-]{1,8}$/).filter((text) => !/^\.+$/.test(text));
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
    const files = fc.dictionary(path, fc.uint8Array({ maxLength: 40 }), { maxKeys: 20 });
    await fc.assert(
      fc.asyncProperty(files, async (contents) => {
        const entries: FolderEntry[] = Object.entries(contents).map(([at, content]) => ({
          path: at,
          content,
        }));
        const store = new MemoryBlockstore();
        const packed = await pack(entries, { store, layout: "any" }).catch((error: unknown) => {
          assert.ok(error instanceof PathError);
          return undefined;
        });
        fc.pre(packed !== undefined);
        const listing = await listFiles(store, packed.root, ANY);
        assert.deepEqual(
          listing.files.map((file) => file.path),
          Object.keys(contents).sort(),
        );
        for (const file of listing.files) {
          const parts: Uint8Array[] = [];
          for await (const part of fileContent(store, file.cid)) parts.push(part);
          assert.deepEqual(concat(parts), Uint8Array.from(contents[file.path] ?? []));
          assert.equal(file.size, contents[file.path]?.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("lists the files of a HAMT, of several chunks, and empty directories", async () => {
    const store = new MemoryBlockstore();
    const large = new Uint8Array(2_500_000).map((_, index) => index % 199);
    const entries: FolderEntry[] = [
      { path: ".worker3/manifest.json", content: utf8("{}") },
      { path: "large", content: large },
      { path: "empty" },
      ...Array.from({ length: 7000 }, (_, index) => ({
        path: `many/${index}.html`,
        content: utf8(`${index}`),
      })),
    ];
    const packed = await pack(entries, { store });
    const listing = await listFiles(store, packed.root);
    assert.deepEqual(
      [listing.files.length, listing.bytes, listing.emptyDirectories],
      [7002, packed.bytes, ["empty"]],
    );
    const found = listing.files.find((file) => file.path === "large");
    assert.equal(found?.size, large.length);
    const parts: Uint8Array[] = [];
    if (found !== undefined) for await (const part of fileContent(store, found.cid)) parts.push(part);
    assert.deepEqual(concat(parts), large);
  });

  it("refuses names that a disk or a browser would take for another path", async () => {
    for (const name of ["..", ".", "", "a/b", "../x", "a\\b", "a\0b", "a\nb", "/", "x".repeat(256)]) {
      const store = new Bench();
      const file = await store.raw("x");
      const flat = await store.directory(["good", file], [name, file]);
      await refused(PathError, "PATH_BAD", listFiles(store, flat, ANY));
      if (name === "") continue;
      const below = await store.directory(["d", await store.shard([`00good`, file], [`01${name}`, file])]);
      const error = await refused(PathError, "PATH_BAD", listFiles(store, below, ANY));
      assert.equal(error.value, `d/${name}`);
    }
  });

  it("refuses a name twice, in other case or form, also across shards", async () => {
    for (const [one, two] of [
      ["a", "a"],
      ["a", "A"],
      ["é", "e\u0301"],
      ["ß", "SS"],
    ] as const) {
      const store = new Bench();
      const file = await store.raw("x");
      await refused(
        PathError,
        "PATH_DUPLICATE",
        listFiles(store, await store.directory([one, file], [two, file]), ANY),
      );
      const inner = await store.shard([`07${two}`, file]);
      const sharded = await store.shard([`00${one}`, file], ["01", inner]);
      await refused(PathError, "PATH_DUPLICATE", listFiles(store, sharded, ANY));
    }
  });

  it("refuses names that are no UTF-8", async () => {
    const store = new Bench();
    const file = await store.raw("x");
    const bytes = dagPb.encode({
      Data: new UnixFS({ type: "directory" }).marshal(),
      Links: [{ Name: "zz", Hash: file, Tsize: 0 }],
    });
    const at = bytes.lastIndexOf(0x7a);
    bytes[at] = 0xff;
    await refused(PathError, "PATH_BAD", listFiles(store, await store.add(bytes), ANY));
  });

  it("refuses symbolic links and other types", async () => {
    const store = new Bench();
    const link = await store.node({ type: "symlink", data: utf8("/etc/passwd") }, []);
    await refused(DagError, "DAG_SYMLINK", listFiles(store, await store.directory(["a", link]), ANY));
    const metadata = await store.node({ type: "metadata", data: utf8("x") }, []);
    await refused(DagError, "DAG_BAD_NODE", listFiles(store, await store.directory(["a", metadata]), ANY));
    await refused(
      DagError,
      "DAG_BAD_NODE",
      listFiles(store, await store.add(dagPb.encode({ Links: [] })), ANY),
    );
    await refused(DagError, "DAG_NOT_A_FOLDER", listFiles(store, await store.raw("x"), ANY));
  });

  it("refuses a HAMT that is built in another way", async () => {
    const store = new Bench();
    const file = await store.raw("x");
    const bad = [
      await store.shard(["a", file]),
      await store.shard(["0ga", file]),
      await store.shard(["00", file]),
      await store.shard(["00", await store.directory(["a", file])]),
      await store.node({ type: "hamt-sharded-directory", fanout: 16n }, [["00a", file]]),
    ];
    for (const root of bad) await refused(DagError, "DAG_BAD_NODE", listFiles(store, root, ANY));
  });

  it("refuses a file that lies about its parts", async () => {
    const store = new Bench();
    const part = await store.raw("four");
    const lies = [
      await store.node({ type: "file", blockSizes: [5n] }, [["", part]]),
      await store.node({ type: "file", blockSizes: [] }, [["", part]]),
      await store.node({ type: "file", blockSizes: [4n, 4n] }, [["", part]]),
      await store.node({ type: "file", blockSizes: [0n] }, [["", await store.directory()]]),
    ];
    for (const lie of lies)
      await refused(DagError, "DAG_BAD_NODE", listFiles(store, await store.directory(["f", lie]), ANY));
    const honest = await store.node({ type: "file", data: utf8("ab"), blockSizes: [4n] }, [["", part]]);
    assert.equal((await listFiles(store, await store.directory(["f", honest]), ANY)).bytes, 6);
  });

  it("refuses a deployment folder with anything else in .worker3, or a name that a disk takes for it", async () => {
    const store = new Bench();
    const file = await store.raw("x");
    const layout = async (...links: Parameters<Bench["directory"]>) =>
      refused(PathError, "PATH_NOT_IN_LAYOUT", listFiles(store, await store.directory(...links)));
    const below = await store.directory(["README.md", file]);
    assert.equal((await layout([".worker3", below])).value, ".worker3/README.md");
    assert.equal((await layout([".worker3", file])).value, ".worker3");
    assert.equal((await layout([".WORKER3", below])).value, ".WORKER3");
    const site = await listFiles(store, await store.directory(["README.md", file], ["docs", below]));
    assert.deepEqual(
      site.files.map(({ path }) => path),
      ["README.md", "docs/README.md"],
    );
  });

  it("names a block that is missing", async () => {
    const store = new Bench();
    const file = await store.raw("x");
    const root = await store.directory(["a", file]);
    await store.delete(file);
    assert.equal(
      (await refused(DagError, "DAG_MISSING_BLOCK", listFiles(store, root, ANY))).value,
      file.toString(),
    );
  });
});

describe("a bomb of shared blocks is summed, not walked", () => {
  /** `levels` directories, each with ten links to the one below: `levels` + 1 blocks, 10^levels files. */
  async function bomb(store: Bench, levels: number): Promise<CID> {
    let cid = await store.raw("x");
    for (let level = 0; level < levels; level += 1) {
      const below = cid;
      cid = await store.directory(
        ...Array.from({ length: 10 }, (_, index): [string, CID] => [`${index}`, below]),
      );
    }
    return cid;
  }

  it("61 blocks that expand to 10^60 bytes have their sum at once", async () => {
    const store = new Bench();
    const root = await bomb(store, 60);
    const sum = await expandedSize(store, root);
    assert.deepEqual([sum.bytes, sum.files], [10n ** 60n, 10n ** 60n]);
    const error = await refused(DagError, "DAG_LIMIT", listFiles(store, root, ANY));
    assert.equal(error.value, String(10n ** 60n));
  });

  it("parts without bytes, empty files and empty directories are no way around it", async () => {
    const store = new Bench();
    let part = await store.add(new Uint8Array(0), 0x55);
    let directory = await store.directory();
    for (let level = 0; level < 40; level += 1) {
      part = await store.node({ type: "file", blockSizes: [0n, 0n] }, [
        ["", part],
        ["", part],
      ]);
      directory = await store.directory(["a", directory], ["b", directory]);
    }
    await refused(DagError, "DAG_LIMIT", listFiles(store, await store.directory(["f", part]), ANY));
    await refused(DagError, "DAG_LIMIT", listFiles(store, directory, ANY));
  });

  it("each limit lets its own number pass and not one more", async () => {
    const store = new Bench();
    const root = await bomb(store, 2);
    const exact = { depth: 2, expandedBytes: 100, files: 100, reads: 111 };
    assert.equal((await listFiles(store, root, { ...ANY, limits: exact })).files.length, 100);
    for (const key of ["depth", "expandedBytes", "files", "reads"] as const) {
      const limits = { ...exact, [key]: exact[key] - 1 };
      await refused(DagError, "DAG_LIMIT", listFiles(store, root, { ...ANY, limits }));
    }
  });

  it("the depth counts on the longest way, also where a shorter one came first", async () => {
    const store = new Bench();
    let deep = await store.directory();
    for (let level = 0; level < 10; level += 1) deep = await store.directory(["a", deep]);
    const root = await store.directory(["a", deep], ["b", await store.directory(["c", deep])]);
    assert.equal(
      (await listFiles(store, root, { ...ANY, limits: { depth: 12 } })).emptyDirectories.length,
      2,
    );
    await refused(DagError, "DAG_LIMIT", listFiles(store, root, { ...ANY, limits: { depth: 11 } }));
  });
});
