import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markedProcesses } from "./testing/markedProcesses.ts";
import { type SpawnDevnetParameters, type SpawnedDevnet, spawnDevnet } from "./testing/spawnDevnet.ts";

/** With a stand-in for the agent (testing/standInAgent.ts). */
describe("a devnet leaves nothing behind", function () {
  this.timeout(120_000);

  let devnet: SpawnedDevnet | undefined;
  afterEach(async () => {
    await devnet?.cleanUp();
    devnet = undefined;
  });
  async function start(parameters: Partial<SpawnDevnetParameters> = {}): Promise<SpawnedDevnet> {
    devnet = await spawnDevnet({ args: ["--json", "--no-sample"], ...parameters });
    return devnet;
  }

  it("after SIGTERM", async () => {
    const devnet = await start();
    await devnet.ready();
    devnet.child.kill("SIGTERM");
    assert.equal(await devnet.ended, 0);
    await devnet.untilNothingIsLeft();
  });

  it("after SIGKILL", async () => {
    const devnet = await start();
    await devnet.ready();
    devnet.child.kill("SIGKILL");
    assert.equal(await devnet.ended, "SIGKILL");
    await devnet.untilNothingIsLeft();
  });

  it("after the end of the npm that ran it, which tells nobody", async () => {
    const folder = await mkdtemp(join(tmpdir(), "npm-"));
    try {
      const npm = await start({
        start: (command) => {
          const script = command.slice(0, 3).map((part) => `'${part}'`);
          writeFileSync(
            join(folder, "package.json"),
            JSON.stringify({ scripts: { devnet: script.join(" ") } }),
          );
          return ["npm", ["--prefix", folder, "--silent", "run", "devnet", "--", ...command.slice(3)]];
        },
      });
      const { pid } = await npm.ready();
      assert.notEqual(pid, npm.child.pid);
      npm.child.kill("SIGKILL");
      assert.equal(await npm.ended, "SIGKILL");
      await npm.untilNothingIsLeft();
      assert.match(npm.stderr(), /its parent has ended \(pid \d+, npm run devnet/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("when the chain ends, which is a failure", async () => {
    const devnet = await start();
    await devnet.ready();
    const anvil = markedProcesses(devnet.mark).find(({ command }) => command[0]?.endsWith("/anvil"));
    assert.ok(anvil);
    process.kill(anvil.pid, "SIGKILL");
    assert.equal(await devnet.ended, 1);
    assert.match(devnet.stderr(), /the chain \(anvil\) ended \(SIGKILL\)/);
    await devnet.untilNothingIsLeft();
  });
});
