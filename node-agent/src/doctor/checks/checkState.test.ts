import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkState } from "./checkState.ts";

describe("the doctor's look at a node's folder", () => {
  it("says that it is not there, and looks at the disk where it would be", async () => {
    const folder = await mkdtemp(join(tmpdir(), "worker3-doctor-"));
    try {
      const [there] = await checkState(folder);
      assert.deepEqual([there?.ok, there?.detail, there?.fix], [true, folder, undefined]);
      const missing = join(folder, "a", "node");
      const [state, disk] = await checkState(missing);
      assert.deepEqual(
        [state?.ok, state?.needed, state?.detail],
        [false, false, `${missing} is not there yet`],
      );
      assert.match(state?.fix ?? "", /^worker3 node init/);
      assert.match(disk?.detail ?? "", /GiB free$/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
