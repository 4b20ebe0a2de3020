import assert from "node:assert/strict";
import { deployNodes } from "../support/hostile.ts";
import { deployNetwork, networkHelpers } from "../support/network.ts";
import { assertions, fundWallet, type Network, registerNode, USD } from "../support/scenario.ts";

async function withNode() {
  const t = await deployNetwork();
  return { ...t, nodeId: await registerNode(t, { region: 5 }) };
}

/** The rules of a real network: no plain http. */
async function withHttpsOnly() {
  const t = await deployNetwork();
  const nodes = await deployNodes(t, { allowHttp: false });
  const { account } = t.nodeOwner1;
  await fundWallet({ ...t, nodes }, t.nodeOwner1, 1_000n * USD);
  await nodes.write.register([t.operator1.account.address, 0, "https://a.example", 1_000n * USD], {
    account,
  });
  return { ...t, nodes, nodeId: 1 };
}

const set = (t: Network & { nodeId: number }, endpoint: string) =>
  t.nodes.write.setEndpoint([t.nodeId, endpoint], { account: t.nodeOwner1.account });

describe("NodeRegistry.setEndpoint", () => {
  it("says where the node answers, and names all that others know of it", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const endpoint = "https://moved.example.org";
    await assertions.emitWithArgs(set(t, endpoint), t.nodes, "NodeUpdated", [
      t.nodeId,
      t.nodeOwner1.account.address,
      t.operator1.account.address,
      5,
      endpoint,
    ]);
    assert.equal((await t.nodes.read.nodeOf([t.nodeId])).endpoint, endpoint);
  });

  it("replaces a long endpoint by a short one and a short one by a long one", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const long = `https://${"a".repeat(120)}`;
    for (const endpoint of [long, "https://b", long]) {
      await set(t, endpoint);
      assert.equal((await t.nodes.read.nodeOf([t.nodeId])).endpoint, endpoint);
    }
  });

  it("takes hosts, ports and literal addresses", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    for (const endpoint of [
      "https://a",
      "https://az09.example-host.org",
      "https://node.example.org:8443",
      "https://203.0.113.7",
      "https://[2001:db8::7]:443",
      `https://${"a".repeat(120)}`,
    ]) {
      await set(t, endpoint);
      assert.deepEqual(await t.nodes.read.endpointsOf([[t.nodeId]]), [endpoint]);
    }
  });

  it("takes 128 bytes and no more", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const endpoint = `https://${"a".repeat(121)}`;
    await assertions.revertWithCustomErrorWithArgs(set(t, endpoint), t.nodes, "EndpointIsTooLong", [
      endpoint,
      129n,
    ]);
  });

  it("counts bytes, not characters", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const endpoint = `https://${"ü".repeat(61)}`;
    await assertions.revertWithCustomErrorWithArgs(set(t, endpoint), t.nodes, "EndpointIsTooLong", [
      endpoint,
      130n,
    ]);
  });

  for (const endpoint of [
    "",
    "a",
    "https://",
    "http://",
    "https:/node.example.org",
    "https:node.example.org",
    "HTTPS://node.example.org",
    "Https://node.example.org",
    "ftp://node.example.org",
    "//node.example.org",
    " https://node.example.org",
    "node.example.org",
    "javascript:alert",
  ]) {
    it(`is no endpoint without https:// and a host: "${endpoint}"`, async () => {
      const t = await networkHelpers.loadFixture(withNode);
      await assertions.revertWithCustomErrorWithArgs(set(t, endpoint), t.nodes, "EndpointHasNoScheme", [
        endpoint,
      ]);
    });
  }

  it("holds no byte but a-z 0-9 . - : [ ], at any place of the host", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const allowed = new Set("abcdefghijklmnopqrstuvwxyz0123456789.-:[]");
    for (let code = 0; code < 128; code++) {
      const character = String.fromCharCode(code);
      const endpoint = `https://n${character}`;
      if (allowed.has(character)) {
        await set(t, endpoint);
      } else {
        await assertions.revertWithCustomErrorWithArgs(
          set(t, endpoint),
          t.nodes,
          "EndpointHasWrongCharacter",
          [endpoint, 9n],
        );
      }
    }
    for (const [endpoint, index] of [
      ["https://A.example", 8n],
      ["https://user@host", 12n],
      ["https://a.example/", 17n],
      ["https://a.example?x", 17n],
      ["https://a.example#x", 17n],
      ["https://a.example\u0000", 17n],
      ["https://\u00e4.example", 8n],
      ["https://https://a", 14n],
    ] as const) {
      await assertions.revertWithCustomErrorWithArgs(set(t, endpoint), t.nodes, "EndpointHasWrongCharacter", [
        endpoint,
        index,
      ]);
    }
  });

  it("may be plain http on a devnet", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    await set(t, "http://127.0.0.1:8787");
    assert.deepEqual(await t.nodes.read.endpointsOf([[t.nodeId]]), ["http://127.0.0.1:8787"]);
    await assertions.revertWithCustomErrorWithArgs(
      set(t, "http://a/b"),
      t.nodes,
      "EndpointHasWrongCharacter",
      ["http://a/b", 8n],
    );
  });

  it("is never plain http elsewhere, neither at first nor later", async () => {
    const t = await networkHelpers.loadFixture(withHttpsOnly);
    const endpoint = "http://node.example.org";
    await assertions.revertWithCustomErrorWithArgs(set(t, endpoint), t.nodes, "EndpointHasNoScheme", [
      endpoint,
    ]);
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.register([t.operator1.account.address, 0, endpoint, 1_000n * USD], {
        account: t.nodeOwner1.account,
      }),
      t.nodes,
      "EndpointHasNoScheme",
      [endpoint],
    );
    await set(t, "https://node.example.org");
  });

  it("is the owner's alone: a stolen hot key cannot lead visitors elsewhere", async () => {
    const t = await networkHelpers.loadFixture(withNode);
    const { account } = t.operator1;
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setEndpoint([t.nodeId, "https://evil.example"], { account }),
      t.nodes,
      "NotNodeOwner",
      [t.nodeId, account.address, t.nodeOwner1.account.address],
    );
    await assertions.revertWithCustomErrorWithArgs(
      t.nodes.write.setEndpoint([5, "https://a.example"], { account }),
      t.nodes,
      "UnknownNode",
      [5],
    );
  });
});
