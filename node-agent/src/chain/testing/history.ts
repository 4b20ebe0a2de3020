import type { Fact } from "@worker3/sdk";
import { zeroHash } from "viem";
import { fact } from "./fact.ts";

const OWNER = "0x00000000000000000000000000000000000000A1";
const BUYER = "0x00000000000000000000000000000000000000b2";
const HELPER = "0x00000000000000000000000000000000000000C3";
const OPERATOR = "0x00000000000000000000000000000000000000d4";
const STATEMENTS = `0x${"5e".repeat(32)}` as const;

/**
 * What a chain said, block by block, with each topic that the node with the id 1 keeps: projects that change hands,
 * versions, a proposal, a split, credit, a name that another project takes over, terms that are replaced, nodes that come, change hands
 * and retire, prices, pauses, batches, claims, and what takes over from the settlement.
 */
export function history(): Fact[] {
  const prices = {
    feeBps: 500,
    included: 10n,
    base: 1_000n,
    perMRequests: 300_000n,
    perMCpuMs: 20_000n,
    perGiBStored: 1_000n,
  };
  const line = { requests: 5n, cpuMs: 70n, egressKiB: 2n ** 53n + 1n, storedMiB: 3n };
  let logIndex = 0;
  const at = (block: number) => ({ block, logIndex: logIndex++ });
  return [
    fact(at(10), "usageSettlement", "PricesSet", { prices: { ...prices, fromEpoch: 0, perGiB: 90_000n } }),
    fact(at(11), "nodeRegistry", "NodeRegistered", {
      nodeId: 1,
      owner: OWNER,
      operator: OPERATOR,
      region: "weur",
      stake: 5n,
      endpoint: "https://one.example",
    }),
    fact(at(11), "nodeRegistry", "NodeRegistered", {
      nodeId: 2,
      owner: BUYER,
      operator: BUYER,
      region: "enam",
      stake: 5n,
      endpoint: "",
    }),
    fact(at(12), "nodeRegistry", "PresenceSet", { nodeId: 1, untilEpoch: 30, leastCap: 2n ** 40n - 1n }),
    fact(at(20), "nameRegistry", "DomainClaimed", { projectId: 1n, domain: "shop.worker3.localhost" }),
    fact(at(20), "projectRegistry", "ProjectCreated", { projectId: 1n, owner: OWNER }),
    fact(at(20), "projectRegistry", "TermsSet", {
      projectId: 1n,
      fromEpoch: 9,
      cap: 1_000_000n,
      nodeIds: [1, 2],
    }),
    fact(at(20), "projectRegistry", "VersionAdded", { projectId: 1n, version: 1, cid: "cid-1", live: true }),
    fact(at(21), "projectRegistry", "VersionAdded", { projectId: 1n, version: 2, cid: "cid-2", live: false }),
    fact(at(21), "projectRegistry", "Proposed", { projectId: 1n, version: 2, by: HELPER }),
    fact(at(21), "projectRegistry", "SplitSet", { projectId: 1n, version: 2, bps: 500 }),
    fact(at(22), "projectRegistry", "DelegateSet", {
      projectId: 1n,
      owner: OWNER,
      who: HELPER,
      rights: 3,
    }),
    fact(at(22), "projectRegistry", "DelegateSet", {
      projectId: 1n,
      owner: BUYER,
      who: OPERATOR,
      rights: 1,
    }),
    fact(at(30), "projectRegistry", "ProjectCreated", { projectId: 2n, owner: BUYER }),
    fact(at(30), "nameRegistry", "DomainClaimed", { projectId: 2n, domain: "www.example.org" }),
    fact(at(30), "projectRegistry", "TermsSet", {
      projectId: 2n,
      fromEpoch: 9,
      cap: 2n ** 40n - 1n,
      nodeIds: [2],
    }),
    fact(at(31), "projectRegistry", "TermsSet", {
      projectId: 1n,
      fromEpoch: 10,
      cap: 2_000_000n,
      nodeIds: [0, 2, 1],
    }),
    fact(at(32), "projectRegistry", "TermsSet", {
      projectId: 1n,
      fromEpoch: 10,
      cap: 3_000_000n,
      nodeIds: [2, 0, 1],
    }),
    fact(at(33), "nameRegistry", "DomainReleased", {
      projectId: 1n,
      domain: "shop.worker3.localhost",
      reason: "GivenUp",
    }),
    fact(at(33), "nameRegistry", "DomainClaimed", { projectId: 2n, domain: "shop.worker3.localhost" }),
    fact(at(33), "nameRegistry", "DomainClaimed", { projectId: 1n, domain: "store.worker3.localhost" }),
    fact(at(34), "creditEscrow", "Deposited", {
      projectId: 1n,
      from: OWNER,
      amount: 7n,
      balance: 7n,
      salt: zeroHash,
    }),
    fact(at(40), "usageSettlement", "BatchCounted", {
      nodeId: 1,
      epoch: 9,
      statements: STATEMENTS,
      lines: [{ projectId: 1n, ...line, amount: 1_400n }],
    }),
    fact(at(40), "usageSettlement", "BatchCounted", {
      nodeId: 2,
      epoch: 9,
      statements: STATEMENTS,
      lines: [{ projectId: 2n, ...line, amount: 1_400n }],
    }),
    fact(at(41), "usageSettlement", "Released", { projectId: 1n, nodeId: 1, epoch: 9, amount: 1_400n }),
    fact(at(42), "usageSettlement", "Disputed", {
      projectId: 1n,
      nodeId: 1,
      epoch: 8,
      disputer: OWNER,
      amount: 5n,
      bond: 1n,
      batchHash: zeroHash,
      reason: "more than was served",
    }),
    fact(at(43), "usageSettlement", "Decided", {
      projectId: 1n,
      nodeId: 1,
      epoch: 8,
      guilty: false,
      slashed: 0n,
      reward: 0n,
    }),
    fact(at(43), "usageSettlement", "Drawn", { projectId: 1n, nodeId: 1, epoch: 7 }),
    fact(at(44), "usageSettlement", "Claimed", { nodeId: 1, epochs: [7, 9], paid: 1_330n, fee: 70n }),
    fact(at(44), "usageSettlement", "Claimed", { nodeId: 2, epochs: [9], paid: 9n, fee: 1n }),
    fact(at(50), "usageSettlement", "PricesSet", { prices: { ...prices, fromEpoch: 20, perGiB: 80_000n } }),
    fact(at(51), "usageSettlement", "PausedUntil", { until: 1_700_000_000 }),
    fact(at(51), "nodeRegistry", "PausedUntil", { until: 1_700_000_001 }),
    fact(at(52), "nodeRegistry", "NodeUpdated", {
      nodeId: 2,
      owner: BUYER,
      operator: OPERATOR,
      region: "apac",
      endpoint: "https://two.example",
    }),
    fact(at(53), "nodeRegistry", "Retired", { nodeId: 2, retiredFrom: 25, isLiftable: true }),
    fact(at(53), "nodeRegistry", "NodeOwnerAccepted", { nodeId: 2, owner: HELPER }),
    fact(at(54), "projectRegistry", "Activated", { projectId: 1n, version: 2 }),
    fact(at(55), "projectRegistry", "OwnerAccepted", { projectId: 1n, owner: BUYER }),
    fact(at(56), "projectRegistry", "Closed", { projectId: 2n, closedFrom: 12 }),
    fact(at(56), "projectRegistry", "TermsSet", { projectId: 2n, fromEpoch: 12, cap: 5n, nodeIds: [] }),
    fact(at(57), "usageSettlement", "SuccessorSet", { successor: OPERATOR }),
  ];
}
