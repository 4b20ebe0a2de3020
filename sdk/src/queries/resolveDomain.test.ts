import assert from "node:assert/strict";
import { findProject } from "../../../cli/src/project/findProject.ts";
import { projectRef } from "../../../cli/src/project/projectRef.ts";
import { startTestChain, type TestChain } from "../../../cli/src/testing/startTestChain.ts";
import * as projects from "../contracts/projects/index.ts";
import { rejectsCode, throwsCode } from "../testing/throwsCode.ts";
import { proofOf, proofText } from "./proofOf.ts";
import { resolveDomain } from "./resolveDomain.ts";

describe("a project's name", () => {
  it("is an id or a domain in any case", () => {
    assert.deepEqual(projectRef("7"), { projectId: 7n });
    assert.deepEqual(projectRef("Shop.Worker3.DEV."), { domain: "shop.worker3.dev" });
    for (const text of ["0", "18446744073709551616", "shop", "-1", "a b.c", ""]) {
      assert.equal(throwsCode(() => projectRef(text), "USAGE").value, text);
    }
  });
});

describe("a domain outside the zone, on a chain", function () {
  this.timeout(60_000);
  const domain = "shop.example.com";
  let chain: TestChain;

  before(async () => {
    chain = await startTestChain(["http://127.0.0.1:9001"]);
    for (const name of [domain, "other.example.com"]) {
      await projects.createProject(chain.owner, { domain: name, nodeIds: [1], cap: 1_000_000n });
    }
  });
  after(() => chain[Symbol.asyncDispose]());

  /** A double of the DNS: it has no records for these names. */
  const dns = (...texts: string[]) => ({
    domain,
    readTxt: async (name: string) => {
      assert.equal(name, `_worker3.${domain}`);
      return texts;
    },
  });

  it("leads where its TXT record says, if the chain agrees", async () => {
    const { network } = chain.net;
    const proof = proofText(network, 1n);
    const { projectId, replicas } = await resolveDomain(chain.owner, dns("v=spf1 -all", proof.toLowerCase()));
    assert.deepEqual([projectId, replicas.length], [1n, 1]);
    assert.equal(await findProject(chain.owner, { project: { domain }, readTxt: dns(proof).readTxt }), 1n);
    await rejectsCode(resolveDomain(chain.owner, dns(proofText(network, 2n))), "DOMAIN_NOT_CLAIMED");
  });

  it("without a record, with another network's, and with two, leads nowhere", async () => {
    const { network } = chain.net;
    const missing = await rejectsCode(resolveDomain(chain.owner, dns()), "DOMAIN_UNPROVEN");
    assert.match(missing.next ?? "", new RegExp(`_worker3\\.${domain} TXT "worker3=31337:0x.*:<projectId>"`));
    const elsewhere = proofText({ ...network, chainId: 1 }, 1n);
    await rejectsCode(resolveDomain(chain.owner, dns(elsewhere)), "DOMAIN_UNPROVEN");
    const both = dns(proofText(network, 1n), proofText(network, 2n));
    await rejectsCode(resolveDomain(chain.owner, both), "DOMAIN_AMBIGUOUS");
    assert.deepEqual(proofOf(network, [proofText(network, 3n), proofText(network, 3n), "worker3=x"]), [3n]);
  });
});
