import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carOf } from "../content/carOf.ts";
import { concat } from "../content/concat.ts";
import { PathError } from "../content/errors.ts";
import { pack } from "../content/pack.ts";
import { DiskError } from "./errors.ts";
import { packFolder } from "./packFolder.ts";
import { readFolder } from "./readFolder.ts";
import { writeCar } from "./writeCar.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const large = new Uint8Array(2_500_000).map((_, index) => index % 251);

describe("a folder on disk", () => {
  let directory = "";
  let folder = "";

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "worker3-test-"));
    folder = join(directory, "folder");
    await mkdir(join(folder, ".well-known"), { recursive: true });
    await mkdir(join(folder, "empty"));
    await mkdir(join(folder, ".worker3"));
    await writeFile(join(folder, ".worker3/manifest.json"), "{}");
    await writeFile(join(folder, "large"), large);
    await writeFile(join(folder, "none"), "");
    await writeFile(join(folder, ".well-known/日本"), "x");
  });
  afterEach(() => rm(directory, { recursive: true }));

  const entries = [
    { path: ".worker3/manifest.json", content: utf8("{}") },
    { path: "large", content: large },
    { path: "none", content: new Uint8Array(0) },
    { path: ".well-known/日本", content: utf8("x") },
    { path: "empty" },
  ];

  it("has the CID of the same files in memory, and the same CAR", async () => {
    const inMemory = await pack(entries);
    const packed = await packFolder(folder);
    const parts: Uint8Array[] = [];
    for await (const part of packed.car()) parts.push(part);
    await packed.close();
    assert.equal(packed.cid, inMemory.cid);
    assert.deepEqual([packed.files, packed.bytes, packed.carBytes], [4, 2_500_003, inMemory.carBytes]);
    assert.deepEqual(concat(parts), await carOf(entries));
  });

  it("takes memory of a file's own size for it, however small it is", async () => {
    const buffers = new Map<string, number[]>();
    for await (const { path, content } of readFolder(folder)) {
      if (content === undefined || content instanceof Uint8Array) continue;
      const sizes: number[] = [];
      for await (const piece of content) sizes.push(piece.buffer.byteLength);
      buffers.set(path, sizes);
    }
    assert.deepEqual(buffers.get(".well-known/日本"), [2]);
    assert.deepEqual(buffers.get("none"), []);
    assert.deepEqual(buffers.get("large"), [1_048_576, 1_048_576, 2_500_000 - 2 * 1_048_576 + 1]);
  });

  it("is read in one order, empty directories and names with a dot included", async () => {
    const paths: string[] = [];
    for await (const entry of readFolder(folder)) paths.push(entry.path);
    assert.deepEqual(paths, [".well-known/日本", ".worker3/manifest.json", "empty", "large", "none"]);
  });

  it("packs to the CAR of what its CID names, even if files change afterwards", async () => {
    await using packed = await packFolder(folder);
    await writeFile(join(folder, "large"), "changed");
    const parts: Uint8Array[] = [];
    for await (const part of packed.car()) parts.push(part);
    assert.deepEqual(concat(parts), await carOf(entries));
  });

  it("leaves no scratch file behind", async () => {
    const scratch = join(directory, "scratch");
    await mkdir(scratch);
    const packed = await packFolder(folder, { scratchDirectory: scratch });
    assert.deepEqual(await readdir(scratch), []);
    await packed.close();
    await writeFile(join(folder, ".worker3/README.md"), "x");
    await assert.rejects(packFolder(folder, { scratchDirectory: scratch }), PathError);
    assert.deepEqual(await readdir(scratch), []);
  });

  async function refusedAsNoFile(path: string, what: RegExp): Promise<void> {
    await assert.rejects(packFolder(folder), (error) => {
      assert.ok(error instanceof DiskError, String(error));
      assert.deepEqual([error.code, error.value], ["DISK_NOT_A_FILE", path]);
      assert.match(error.message, what);
      return true;
    });
  }

  it("symbolic links are refused by name, to files and to directories", async () => {
    const link = join(folder, "link");
    for (const target of ["large", "empty", "/etc", "nowhere"]) {
      await symlink(target, link);
      await refusedAsNoFile(link, /symbolic link/);
      await rm(link);
    }
  });

  it("sockets and pipes are refused by name", async () => {
    const path = join(folder, "socket");
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once("listening", resolve));
    await refusedAsNoFile(path, /socket/);
    await new Promise((resolve) => server.close(resolve));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    await refusedAsNoFile(join(folder, "pipe"), /pipe/);
  });

  it("a file that is replaced by a symbolic link between listing and reading is not followed", async () => {
    const path = join(folder, "large");
    async function* swapped(): ReturnType<typeof readFolder> {
      for await (const entry of readFolder(folder)) {
        if (entry.path === "large") {
          await rm(path);
          await symlink("/etc/hostname", path);
        }
        yield entry;
      }
    }
    await assert.rejects(pack(swapped()), (error) => error instanceof DiskError && error.value === path);
  });

  it("a folder that is not there is named", async () => {
    await assert.rejects(packFolder(join(folder, "nowhere")), (error) => {
      assert.ok(error instanceof DiskError);
      assert.deepEqual([error.code, error.value], ["DISK_UNREADABLE", join(folder, "nowhere")]);
      return true;
    });
  });

  it("an aborted signal stops the packing", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await assert.rejects(packFolder(folder, { signal }), /enough/);
  });

  describe("writeCar", () => {
    it("writes the whole CAR and returns its bytes", async () => {
      await using packed = await packFolder(folder);
      const path = join(directory, "out.car");
      assert.equal(await writeCar(path, packed.car()), packed.carBytes);
      assert.deepEqual(new Uint8Array(await readFile(path)), await carOf(entries));
    });

    it("a source that breaks leaves the old file and no temporary one", async () => {
      const path = join(directory, "out.car");
      await writeFile(path, "old");
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield utf8("new");
        throw new Error("lost");
      }
      await assert.rejects(writeCar(path, broken()), /lost/);
      assert.equal(await readFile(path, "utf8"), "old");
      assert.deepEqual((await readdir(directory)).sort(), ["folder", "out.car"]);
    });

    it("a directory that is not there is an error with the path", async () => {
      await using packed = await packFolder(folder);
      const path = join(directory, "nowhere/out.car");
      await assert.rejects(writeCar(path, packed.car()), (error) => {
        assert.ok(error instanceof DiskError);
        assert.deepEqual([error.code, error.value], ["DISK_UNWRITABLE", path]);
        return true;
      });
    });
  });
});
