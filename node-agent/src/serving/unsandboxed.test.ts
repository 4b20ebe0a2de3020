import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { attackedNode } from "./testing/attackedNode.ts";
import { fileAttack, nothingButItsOwn } from "./testing/fileAttack.ts";
import { reachesNoUnixSocket } from "./testing/unixSocketAttack.ts";

const NODE = { compatibilityFlags: ["nodejs_compat"] };

/** The first lock by itself: where an operator allowed to do without the sandbox, workerd alone keeps workers from all this. */
describe("a hostile tenant without a sandbox", function () {
  this.timeout(120_000);
  const attacked = attackedNode(() => ({ sandbox: "none" }));
  const { attack } = attacked;

  it("reads no file of the machine or of another tenant, and starts no process", async () => {
    const { node } = attacked;
    const [neighbour] = node.serving.cells.cells();
    assert.ok(neighbour !== undefined);
    assert.equal(node.serving.cells.enforces.sandbox, false);
    const { spec, socketPath, logPath } = neighbour;
    const code = join(spec.folder, "worker/index.js");
    const paths = [
      ...["/etc/passwd", "/proc", "/proc/self/environ", `/proc/${process.pid}/environ`, process.execPath],
      ...[node.home, spec.folder, code, socketPath, logPath, `/bundle/../${code}`, `/tmp/../..${code}`],
    ];
    for (const path of paths.slice(0, -2)) assert.ok(existsSync(path), path);
    const { status, body } = await attack("files", fileAttack(paths, process.pid), NODE);
    assert.equal(status, 200, body);
    assert.deepEqual(JSON.parse(body), nothingButItsOwn(paths));
  });

  it("connects to no unix socket: not the agent's, not another cell's", async () => {
    const { node } = attacked;
    const [neighbour] = node.serving.cells.cells();
    assert.ok(neighbour !== undefined);
    await reachesNoUnixSocket(node.home, [neighbour.socketPath], (source) => attack("unix", source, NODE));
  });
});
