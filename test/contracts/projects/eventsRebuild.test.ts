import assert from "node:assert/strict";
import { type Address, parseEventLogs, zeroAddress } from "viem";
import {
  addressOf,
  by,
  CAP,
  fund,
  load,
  PROJECT,
  type ProjectNetwork,
  REGION_1,
  REGION_3,
  retireNode,
  STANDING,
  setPresence,
  withProject,
} from "../support/projects.ts";
import {
  ALL_REGIONS,
  cidOf,
  currentEpoch,
  digestOf,
  moveToEpoch,
  nextEpoch,
  USD,
  zoneName,
} from "../support/scenario.ts";

const CUSTOM = "www.example.org";
const [MAIN, SECOND, THIRD, FOURTH] = ["project-1", "second", "third", "fourth"].map(zoneName) as [
  string,
  string,
  string,
  string,
];
const DOMAINS = [MAIN, SECOND, THIRD, FOURTH, CUSTOM, zoneName("nobodys")];
const REST = 30;

/** Everything that the registries of projects and names emitted, and in which epoch. */
async function allEvents(t: ProjectNetwork) {
  const { projects, names, publicClient, network } = t;
  const logs = await publicClient.getLogs({
    address: [projects.address, names.address],
    fromBlock: 0n,
    toBlock: "latest",
  });
  const events = parseEventLogs({ abi: [...projects.abi, ...names.abi], logs, strict: true });
  const genesis = Date.parse(network.genesis) / 1000;
  const epochs = new Map<bigint, number>();
  for (const blockNumber of new Set(events.map((event) => event.blockNumber))) {
    const { timestamp } = await publicClient.getBlock({ blockNumber });
    epochs.set(blockNumber, Math.floor((Number(timestamp) - genesis) / network.epochSeconds));
  }
  return events.map((event) => ({ ...event, epoch: epochs.get(event.blockNumber) ?? -1 }));
}
type Event = Awaited<ReturnType<typeof allEvents>>[number];

interface Project {
  owner: Address;
  pendingOwner: Address;
  meter: Address;
  cids: string[];
  active: number;
  splitVersion: number;
  splitBps: number;
  domains: Set<string>;
  closedFrom: number;
  terms: { nodeIds: readonly number[]; cap: number; fromEpoch: number }[];
  seats: number;
  regionMask: number;
  pinHome: boolean;
  refillIsChosen: boolean;
}

interface Name {
  projectId: bigint;
  /** The epoch in which it was given up; undefined while it is held. */
  releasedAt?: number;
  noticedAt: number;
}

/** The state as whoever reads nothing but events has it. */
class Rebuilt {
  readonly projects = new Map<bigint, Project>();
  readonly names = new Map<string, Name>();
  readonly targets = new Map<string, bigint>();
  readonly rights = new Map<string, number>();
  readonly proposals: string[] = [];
  maxCap = 0;

  project(projectId: bigint): Project {
    let project = this.projects.get(projectId);
    if (!project) {
      // A claim is told before the project that it is for.
      project = {
        owner: zeroAddress,
        pendingOwner: zeroAddress,
        meter: zeroAddress,
        cids: [],
        active: 0,
        splitVersion: 0,
        splitBps: 0,
        domains: new Set(),
        closedFrom: 0,
        terms: [],
        seats: 3,
        regionMask: ALL_REGIONS,
        pinHome: true,
        refillIsChosen: false,
      };
      this.projects.set(projectId, project);
    }
    return project;
  }

