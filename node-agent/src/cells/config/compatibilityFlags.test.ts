import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeTemporary } from "../testing/makeFolder.ts";
import { workerdBinary } from "../workerdBinary.ts";
import { compatibilityFlags } from "./compatibilityFlags.ts";
import { serializeCapnp } from "./serializeCapnp.ts";

/** What workerd, without `--experimental`, says of a worker with these flags. */
async function complaints(flags: readonly string[]): Promise<string> {
  const home = await makeTemporary();
  try {
    const file = join(home, "flags.capnp");
    const worker = {
      modules: [{ name: "index.js", esModule: "export default {}" }],
      compatibilityDate: "2021-11-01",
      compatibilityFlags: flags,
    };
    const config = serializeCapnp({ services: [{ name: "flags", worker }], sockets: [] });
    await writeFile(
      file,
      `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${config};\n`,
    );
    return await new Promise((resolve) => {
      execFile(
        workerdBinary().path,
        ["serve", file],
        { timeout: 10_000, maxBuffer: 1e7 },
        (_error, _out, err) => resolve(err),
      );
    });
  } finally {
    await rm(home, { recursive: true });
  }
}

describe("compatibilityFlags", () => {
  it("has only flags that this workerd knows and gives without --experimental", async () => {
    const said = await complaints([...compatibilityFlags, "no_such_flag_anywhere", "unsafe_module"]);
    const refused = [...said.matchAll(/No such compatibility flag: (\S+)|flag (\S+) is experimental/g)];
    assert.deepEqual(refused.map(([, unknown, experimental]) => unknown ?? experimental).sort(), [
      "no_such_flag_anywhere",
      "unsafe_module",
    ]);
  });

  it("has none that reaches out of the sandbox's model", () => {
    assert.deepEqual(
      [...compatibilityFlags].filter((flag) => /python|unsafe|^experimental$/.test(flag)),
      [],
    );
    assert.ok(compatibilityFlags.has("nodejs_compat"));
  });
});
