import type { Fact } from "@worker3/sdk";
import { type Address, zeroHash } from "viem";
import { NODE, ZONE } from "./bookBlocks.ts";
import { fact } from "./fact.ts";
import { Told } from "./told.ts";

/** One thing that somebody may do, by random numbers: what it is, and three that say how. */
export type Act = readonly [what: number, a: number, b: number, c: number];

export const PROJECTS = [1n, 2n, 3n, 4n];
export const NAMES = [`one.${ZONE}`, `two.${ZONE}`, `three.${ZONE}`, "www.example.org", "example.net"];
const BLOCKS_PER_EPOCH = 4;

/** A chain without contracts: facts as the contracts' rules let them come, block after block, and reorganisations. */
export class RandomChain {
  facts: Fact[] = [];
  head = 0;

  get epoch(): number {
    return Math.floor(this.head / BLOCKS_PER_EPOCH);
  }

  /** The next block, with what comes of some acts; those that the rules forbid bring nothing. */
  mine(acts: readonly Act[]): Fact[] {
    this.head += 1;
    const before = this.facts.length;
    for (const act of acts) this.facts.push(...this.#tell(act));
    return this.facts.slice(before);
  }

  /** Takes blocks back, and says which one is the newest then. */
  reorganise(depth: number): number {
    this.head = Math.max(0, this.head - depth);
    this.facts = this.facts.filter(({ blockNumber }) => blockNumber <= this.head);
    return this.head;
  }

  #tell([what, a, b, c]: Act): Fact[] {
    const now = new Told(this.facts);
    const { epoch } = this;
    let logIndex = this.facts.filter(({ blockNumber }) => blockNumber === BigInt(this.head)).length;
    const at = () => ({ block: this.head, logIndex: logIndex++ });
    const known = PROJECTS.filter((projectId) => now.project(projectId).owner !== undefined);
    const projectId = known[a % Math.max(known.length, 1)];
    const seats = [[NODE], [NODE, 2], [2, 0, NODE], [2, 3], [0, 2], [3], []][c % 7] ?? [];
    const nodeId = 1 + (a % 3);
    const statements = `0x${"5e".repeat(31)}0${c % 3}` as const;
    const perUse = { perMRequests: 2n, perMCpuMs: 3n, perGiB: 4n, perGiBStored: 5n };
    const prices = { feeBps: a, included: 1n, base: BigInt(b), ...perUse };

    switch (what % 16) {
      case 0: {
        const next = PROJECTS[known.length];
        if (next === undefined) return [];
        return [
          fact(at(), "projectRegistry", "ProjectCreated", { projectId: next, owner: someone(a) }),
          fact(at(), "projectRegistry", "TermsSet", {
            projectId: next,
            fromEpoch: epoch,
            cap: BigInt(b),
            nodeIds: seats,
          }),
        ];
      }
      case 1:
        return [
          fact(at(), "nodeRegistry", "NodeRegistered", {
            nodeId,
            owner: someone(b),
            operator: someone(c),
            region: "weur",
            stake: 1n,
            endpoint: b % 2 === 0 ? "" : `https://node${b}.example`,
          }),
        ];
      case 2:
        return [
          fact(at(), "nodeRegistry", "PresenceSet", { nodeId, untilEpoch: b, leastCap: BigInt(c) }),
          ...(c % 3 === 0
            ? [fact(at(), "nodeRegistry", "NodeOwnerAccepted", { nodeId, owner: someone(b) })]
            : []),
        ];
      case 3: {
        const isLiftable = b % 2 === 0;
        return [
          c % 3 === 0
            ? fact(at(), "nodeRegistry", "RetirementLifted", { nodeId })
            : fact(at(), "nodeRegistry", "Retired", { nodeId, retiredFrom: epoch + 1, isLiftable }),
        ];
      }
      case 4:
        return [
          fact(at(), "usageSettlement", "PricesSet", { prices: { ...prices, fromEpoch: epoch + (c % 3) } }),
        ];
      case 5:
        return [
          fact(at(), a % 2 === 0 ? "usageSettlement" : "projectRegistry", "PausedUntil", { until: b }),
          ...(c % 4 === 0 ? [fact(at(), "usageSettlement", "SuccessorSet", { successor: someone(b) })] : []),
        ];
      case 6: {
        const line = {
          projectId: 1n,
          requests: BigInt(b),
          cpuMs: 1n,
          egressKiB: 1n,
          storedMiB: 1n,
          amount: 1n,
        };
        const lines = [line];
        return [
          fact(at(), "usageSettlement", "BatchCounted", {
            nodeId: 1 + (a % 2),
            epoch: b % 3,
            statements,
            lines,
          }),
        ];
      }
      case 7:
        return [
          fact(at(), "usageSettlement", "Claimed", {
            nodeId: 1 + (a % 2),
            epochs: [b % 3, 1 + (b % 3)],
            paid: BigInt(c),
            fee: 0n,
          }),
        ];
      default:
    }
    if (projectId === undefined) return [];
    const project = now.project(projectId);
    const domain = NAMES[b % NAMES.length] ?? "";
    switch (what % 16) {
      case 8: {
        const version = project.versions.length + 1;
        const cid = `cid-${this.head}-${b}`;
        return [
          fact(at(), "projectRegistry", "VersionAdded", { projectId, version, cid, live: c % 2 === 0 }),
          ...(c % 4 === 1
            ? [fact(at(), "projectRegistry", "Proposed", { projectId, version, by: someone(a) })]
            : []),
        ];
      }
      case 9: {
        const { version } = project.versions[b % Math.max(project.versions.length, 1)] ?? {};
        if (version === undefined) return [];
        return c % 2 === 0
          ? [fact(at(), "projectRegistry", "Activated", { projectId, version })]
          : [fact(at(), "projectRegistry", "SplitSet", { projectId, version, bps: c % 3 === 0 ? 0 : c })];
      }
      case 10: {
        // A name of the zone is one project's at a time.
        const holders = PROJECTS.filter((id) => now.project(id).domains.includes(domain));
        const isTaken = domain.endsWith(ZONE) ? holders.length > 0 : holders.includes(projectId);
        return isTaken ? [] : [fact(at(), "nameRegistry", "DomainClaimed", { projectId, domain })];
      }
      case 11: {
        const held = project.domains[b % Math.max(project.domains.length, 1)];
        if (held === undefined) return [];
        const reason = c % 2 === 0 ? "GivenUp" : "Lapsed";
        return [fact(at(), "nameRegistry", "DomainReleased", { projectId, domain: held, reason })];
      }
      case 12:
        return [
          fact(at(), "projectRegistry", "OwnerAccepted", { projectId, owner: someone(b) }),
          ...(c % 2 === 0
            ? [
                fact(at(), "creditEscrow", "Deposited", {
                  projectId,
                  from: someone(b),
                  amount: 1n,
                  balance: BigInt(a),
                  salt: zeroHash,
                }),
              ]
            : []),
        ];
      case 13: {
        const args = { owner: someone(b), who: someone(c), rights: c % 4 };
        return [fact(at(), "projectRegistry", "DelegateSet", { projectId, ...args })];
      }
      case 14: {
        // What grows counts in this epoch, and in terms that are set for the next one.
        const growing = [epoch, epoch + 1].flatMap((of) => {
          const terms = now.termsAt(projectId, of);
          return terms === undefined || (of > epoch && terms.fromEpoch !== of) ? [] : [{ of, terms }];
        });
        return growing.map(({ of, terms: { cap, nodeIds } }) => {
          const grown = [...nodeIds.map((id, seat) => (id === 0 && seat > 0 ? 4 : id))];
          return fact(at(), "projectRegistry", "TermsSet", {
            projectId,
            fromEpoch: of,
            cap: cap + BigInt(b),
            nodeIds: grown,
          });
        });
      }
      default: {
        const terms = { fromEpoch: epoch + 1, cap: BigInt(b), nodeIds: seats };
        return [fact(at(), "projectRegistry", "TermsSet", { projectId, ...terms })];
      }
    }
  }
}

function someone(number: number): Address {
  return `0x${String(number % 3).repeat(40)}`;
}