  take(event: Event): void {
    switch (event.eventName) {
      case "ProjectCreated":
        this.project(event.args.projectId).owner = event.args.owner;
        return;
      case "TermsSet": {
        const { projectId, ...terms } = event.args;
        const project = this.project(projectId);
        project.terms = [...project.terms.filter(({ fromEpoch }) => fromEpoch !== terms.fromEpoch), terms];
        return;
      }
      case "RefillSet": {
        const { projectId, isChosen, ...rule } = event.args;
        Object.assign(this.project(projectId), rule, { refillIsChosen: isChosen });
        return;
      }
      case "VersionAdded": {
        const project = this.project(event.args.projectId);
        assert.equal(project.cids.push(event.args.cid), event.args.version);
        if (event.args.live) Object.assign(project, { active: event.args.version, ...NO_SPLIT });
        return;
      }
      case "Proposed":
        this.proposals.push(`${event.args.projectId} ${event.args.version} ${event.args.by}`);
        return;
      case "Activated":
        Object.assign(this.project(event.args.projectId), { active: event.args.version, ...NO_SPLIT });
        return;
      case "SplitSet": {
        const { projectId, version, bps } = event.args;
        Object.assign(this.project(projectId), { splitVersion: version, splitBps: bps });
        return;
      }
      case "MeterSet":
        this.project(event.args.projectId).meter = event.args.meter;
        return;
      case "DelegateSet": {
        const { projectId, owner, who, rights } = event.args;
        this.rights.set(`${owner} ${projectId} ${who}`, rights);
        return;
      }
      case "OwnerProposed":
        this.project(event.args.projectId).pendingOwner = event.args.pendingOwner;
        return;
      case "OwnerAccepted":
        Object.assign(this.project(event.args.projectId), {
          owner: event.args.owner,
          pendingOwner: zeroAddress,
          meter: zeroAddress,
        });
        return;
      case "Closed":
        this.project(event.args.projectId).closedFrom = event.args.closedFrom;
        return;
      case "DomainClaimed": {
        const { projectId, domain } = event.args;
        this.project(projectId).domains.add(domain);
        if (isName(domain)) this.names.set(domain, { projectId, noticedAt: 0 });
        return;
      }
      case "DomainReleased": {
        const { projectId, domain, reason } = event.args;
        this.project(projectId).domains.delete(domain);
        if (!isName(domain)) return;
        // Given up it rests; lapsed it is free at once; a closed project's is claimed in the same transaction.
        if (reason === 1) this.names.delete(domain);
        else this.names.set(domain, { projectId, noticedAt: 0, releasedAt: event.epoch });
        return;
      }
      case "TargetSet":
        this.targets.set(`${event.args.domain} ${event.args.owner}`, event.args.projectId);
        return;
      case "LapseNoticed": {
        const name = this.names.get(event.args.domain);
        assert.ok(name);
        name.noticedAt = event.args.noticedAt;
        return;
      }
      case "ParametersSet":
        this.maxCap = event.args.maxCap;
        return;
      case "Bound":
      case "PausedUntil":
      case "AuthorityUpdated":
        return;
      default:
        assert.fail(`nothing is rebuilt of ${(event as { eventName: string }).eventName}`);
    }
  }

  termsAt(projectId: bigint, epoch: number) {
    const began = this.project(projectId).terms.filter(({ fromEpoch }) => fromEpoch <= epoch);
    return began.reduce((last, terms) => (terms.fromEpoch >= last.fromEpoch ? terms : last), {
      nodeIds: [] as readonly number[],
      cap: 0,
      fromEpoch: 0,
    });
  }

  newest(projectId: bigint) {
    return this.termsAt(projectId, Number.MAX_SAFE_INTEGER);
  }

  may(projectId: bigint, who: Address, mask: number): boolean {
    const { owner } = this.project(projectId);
    return who === owner || ((this.rights.get(`${owner} ${projectId} ${who}`) ?? 0) & mask) !== 0;
  }

  holds(projectId: bigint, domain: string): boolean {
    const { domains, closedFrom } = this.project(projectId);
    return domains.has(domain) && closedFrom === 0;
  }

  standingOf(domain: string, epoch: number) {
    const name = this.names.get(domain);
    if (!name) return [STANDING.free, zeroAddress, 0n, 0, 0];
    const { projectId, releasedAt, noticedAt } = name;
    const { owner, closedFrom } = this.project(projectId);
    if (releasedAt === undefined && closedFrom === 0) return [STANDING.held, owner, projectId, 0, noticedAt];
    const last = (releasedAt ?? closedFrom - 1) + REST;
    return epoch > last
      ? [STANDING.free, zeroAddress, projectId, 0, noticedAt]
      : [STANDING.resting, owner, projectId, last, noticedAt];
  }

