import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { cellContract } from "./cellContract.test.ts";
import { TestRunner } from "./testing/TestRunner.ts";

cellContract("bwrap");

describe("a cell in bwrap", () => {
  it("sees its own files and processes only", async () => {
    const test = await TestRunner.create();
    try {
      assert.equal(test.runner.enforces.bound, "bwrap");
      const { pid } = await test.worker("export default { fetch() { return new Response() } }");
      const root = `/proc/${pid}/root`;
      const isRoot = process.getuid?.() === 0;
      const system = ["dev", "etc", "lib", "lib64", "proc", "tmp", "usr"];
      const own = [
        "cell.capnp",
        "certificates.pem",
        "deployment",
        "s",
        "workerd",
        ...(isRoot ? ["setpriv"] : []),
      ];
      assert.deepEqual(readdirSync(root).sort(), [...own, ...system].sort());
      // Root's cells have bwrap's init beside them.
      assert.deepEqual(
        readdirSync(`${root}/proc`).filter((name) => /^\d+$/.test(name)),
        isRoot ? ["1", "2"] : ["1"],
      );
      assert.deepEqual(readdirSync(`${root}/tmp`), []);
      for (const namespace of ["pid", "mnt", "ipc", "uts", ...(isRoot ? [] : ["user"])]) {
        const own = readlinkSync(`/proc/self/ns/${namespace}`);
        assert.notEqual(readlinkSync(`/proc/${pid}/ns/${namespace}`), own);
      }
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      if (isRoot) assert.match(status, /^Uid:\t65534\t65534\t65534\t65534$/m);
      for (const set of ["Inh", "Prm", "Eff", "Bnd", "Amb"]) {
        assert.match(status, new RegExp(`^Cap${set}:\t0{16}$`, "m"));
      }
      assert.match(status, /^NoNewPrivs:\t1$/m);
      assert.match(status, /^Seccomp:\t2$/m);
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean);
      assert.ok(environment.includes("SSL_CERT_FILE=/certificates.pem"), environment.join());
      assert.ok(environment.includes("TZ=UTC"), environment.join());
    } finally {
      await test.close();
    }
  });
});
