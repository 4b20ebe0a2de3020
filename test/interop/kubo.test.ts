import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemoryBlockstore } from "blockstore-core/memory";
import { CID } from "multiformats/cid";
import { KUBO } from "../../scripts/interop/peers.ts";
import { CarError, fileContent, listFiles, verifyCar } from "../../sdk/src/content/index.ts";
import { packFolder, writeCar } from "../../sdk/src/node/index.ts";
import { type FolderContent, fingerprint, readDiskFolder, writeFolder } from "./support/diskFolder.ts";
import { FOLDERS } from "./support/folders.ts";
import { createKuboRepository, type KuboRepository } from "./support/kuboRepository.ts";

async function* inPieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
}

/** Takes a CAR from a stranger and keeps its blocks. */
async function takeCar(car: Uint8Array, root: CID): Promise<MemoryBlockstore> {
  const store = new MemoryBlockstore();
  for await (const { cid, bytes } of verifyCar(inPieces(car), root)) await store.put(cid, bytes);
  return store;
}

describe(`Kubo ${KUBO.version} and the sdk agree`, function () {
  this.timeout(300_000);
  let directory = "";
  /** Where folders are added and exported. */
  let author: KuboRepository;
  /** Which has nothing but the CARs that it imports. */
  let reader: KuboRepository;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "worker3-interop-"));
    author = await createKuboRepository();
    reader = await createKuboRepository();
  });
  after(async () => {
    await reader?.remove();
    await author?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  it("the version is the one that is pinned", async () => {
    assert.equal((await author.ipfs("version", "--number")).toString().trim(), KUBO.version);
  });

  for (const [index, { what, layout, entries }] of FOLDERS.entries()) {
    describe(what, () => {
      let folder = "";
      let carFile = "";
      /** What we made of the folder, and what Kubo did. */
      let ours: { cid: string; car: Buffer };
      let kubos: { cid: string; car: Buffer };
      let onDisk: FolderContent;

      before(async () => {
        folder = join(directory, `${index}`);
        carFile = join(directory, `${index}.car`);
        await writeFolder(folder, entries);
        onDisk = await readDiskFolder(folder);
        await using packed = await packFolder(folder, { layout, scratchDirectory: directory });
        await writeCar(carFile, packed.car());
        ours = { cid: packed.cid, car: await readFile(carFile) };
        const cid = (await author.ipfs("add", "-r", "-Q", "--hidden", folder)).toString().trim();
        kubos = { cid, car: await author.ipfs("dag", "export", "--progress=false", cid) };
      });
      after(async () => {
        await rm(folder, { recursive: true, force: true });
        await rm(carFile, { force: true });
      });

      it("has one CID", () => assert.equal(ours.cid, kubos.cid));

      it("has one CAR, byte for byte", () => {
        assert.equal(ours.car.length, kubos.car.length);
        const at = ours.car.findIndex((byte, index) => byte !== kubos.car[index]);
        assert.ok(ours.car.equals(kubos.car), `byte ${at} differs`);
      });

      it("Kubo imports our CAR, keeps all of it pinned and gives the bytes back", async () => {
        const { cid } = ours;
        await reader.ipfs("dag", "import", carFile);
        await reader.ipfs("repo", "gc");
        const pins = (await reader.ipfs("pin", "ls", "--type=recursive", "--quiet")).toString();
        assert.ok(pins.split("\n").includes(cid), pins);
        const fetched = `${folder}.fetched`;
        await reader.ipfs("get", "--progress=false", `--output=${fetched}`, cid);
        assert.deepEqual(await readDiskFolder(fetched), onDisk);
        await rm(fetched, { recursive: true });
        for (const [path, content] of [...onDisk.files].slice(0, 10)) {
          assert.equal(fingerprint(await reader.ipfs("cat", `${cid}/${path}`)), content, path);
        }
        await reader.ipfs("pin", "rm", cid);
      });

      it("we take Kubo's CAR and find the same files in it", async () => {
        const root = CID.parse(kubos.cid);
        const store = await takeCar(kubos.car, root);
        const { files, emptyDirectories } = await listFiles(store, root, { layout });
        const found = new Map<string, string>();
        for (const file of files) {
          const parts: Uint8Array[] = [];
          for await (const part of fileContent(store, file.cid)) parts.push(part);
          found.set(file.path, fingerprint(Buffer.concat(parts)));
        }
        assert.deepEqual({ files: found, emptyDirectories: new Set(emptyDirectories) }, onDisk);
      });

      it("we refuse Kubo's CAR when a bit of it was flipped, wherever", async () => {
        const { cid, car } = kubos;
        const root = CID.parse(cid);
        // From the first byte over the middle to the last.
        for (let place = 0; place <= 16; place += 1) {
          const at = Math.floor(((car.length - 1) * place) / 16);
          const changed = Buffer.from(car);
          changed.writeUInt8(changed.readUInt8(at) ^ (1 << (place % 8)), at);
          await assert.rejects(takeCar(changed, root), CarError, `bit ${place % 8} of byte ${at}`);
        }
      });
    });
  }
});