  /** The project that a deploy of `who` goes to; 0: a new one; undefined: refused. */
  projectAt(domain: string, who: Address): bigint | undefined {
    if (!isName(domain)) {
      const target = this.targets.get(`${domain} ${who}`) ?? 0n;
      return target !== 0n && this.holds(target, domain) && this.project(target).owner === who ? target : 0n;
    }
    const { projectId, releasedAt } = this.names.get(domain) ?? { projectId: 0n, releasedAt: 0 };
    if (releasedAt !== undefined || !this.holds(projectId, domain)) return 0n;
    return this.project(projectId).owner === who ? projectId : undefined;
  }
}

const NO_SPLIT = { splitVersion: 0, splitBps: 0 };
const isName = (domain: string) => domain.endsWith(".worker3.localhost");

/** Holds what was rebuilt against every view of the registries. */
async function compare(t: ProjectNetwork): Promise<Rebuilt> {
  const { projects, names, lens } = t;
  const rebuilt = new Rebuilt();
  for (const event of await allEvents(t)) rebuilt.take(event);
  const epoch = await currentEpoch(t);
  const wallets = [t.owner, t.stranger, t.operator2, t.deployer].map(addressOf);

  assert.equal(await projects.read.projectCount(), BigInt(rebuilt.projects.size));
  assert.equal(await projects.read.maxCap(), rebuilt.maxCap);
  for (const [projectId, project] of rebuilt.projects) {
    const { cids, domains, terms, ...same } = project;
    assert.deepEqual(await lens.read.projectOf([projectId]), {
      ...same,
      ...rebuilt.newest(projectId),
      versions: cids.length,
      domains: domains.size,
    });
    assert.equal(await projects.read.ownerOf([projectId]), project.owner);
    assert.equal(await projects.read.meterOf([projectId]), project.meter);
    assert.deepEqual(await projects.read.holdingOf([projectId]), [project.owner, project.closedFrom]);
    for (const [i, cid] of cids.entries()) {
      const [digest, text] = await lens.read.versionOf([projectId, i + 1]);
      assert.deepEqual([text, digest], [cid, await projects.read.digestOf([projectId, i + 1])]);
    }
    for (let at = 0; at <= epoch + 2; at++) {
      const { nodeIds, cap, fromEpoch } = rebuilt.termsAt(projectId, at);
      assert.deepEqual(await projects.read.termsAt([projectId, at]), [nodeIds, cap, fromEpoch]);
    }
    for (const who of wallets) {
      assert.equal(await projects.read.mayDeploy([projectId, who]), rebuilt.may(projectId, who, 1));
      assert.equal(await projects.read.mayPropose([projectId, who]), rebuilt.may(projectId, who, 3));
    }
    const held = DOMAINS.map((domain) => rebuilt.holds(projectId, domain));
    assert.deepEqual(await lens.read.domainsOf([projectId, DOMAINS]), [domains.size, held]);
  }
  for (const domain of DOMAINS) {
    if (isName(domain)) {
      assert.deepEqual(await names.read.standingOf([domain]), rebuilt.standingOf(domain, epoch), domain);
    }
    for (const who of wallets) {
      const at = await names.read.projectAt([domain, who]).catch(() => undefined);
      assert.equal(at, rebuilt.projectAt(domain, who), `${domain} of ${who}`);
    }
  }
  return rebuilt;
}

