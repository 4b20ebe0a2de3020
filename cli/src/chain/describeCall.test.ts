import assert from "node:assert/strict";
import {
  asset,
  escrow,
  type Network,
  names,
  nodes,
  projects,
  requiredContracts,
  settlement,
} from "@worker3/sdk";
import { exampleAddresses } from "@worker3/sdk/testing";
import { describeCall } from "./describeCall.ts";

const contracts = exampleAddresses(requiredContracts);
const network: Network = {
  chainId: 31_337,
  rpcUrls: ["http://127.0.0.1:8545"],
  zone: "worker3.localhost",
  contracts,
  deploymentBlock: 0n,
  times: { genesis: 0, epochSeconds: 20, late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 },
};
const target = { network };
const cid = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
const who = contracts.asset;
const [projectId, nodeId, version, domain] = [7n, 4, 3, "shop.worker3.localhost"];
const receipt = { nodeId, epoch: 9, statements: `0x${"11".repeat(32)}`, lines: "0x", index: 0 } as const;

describe("what a transaction does, in a few words", () => {
  const rows = [
    [
      asset.approve.call(target, { spender: contracts.creditEscrow, amount: 10_000_000n }),
      "approve 10 USD for CreditEscrow",
    ],
    [
      asset.approve.call(target, { spender: contracts.nodeRegistry, amount: 0n }),
      "approve 0 USD for NodeRegistry",
    ],
    [
      nodes.register.call(target, {
        operator: who,
        region: "weur",
        endpoint: "https://n.example",
        stake: 500_000_000n,
      }),
      "register a node at https://n.example, stake 500 USD",
    ],
    [
      nodes.requestUnstake.call(target, { nodeId, amount: 500_000n }),
      "ask 0.5 USD of the stake of node 4 back",
    ],
    [nodes.addStake.call(target, { nodeId, amount: 500_000n }), "add 0.5 USD to the stake of node 4"],
    [
      nodes.setPresence.call(target, { nodeId, untilEpoch: 30, leastCap: 0n }),
      "say that node 4 lives until epoch 30",
    ],
    [nodes.cancelUnstake.call(target, { nodeId }), "take the request for stake of node 4 back"],
    [nodes.withdrawStake.call(target, { nodeId }), "withdraw stake of node 4"],
    [settlement.claim.call(target, { nodeId, epochs: [1] }), "claim what node 4 earned"],
    [projects.deploy.call(target, { domain, cid }), `deploy ${domain}`],
    [
      projects.createProjectOn.call(target, { domain, cap: 1n, nodeIds: [4] }),
      `create a project at ${domain}`,
    ],
    [projects.addVersion.call(target, { projectId, cid, live: true }), `add a version to project 7`],
    [
      projects.activate.call(target, { projectId, version, digest: receipt.statements }),
      "activate version 3 of project 7",
    ],
    [
      projects.split.call(target, { projectId, version, bps: 1_250 }),
      "show version 3 of project 7 to 12.5 %",
    ],
    [projects.split.call(target, { projectId, version, bps: 0 }), "end the split of project 7"],
    [projects.setReplicas.call(target, { projectId, nodeIds: [4, 9] }), "serve project 7 from nodes 4,9"],
    [projects.setBudget.call(target, { projectId, cap: 500_000n }), "set the cap of project 7 to 0.5 USD"],
    [projects.setDelegate.call(target, { projectId, who, rights: "deploy" }), `let ${who} deploy project 7`],
    [
      projects.setDelegate.call(target, { projectId, who, rights: "none" }),
      `take the right to deploy project 7 from ${who}`,
    ],
    [projects.transferOwnership.call(target, { projectId, newOwner: who }), `offer project 7 to ${who}`],
    [projects.acceptOwnership.call(target, { projectId, domains: [] }), "accept project 7"],
    [projects.close.call(target, { projectId }), "close project 7"],
    [names.claimDomain.call(target, { projectId, domain }), `claim ${domain} for project 7`],
    [names.releaseDomain.call(target, { projectId, domain }), `give up ${domain} of project 7`],
    [escrow.deposit.call(target, { projectId, amount: 2_500_000n }), "deposit 2.5 USD for project 7"],
    [
      escrow.requestWithdraw.call(target, { projectId, amount: 1n }),
      "ask 0.000001 USD of the credit of project 7 back",
    ],
    [escrow.cancelWithdraw.call(target, { projectId }), "take the request for credit of project 7 back"],
    [escrow.withdraw.call(target, { projectId }), "withdraw credit of project 7"],
    [settlement.release.call(target, receipt), "release the receipt of node 4 in epoch 9"],
    [
      settlement.dispute.call(target, { ...receipt, reason: "no", maxBond: 1n }),
      "dispute the receipt of node 4 in epoch 9",
    ],
    [escrow.collectRefund.call(target, { to: who }), `collect what disputes left, for ${who}`],
    [
      escrow.depositAt.call(target, { domain, owner: who, amount: 1_500_000n }),
      `deposit 1.5 USD for the project of ${who} at ${domain}`,
    ],
    [
      projects.createProject.call(target, { domain, cap: 1n, count: 3, regions: ["weur"] }),
      `create a project at ${domain}`,
    ],
    [projects.addVersion.call(target, { projectId, cid, live: false }), "propose a version of project 7"],
    [
      projects.grow.call(target, { projectId, cap: 500_000n, nodeIds: [4, 5] }),
      "give project 7 a cap of 0.5 USD and nodes 4,5 now",
    ],
    [
      projects.grow.call(target, { projectId, cap: 1n, nodeIds: [] }),
      "give project 7 a cap of 0.000001 USD now",
    ],
    [
      projects.setDelegate.call(target, { projectId, who, rights: "propose" }),
      `let ${who} propose versions of project 7`,
    ],
    [names.lapse.call(target, { domain }), "lapse of NameRegistry"],
  ] as const;
  for (const [call, words] of rows) it(words, () => assert.equal(describeCall(call, network), words));
});
