import assert from "node:assert/strict";
import {
  addressOf,
  by,
  CAP,
  DOMAIN,
  load,
  PROJECT,
  refused,
  UNKNOWN,
  withProject,
} from "../support/projects.ts";
import { cidOf, digestOf, registerNode, zoneName } from "../support/scenario.ts";

const CUSTOM = "www.example.org";

/** Project 1 serves its second version from three nodes with endpoints of their own. */
async function withServing() {
  const t = await withProject();
  const endpoints = [];
  for (const place of ["x", "y", "z"]) {
    endpoints.push(`https://${place}.example.net:8443`);
    await registerNode(t, { endpoint: `https://${place}.example.net:8443` });
  }
  await t.projects.write.setReplicas([PROJECT, [7, 6, 8]], by(t.owner));
  await t.projects.write.addVersion([PROJECT, cidOf("one"), true], by(t.owner));
  await t.projects.write.addVersion([PROJECT, cidOf("two"), true], by(t.owner));
  await t.projects.write.addVersion([PROJECT, cidOf("three"), false], by(t.owner));
  await t.names.write.claimDomain([PROJECT, CUSTOM], by(t.owner));
  const [x, y, z] = endpoints;
  return { ...t, endpoints: [y, x, z] };
}

const served = (t: Awaited<ReturnType<typeof withServing>>) => ({
  projectId: PROJECT,
  owner: addressOf(t.owner),
  version: 2,
  cid: cidOf("two"),
  nodeIds: [7, 6, 8],
  endpoints: t.endpoints,
});

describe("Lens.resolve", () => {
  it("answers what is served at a name of the zone, and where", async () => {
    const t = await load(withServing);
    const expected = served(t);
    assert.deepEqual(await t.lens.read.resolve([DOMAIN]), expected);
    assert.deepEqual(await t.lens.read.resolveAt([DOMAIN, PROJECT]), expected);
  });

  it("answers for a domain outside the zone when the project is named: the DNS says which", async () => {
    const t = await load(withServing);
    assert.deepEqual(await t.lens.read.resolveAt([CUSTOM, PROJECT]), served(t));
    await refused(t.lens.read.resolve([CUSTOM]), t.names, "ProveByTxt", [CUSTOM]);
  });

  it("answers the new seats at once, an empty one with an empty endpoint", async () => {
    const t = await load(withServing);
    await t.projects.write.leaveSeats([[PROJECT], 6], by(t.nodeOwner1));
    const { nodeIds, endpoints } = await t.lens.read.resolve([DOMAIN]);
    assert.deepEqual(nodeIds, [7, 0, 8]);
    assert.deepEqual(endpoints, [t.endpoints[0], "", t.endpoints[2]]);
  });

  it("answers without a version before the first is live", async () => {
    const t = await load(withProject);
    await t.projects.write.addVersion([PROJECT, cidOf("one"), false], by(t.owner));
    const { projectId, owner, version, cid } = await t.lens.read.resolve([DOMAIN]);
    assert.deepEqual([projectId, owner, version, cid], [PROJECT, addressOf(t.owner), 0, ""]);
  });

  it("refuses names that nobody holds, and what is no domain", async () => {
    const t = await load(withServing);
    const free = zoneName("nobodys");
    await refused(t.lens.read.resolve([free]), t.names, "NameIsFree", [free]);
    await refused(t.lens.read.resolve(["localhost"]), t.names, "DomainHasNoTopLevel", ["localhost"]);
    await refused(t.lens.read.resolve([zoneName("a.b")]), t.names, "NotOneLabelBelowZone", [zoneName("a.b")]);
    await refused(t.lens.read.resolveAt(["a..b", PROJECT]), t.names, "DomainHasWrongLabel", ["a..b", 2n]);
  });

  it("refuses a project that does not hold the domain", async () => {
    const t = await load(withServing);
    await t.projects.write.createProjectOn([zoneName("second"), [1], CAP], by(t.stranger));
    for (const id of [0n, 2n, UNKNOWN]) {
      for (const domain of [DOMAIN, CUSTOM, zoneName("nobodys")]) {
        await refused(t.lens.read.resolveAt([domain, id]), t.names, "DomainNotClaimed", [id, domain]);
      }
    }
  });
});

describe("Lens.contenthash", () => {
  it("gives the bytes of EIP-1577: ipfs-ns, then the CID", async () => {
    const t = await load(withServing);
    // e3 01 ipfs-ns as a varint; 01 CIDv1; 70 dag-pb; 12 sha2-256; 20 its 32 bytes
    const expected = `0xe30101701220${digestOf("two").slice(2)}`;
    assert.equal(await t.lens.read.contenthash([DOMAIN]), expected);
    assert.equal(await t.lens.read.contenthashOf([PROJECT]), expected);
  });

  it("is the one that the standard shows for its CID", async () => {
    const t = await load(withProject);
    // EIP-1577 encodes QmRAQB6YaCyidP37UdDnjFY5vQuiBrcqdyoW1CuDgwxkD4; as CIDv1 it is this
    const cid = "bafybeibj6lixxzqtsb45ysdjnupvqkufgdvzqbnvmhw2kf7cfkesy7r7d4";
    await t.projects.write.deploy([DOMAIN, cid], by(t.owner));
    assert.equal(
      await t.lens.read.contenthash([DOMAIN]),
      "0xe3010170122029f2d17be6139079dc48696d1f582a8530eb9805b561eda517e22a892c7e3f1f",
    );
  });

  it("follows a rollback, not a split", async () => {
    const t = await load(withServing);
    await t.projects.write.activate([PROJECT, 1, digestOf("one")], by(t.owner));
    await t.projects.write.split([PROJECT, 3, 5_000], by(t.owner));
    assert.equal(await t.lens.read.contenthash([DOMAIN]), `0xe30101701220${digestOf("one").slice(2)}`);
  });

  it("refuses a project without a live version, or that does not exist", async () => {
    const t = await load(withProject);
    await refused(t.lens.read.contenthash([DOMAIN]), t.projects, "UnknownVersion", [PROJECT, 0, 0]);
    await t.projects.write.addVersion([PROJECT, cidOf("one"), false], by(t.owner));
    await refused(t.lens.read.contenthashOf([PROJECT]), t.projects, "UnknownVersion", [PROJECT, 0, 1]);
    await refused(t.lens.read.contenthashOf([UNKNOWN]), t.projects, "UnknownProject", [UNKNOWN]);
  });

  it("refuses domains as resolve does", async () => {
    const t = await load(withServing);
    const free = zoneName("nobodys");
    await refused(t.lens.read.contenthash([free]), t.names, "NameIsFree", [free]);
    await refused(t.lens.read.contenthash([CUSTOM]), t.names, "ProveByTxt", [CUSTOM]);
    await refused(t.lens.read.contenthash(["localhost"]), t.names, "DomainHasNoTopLevel", ["localhost"]);
  });
});