/** Everything that can happen to projects and names, each once at least; what they emit is compared after each part. */
const WALK: Readonly<Record<string, (t: ProjectNetwork) => Promise<unknown>>> = {
  "versions, a split, a rollback and proposals": async ({ projects, owner, stranger, operator2 }) => {
    const as = by(owner);
    for (const [content, live] of [
      ["one", true],
      ["two", true],
      ["three", false],
    ] as const) {
      await projects.write.addVersion([PROJECT, cidOf(content), live], as);
    }
    await projects.write.split([PROJECT, 3, 700], as);
    await projects.write.setDelegate([PROJECT, addressOf(stranger), 1], as);
    await projects.write.setDelegate([PROJECT, addressOf(operator2), 2], as);
    await projects.write.addVersion([PROJECT, cidOf("four"), false], by(operator2));
    await projects.write.activate([PROJECT, 1, digestOf("one")], by(stranger));
    await projects.write.split([PROJECT, 2, 100], as);
  },
  "terms, grown with and without the next epoch's": async (t) => {
    const { projects } = t;
    const as = by(t.owner);
    await fund(t, PROJECT, 900n * USD);
    await projects.write.grow([PROJECT, 2 * CAP, [4]], as);
    await projects.write.setReplicas([PROJECT, [2, 1]], as);
    await projects.write.grow([PROJECT, 3 * CAP, [5]], as);
    await projects.write.setBudget([PROJECT, CAP], as);
    await nextEpoch(t);
    await projects.write.leaveSeats([[PROJECT], 1], by(t.nodeOwner1));
    await projects.write.setRefill([PROJECT, REGION_1 | REGION_3, false], as);
    await projects.write.refill([PROJECT], by(t.stranger));
    await nextEpoch(t);
    await projects.write.assignReplicas([PROJECT, 4, ALL_REGIONS], as);
  },
  "projects created in all three ways": async ({ projects, owner, stranger, operator2 }) => {
    await projects.write.deploy([SECOND, cidOf("second")], by(stranger));
    await projects.write.createProject([THIRD, 2, REGION_3, 9_000], by(operator2));
    await projects.write.createProjectOn([CUSTOM, [5, 1], 8_000], by(owner));
  },
  "domains claimed, targets changed, a project handed over": async ({ projects, names, owner, stranger }) => {
    await names.write.claimDomain([PROJECT, CUSTOM], by(owner));
    await names.write.claimDomain([PROJECT, FOURTH], by(owner));
    await names.write.claimDomain([2n, CUSTOM], by(stranger));
    await projects.write.setMeter([PROJECT, addressOf(stranger)], by(owner));
    await projects.write.transferOwnership([PROJECT, addressOf(stranger)], by(owner));
    await projects.write.acceptOwnership([PROJECT, [CUSTOM, FOURTH]], by(stranger));
    await names.write.releaseDomain([2n, CUSTOM], by(stranger));
    await names.write.claimDomain([2n, CUSTOM], by(stranger));
    await names.write.releaseDomain([2n, CUSTOM], by(stranger));
    await projects.write.transferOwnership([2n, addressOf(owner)], by(stranger));
  },
  "a name given up, one that lapses, one of a closed project taken": async (t) => {
    const { projects, names } = t;
    await nextEpoch(t);
    await names.write.releaseDomain([PROJECT, FOURTH], by(t.stranger));
    await names.write.claimDomain([2n, FOURTH], by(t.stranger));
    await names.write.noticeLapse([FOURTH], by(t.operator2));
    await projects.write.close([PROJECT], by(t.stranger));
    await nextEpoch(t, 2);
    await names.write.noticeLapse([THIRD], by(t.operator2));
    await names.write.releaseDomain([2n, FOURTH], by(t.stranger));
  },
  "all of it after the rest": async (t) => {
    await moveToEpoch(t, (await currentEpoch(t)) + 91);
    for (const nodeId of [1, 2, 3, 4, 5]) await setPresence(t, nodeId, (await currentEpoch(t)) + 9);
    await t.names.write.lapse([THIRD], by(t.operator2));
    await t.projects.write.deploy([MAIN, cidOf("taken over")], by(t.operator2));
    await retireNode(t, 5);
    await t.projects.write.deploy([THIRD, cidOf("third")], by(t.owner));
  },
};

describe("The events of projects and names", () => {
  it("rebuild every view", async () => {
    const t = await load(withProject);
    await compare(t);
    const emitted = new Set<string>();
    for (const [part, walk] of Object.entries(WALK)) {
      await walk(t);
      await compare(t).catch((error: unknown) => {
        throw new Error(`after: ${part}`, { cause: error });
      });
    }
    const { proposals } = await compare(t);
    assert.deepEqual(proposals, [`${PROJECT} 4 ${addressOf(t.operator2)}`]);
    for (const { eventName } of await allEvents(t)) emitted.add(eventName);
    const abi = [...t.projects.abi, ...t.names.abi];
    const known = abi.flatMap((item) => (item.type === "event" ? [item.name] : []));
    const never = new Set(known.filter((name) => !emitted.has(name)));
    assert.deepEqual([...never].toSorted(), ["PausedUntil"], "the walk leaves an event out");
  });
});
