import assert from "node:assert/strict";
import * as names from "../contracts/names/index.ts";
import * as nodes from "../contracts/nodes/index.ts";
import * as projects from "../contracts/projects/index.ts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";
import { testAccount } from "../testing/accounts.ts";
import { createTestNetwork, type TestNetwork } from "../testing/createTestNetwork.ts";
import { rejectsCode } from "../testing/throwsCode.ts";
import { proofOf, proofText, resolveDomain } from "./domainProof.ts";
import { readClaimants, readDomains } from "./domains.ts";

describe("a domain outside the zone, on a chain", function () {
  this.timeout(60_000);
  const domain = "shop.example.com";
  let net: TestNetwork;
  let owner: NetworkWriter;

  before(async () => {
    net = await createTestNetwork();
    owner = await net.as(testAccount(1));
    await nodes.register(owner, {
      operator: testAccount(2).address,
      region: "weur",
      endpoint: "http://127.0.0.1:9001",
      stake: 200_000_000n,
    });
    await nodes.setPresence(owner, { nodeId: 1, untilEpoch: 30, leastCap: 0n });
    for (const name of [domain, "other.example.com"]) {
      await projects.createProjectOn(owner, { domain: name, nodeIds: [1], cap: 1_000_000n });
    }
  });
  after(() => net.stop());

  /** A double of the DNS: it has no records for these names. */
  const dns = (...texts: string[]) => ({
    domain,
    readTxt: async (name: string) => {
      assert.equal(name, `_worker3.${domain}`);
      return texts;
    },
  });

  it("leads where its TXT record says, if the chain agrees", async () => {
    const { network } = net;
    const proof = proofText(network, 1n);
    const { projectId, replicas } = await resolveDomain(owner, dns("v=spf1 -all", proof.toLowerCase()));
    assert.deepEqual([projectId, replicas.length], [1n, 1]);
    await rejectsCode(resolveDomain(owner, dns(proofText(network, 2n))), "DOMAIN_NOT_CLAIMED");
  });

  it("without a record, with another network's, and with two, leads nowhere", async () => {
    const { network } = net;
    const missing = await rejectsCode(resolveDomain(owner, dns()), "DOMAIN_UNPROVEN");
    const record = `_worker3.${domain} TXT "${proofText(network, 1n)}"`;
    assert.equal(missing.next, `name the project by its id, 1; or add a record: ${record}`);
    const nobody = await rejectsCode(
      resolveDomain(owner, { domain: "free.example.com", readTxt: async () => [] }),
      "DOMAIN_UNPROVEN",
    );
    assert.match(nobody.message, /^No project claims free\.example\.com/);
    assert.match(nobody.next ?? "", /worker3 deploy <dir> --domain free\.example\.com$/);
    const elsewhere = proofText({ ...network, chainId: 1 }, 1n);
    await rejectsCode(resolveDomain(owner, dns(elsewhere)), "DOMAIN_UNPROVEN");
    const both = dns(proofText(network, 1n), proofText(network, 2n));
    await rejectsCode(resolveDomain(owner, both), "DOMAIN_AMBIGUOUS");
    assert.deepEqual(proofOf(network, [proofText(network, 3n), proofText(network, 3n), "worker3=x"]), [3n]);
  });

  it("is listed from its claim to its release", async () => {
    assert.deepEqual(await readDomains(owner, { projectId: 1n }), [domain]);
    await names.claimDomain(owner, { projectId: 1n, domain: "second.example.com" });
    await names.releaseDomain(owner, { projectId: 1n, domain });
    assert.deepEqual(await readDomains(owner, { projectId: 1n }), ["second.example.com"]);
    const second = { domain: "second.example.com" };
    await names.claimDomain(owner, { projectId: 2n, ...second });
    assert.deepEqual(await readClaimants(owner, second), [1n, 2n]);
    assert.deepEqual(await readClaimants(owner, { domain }), [], "it was given up");
    const both = await rejectsCode(
      resolveDomain(owner, { ...second, readTxt: async () => [] }),
      "DOMAIN_UNPROVEN",
    );
    assert.match(both.next ?? "", /: 1, 2 claim it; .*:1", or .*:2"$/);
  });
});
