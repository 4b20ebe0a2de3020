import assert from "node:assert/strict";
import { ownHosts } from "./ownHosts.ts";

describe("the names under which a node itself answers", () => {
  const named = (endpoint: string) => ownHosts({ nodeId: 7, zone: "worker3.dev", endpoint });

  it("are its own in the zone and that of its endpoint", () => {
    const own = "n7.nodes.worker3.dev";
    assert.deepEqual(named(""), [own]);
    assert.deepEqual(named("https://Node.Example.org:8443"), [own, "node.example.org"]);
    assert.deepEqual(named(`https://${own}`), [own]);
    assert.deepEqual(named("http://127.0.0.1:8101"), [own, "127.0.0.1"]);
    assert.deepEqual(named("https://[2001:db8::1]"), [own, "2001:db8::1"]);
    assert.deepEqual(named("not a URL"), [own]);
  });
});
