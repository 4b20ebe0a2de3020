import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lens, networkToJson, projects } from "@worker3/sdk";
import { minedReceipt, startRpcProxy } from "@worker3/sdk/testing";
import { runWorker3 } from "./testing/runWorker3.ts";
import { startTestChain, type TestChain } from "./testing/startTestChain.ts";

const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

describe("the worker3 program", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let folder: string;

  before(async () => {
    chain = await startTestChain(["http://127.0.0.1:9001"]);
    const domain = `shop.${chain.net.network.zone}`;
    await projects.deploy(chain.owner, { domain, cid: CID });
    await projects.deploy(chain.owner, { domain, cid: CID });
    folder = await mkdtemp(join(tmpdir(), "worker3-cli-"));
    await mkdir(join(folder, ".worker3"));
    await mkdir(join(folder, "app", "src"), { recursive: true });
    await writeFile(
      join(folder, ".worker3", "devnet.json"),
      JSON.stringify(networkToJson(chain.net.network)),
    );
  });
  after(async () => {
    await rm(folder, { recursive: true });
    await chain[Symbol.asyncDispose]();
  });

  it("finds the devnet of a folder above, and the key in the environment", async () => {
    const { code, stdout, stderr } = await runWorker3(["rollback", "1", "--json", "--yes"], {
      cwd: join(folder, "app", "src"),
      env: { WORKER3_PRIVATE_KEY: chain.ownerKey.key },
    });
    assert.equal(code, 0, stdout + stderr);
    const { projectId, version } = JSON.parse(stdout);
    assert.deepEqual([projectId, version], ["1", 1]);
    assert.match(stderr, /Sent 0x[0-9a-f]{64}/);
  });

  it("tells the hash of what it sent when Ctrl-C ends it", async () => {
    const proxy = await startRpcProxy(chain.net.network.rpcUrls[0]);
    try {
      proxy.answer = (call, ask) =>
        call.method === "eth_getTransactionReceipt" ? new Promise(() => {}) : ask(call);
      const args = ["rollback", "1", "--to", "2", "--json", "--yes", "--rpc", proxy.url];
      const { code, stdout, stderr } = await runWorker3(args, {
        cwd: folder,
        env: { WORKER3_PRIVATE_KEY: chain.ownerKey.key },
        interruptAt: /^Sent /m,
      });
      assert.equal(code, 1, stdout + stderr);
      const [, hash] = /^Sent (0x[0-9a-f]{64}) \(activate version 2 of project 1\)$/m.exec(stderr) ?? [];
      const { error } = JSON.parse(stdout);
      assert.deepEqual([error.code, error.txHash], ["ABORTED", hash]);
      assert.match(error.message, /SIGINT/);
      await minedReceipt(chain.owner.publicClient, error.txHash);
      const { active } = await lens.projectOf(chain.owner, { projectId: 1n });
      assert.equal(active, 2, "it was mined all the same");
    } finally {
      await proxy.stop();
    }
  });

  it("ends with 2 for wrong usage, 1 for a failure, 0 for help", async () => {
    const [address, help, usage, refused, asked] = await Promise.all([
      runWorker3(["versions", "http://a.worker3.dev", "--json"]),
      runWorker3(["--help"]),
      runWorker3(["versoins", "--json"]),
      runWorker3(["versions", "99", "--json"], { cwd: folder }),
      runWorker3(["rollback", "1", "--to", "1", "--key", chain.ownerKey.key], { cwd: folder }),
    ]);
    assert.deepEqual([help.code, usage.code, refused.code, asked.code], [0, 2, 1, 2]);
    assert.match(help.stdout, /^Usage: worker3/);
    assert.equal(JSON.parse(usage.stdout).error.next, "did you mean versions?");
    assert.equal(JSON.parse(address.stdout).error.next, "the domain without http://: a.worker3.dev");
    assert.equal(JSON.parse(refused.stdout).error.code, "UNKNOWN_PROJECT");
    assert.match(asked.stderr, /\[CONFIRMATION_NEEDED\]/);
    assert.equal(asked.stdout, "");
  });
});
