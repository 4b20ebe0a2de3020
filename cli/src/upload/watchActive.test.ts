import assert from "node:assert/strict";
import { lens, type NetworkClient, projects } from "@worker3/sdk";
import { until } from "../../../node-agent/src/testing/until.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";
import { watchActive } from "./watchActive.ts";

const CIDS = [
  "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
  "bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
] as const;

describe("the watch over the version that the chain names", function () {
  this.timeout(60_000);
  let chain: TestChain;
  const stop = new AbortController();

  before(async () => {
    chain = await startTestChain(["http://127.0.0.1:9001"]);
    const domain = `watched.${chain.net.network.zone}`;
    for (const cid of CIDS) await projects.deploy(chain.owner, { domain, cid });
  });
  after(() => chain[Symbol.asyncDispose]());

  /** The chain's reader, and how often it was asked. */
  function counting(): { client: NetworkClient; asked: () => number } {
    let asked = 0;
    const publicClient = new Proxy(chain.owner.publicClient, {
      get(target, name) {
        if (name === "readContract" || name === "call") asked += 1;
        return Reflect.get(target, name);
      },
    });
    return { client: { ...chain.owner, publicClient }, asked: () => asked };
  }

  it("ends by a newer version, and by an older one only where its own was seen: an RPC may be behind", async () => {
    const newer = watchActive({ client: chain.owner, projectId: 1n, version: 1, signal: stop.signal });
    const { client, asked } = counting();
    const behind = watchActive({ client, projectId: 1n, version: 3, signal: stop.signal });
    const own = counting();
    const back = watchActive({ client: own.client, projectId: 1n, version: 2, signal: stop.signal });
    await until("a newer version is seen", () => newer.signal.aborted);
    assert.equal(newer.version(), 2);
    await until("both others have looked twice", () => asked() >= 2 && own.asked() >= 2);
    assert.deepEqual([behind.signal.aborted, back.signal.aborted], [false, false]);

    const { digest } = await lens.versionOf(chain.owner, { projectId: 1n, version: 1 });
    await projects.activate(chain.owner, { projectId: 1n, version: 1, digest });
    await until("the rollback is seen", () => back.signal.aborted);
    assert.equal(back.version(), 1);
    assert.equal(behind.signal.aborted, false);
    for (const watch of [newer, behind, back]) watch[Symbol.dispose]();
  });
});
