import {
  applyAction,
  createModel,
  currentEpoch,
  FULL,
  isLiftable,
  type Model,
  type ModelAction,
  type ModelParameters,
  type ModelProject,
  termsAt,
} from "../../model/index.ts";
import { capOf } from "../../protocol/terms.ts";
import type { TimedAction } from "./replayActions.ts";

/** Who acts in a random walk. The first three own nodes and projects; strangers try what is not theirs. */
const PEOPLE = ["ada", "bob", "eve"] as const;
const OPERATORS = ["op1", "op2"] as const;

/**
 * Calls of every kind in a random order, most of them such as the contracts take, some such as they refuse.
 *
 * @param random Numbers from 0 to 1.
 */
export function randomActions(
  parameters: ModelParameters,
  random: () => number,
  count: number,
): TimedAction[] {
  const model = createModel(parameters);
  const { times } = parameters;
  // The first epoch belongs to the deployment.
  let seconds = times.epochSeconds;
  const timed: TimedAction[] = [];
  function* actions(): Generator<ModelAction> {
    yield* opening(parameters);
    for (;;) yield nextAction(model, parameters, random);
  }
  for (const action of actions()) {
    if (timed.length === count) break;
    model.nowSeconds = times.genesis + seconds;
    applyAction(model, action);
    timed.push({ action, sinceGenesisSeconds: seconds });
    seconds += 1;
    if (timed.length > 20 && random() < 0.07) seconds += times.epochSeconds;
    // Long enough for names without credit to lapse.
    if (timed.length === Math.floor(count * 0.6)) seconds += 95 * times.epochSeconds;
    if (timed.length === Math.floor(count * 0.8)) seconds += 95 * times.epochSeconds;
  }
  return timed;
}

/** Everyone has money, there are nodes in the pool, and one project. */
function opening({ admin, minStake, defaultCap }: ModelParameters): ModelAction[] {
  const people = [...PEOPLE, admin].map((by): ModelAction => ({ kind: "mint", by, amount: 60n * minStake }));
  const nodes = [1, 2, 3, 4].flatMap((nodeId): ModelAction[] => {
    const by = nodeId % 2 === 1 ? "ada" : "bob";
    const operator = nodeId % 2 === 1 ? "op1" : "op2";
    return [
      { kind: "register", by, operator, region: nodeId % 3, stake: 4n * minStake + BigInt(nodeId) },
      { kind: "setPresence", by, nodeId, untilEpoch: 5, leastCap: 0n },
    ];
  });
  return [
    ...people,
    ...nodes,
    { kind: "createProject", by: "ada", domain: "first", nodeIds: [1, 2, 3], cap: defaultCap },
    { kind: "deposit", by: "ada", projectId: 1n, amount: 20n * defaultCap },
    { kind: "setMeter", by: "ada", projectId: 1n, meter: "meter" },
  ];
}

function nextAction(model: Model, parameters: ModelParameters, random: () => number): ModelAction {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const amount = (most: bigint): bigint =>
    BigInt(Math.floor(random() * Number(most))) + (random() < 0.05 ? 0n : 1n);
  const epoch = currentEpoch(model);
  const node = pick(model.nodes);
  const project = pick(model.projects);
  const isStranger = random() < 0.06;
  const nodeOwner = { nodeId: node.nodeId, by: isStranger ? pick(PEOPLE) : node.owner };
  const owner = { projectId: project.projectId, by: isStranger ? pick(PEOPLE) : project.owner };
  const cap = capOf(project.terms);
  const past = Math.max(0, epoch - Math.floor(random() * 5));
  const seats = () => [
    ...new Set(Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(model.nodes).nodeId)),
  ];
  const domain = pick([
    ...["first", "second", "third", "fourth", `project-${model.projects.length}`],
    ...["www.example.org", "shop.example.org"],
  ]);
  const heldBy = ({ projectId, claims }: ModelProject): string => {
    const named = [...model.names].filter(([, name]) => name.projectId === projectId);
    return pick([...named.map(([label]) => label), ...claims, domain]);
  };
  const poor = [...model.names]
    .filter(([, { projectId }]) => {
      const { credit, terms } = model.projects[Number(projectId) - 1] ?? project;
      return credit.balance < capOf(terms);
    })
    .map(([label]) => label);
  // Mostly one that nodes have the stake for.
  const someCap = () => amount(random() < 0.8 ? 4n * model.defaultCap : model.maxCap + 1n);
  const isRich = random() < 0.6;
  const thawing = model.nodes.find((candidate) => candidate.thawing > 0n) ?? node;
  const keys = [...model.receipts.keys()];
  const counted = keys.slice(-10);
  const open = keys.slice(-200).filter((key) => model.receipts.get(key)?.status === "disputed");
  const named = (keys: readonly string[]) => {
    const [projectId = "1", nodeId = "1", at = String(past)] = (pick(keys) ?? "")
      .split("/")
      .filter((part) => part !== "");
    const id = BigInt(projectId);
    const by = model.projects[Number(id) - 1]?.owner ?? "ada";
    return { by: isStranger ? pick(PEOPLE) : by, projectId: id, nodeId: Number(nodeId), epoch: Number(at) };
  };
  const usage = () => ({
    requests: amount(4_000_000n),
    cpuMs: amount(20_000_000n),
    egressKiB: amount(3_000_000n),
    storedMiB: amount(200_000n),
  });
  const submit = (): ModelAction => ({
    kind: "submit",
    by: "eve",
    nodeId: node.nodeId,
    epoch: past,
    receipts: model.projects.map(({ projectId }) => ({ projectId, ...usage() })),
    signer: isStranger ? pick(OPERATORS) : node.operator,
  });
  const guilty = random() < 0.5;
  const { maxSlash, arbiter } = model.disputeParameters;
  const { minStake } = model.nodeParameters;
  const slash = random() < 0.7 ? 2n * maxSlash : amount(maxSlash + 5n);
  const { prices } = parameters;

  const everything: (() => ModelAction)[] = [
    ...Array.from({ length: 9 }, () => submit),
    () => ({
      kind: "release",
      ...named(counted),
      ...(random() < 0.5 && { by: "eve", signer: pick(["meter", "eve"]) }),
    }),
    ...Array.from(
      { length: 3 },
      () => (): ModelAction => ({
        kind: "dispute",
        ...named(counted),
        ...(random() < 0.2 && { maxBond: amount(10_000_000n) }),
      }),
    ),
    ...Array.from(
      { length: 2 },
      () => (): ModelAction => ({
        kind: "decide",
        ...named(open),
        by: isStranger ? "eve" : arbiter,
        guilty,
        slash,
        reward: slash / (isStranger ? 1n : 2n),
      }),
    ),
    () => ({ kind: "extend", ...named(open), by: isStranger ? "eve" : arbiter }),
    () => ({ kind: "draw", ...named(open) }),
    ...Array.from(
      { length: 2 },
      () => (): ModelAction => ({
        kind: "claim",
        by: "eve",
        nodeId: node.nodeId,
        epochs: [0, 3, 5, 7, 8, 9, 10, 8].map((ago) => Math.max(0, epoch - ago)),
      }),
    ),
    () => ({ kind: "mint", by: pick(PEOPLE), amount: amount(1_000_000n) }),
    () => ({ kind: "transferTokens", by: pick(PEOPLE), to: pick(PEOPLE), amount: amount(30_000_000n) }),
    () => ({
      kind: "register",
      by: pick(PEOPLE),
      operator: pick(OPERATORS),
      region: pick([0, 1, 2, 8]),
      stake: minStake + amount(2n * minStake) - 20n,
    }),
    ...Array.from({ length: 2 }, () => (): ModelAction => {
      const retiring = model.nodes.findLast((candidate) => isLiftable(model, candidate));
      if (retiring === undefined) return { kind: "addStake", ...nodeOwner, amount: amount(2_000_000n) };
      const missing = minStake - (retiring.stake - retiring.thawing);
      const { nodeId } = retiring;
      return { kind: "addStake", by: "ada", nodeId, amount: missing > 0n ? missing : amount(3n) };
    }),
    () => ({
      kind: "requestUnstake",
      ...nodeOwner,
      // All but the least, and now and then more.
      amount: random() < 0.85 && node.stake > minStake ? node.stake - minStake : amount(node.stake + 1n),
    }),
    () => ({ kind: "cancelUnstake", ...nodeOwner }),
    () => ({ kind: "withdrawStake", nodeId: thawing.nodeId, by: thawing.owner }),
    () => ({ kind: "setOperator", ...nodeOwner, operator: pick(OPERATORS) }),
    ...Array.from(
      { length: 3 },
      () => (): ModelAction => ({
        kind: "setPresence",
        ...nodeOwner,
        untilEpoch: epoch + Math.floor(random() * 33) - 1,
        leastCap: pick([0n, 0n, 0n, model.defaultCap, 2n * model.defaultCap, FULL]),
      }),
    ),
    () => ({ kind: "prune", by: "eve", nodeId: pick([...model.pool.flat(), node.nodeId]) }),
    () => ({ kind: "transferNode", ...nodeOwner, to: pick(PEOPLE) }),
    () => ({ kind: "acceptNode", nodeId: node.nodeId, by: node.pendingOwner ?? pick(PEOPLE) }),
    () => ({
      kind: "createProject",
      by: pick(PEOPLE),
      domain,
      nodeIds: seats(),
      cap: someCap(),
    }),
    () => ({
      kind: "drawProject",
      by: pick(PEOPLE),
      domain,
      count: pick([1, 2, 3]),
      regionMask: pick([0, 1, 3, 7, 511]),
      cap: someCap(),
      seed: 1n,
    }),
    () => ({ kind: "deploy", by: pick(PEOPLE), domain, seed: 4n }),
    () => ({ kind: "setReplicas", ...owner, nodeIds: seats() }),
    () => ({
      kind: "assignReplicas",
      ...owner,
      count: pick([1, 2, 3, 8]),
      regionMask: pick([1, 3, 7, 511]),
      seed: 2n,
    }),
    () => ({ kind: "setBudget", ...owner, cap: someCap() }),
    ...Array.from({ length: 4 }, () => (): ModelAction => {
      const current = capOf(termsAt(project, epoch));
      return {
        kind: "grow",
        ...owner,
        cap: isRich ? current + (random() < 0.5 ? 0n : amount(model.defaultCap)) : someCap(),
        nodeIds: random() < 0.4 ? [] : [pick(model.nodes).nodeId],
      };
    }),
    () => ({ kind: "setRefill", ...owner, regionMask: pick([0, 7, 511, 512]), pinHome: random() < 0.5 }),
    ...Array.from({ length: 2 }, () => (): ModelAction => ({ kind: "refill", ...owner, seed: 3n })),
    () => ({
      kind: "leaveSeats",
      ...nodeOwner,
      projectIds: model.projects.map(({ projectId }) => projectId),
    }),
    () => (random() < 0.25 ? { kind: "close", ...owner } : submit()),
    () => ({ kind: "setMeter", ...owner, meter: pick(["meter", "eve"]) }),
    () => ({ kind: "transferProject", ...owner, to: pick(PEOPLE) }),
    () => ({
      kind: "acceptProject",
      projectId: project.projectId,
      by: project.pendingOwner ?? pick(PEOPLE),
      domains: [...project.claims, ...(random() < 0.2 ? [domain] : [])],
    }),
    () => ({ kind: "claimDomain", ...owner, domain }),
    () => ({ kind: "releaseDomain", ...owner, domain: random() < 0.7 ? heldBy(project) : domain }),
    ...Array.from(
      { length: 6 },
      (_, i) => (): ModelAction => ({
        kind: i % 2 === 0 ? "noticeLapse" : "lapse",
        by: "eve",
        domain: pick(random() < 0.6 && poor.length > 0 ? poor : [...model.names.keys(), "nobodys", domain]),
      }),
    ),
    ...Array.from({ length: 2 }, () => (): ModelAction => {
      const by = isStranger ? pick(PEOPLE) : project.owner;
      const at = heldBy(project);
      return { kind: "depositAt", by: "eve", domain: at, owner: by, amount: amount(cap * 9n + 1n) };
    }),
    ...Array.from({ length: 2 }, () => (): ModelAction => {
      const from = pick(PEOPLE);
      const payment = { from, signer: isStranger ? pick(PEOPLE) : from, amount: amount(cap * 9n + 1n) };
      const { projectId } = project;
      const ownerOf = isStranger ? pick(PEOPLE) : project.owner;
      const salt = Math.floor(random() * 9);
      return { kind: "depositWithAuthorization", by: "bob", projectId, owner: ownerOf, ...payment, salt };
    }),
    ...Array.from(
      { length: 4 },
      () => (): ModelAction => ({
        kind: "deposit",
        by: pick(PEOPLE),
        projectId: project.projectId,
        amount: amount(cap * 20n + 1n),
      }),
    ),
    ...Array.from(
      { length: 2 },
      () => (): ModelAction => ({
        kind: "requestWithdraw",
        ...owner,
        amount: random() < 0.7 ? project.credit.balance : amount(project.credit.balance + 2n),
      }),
    ),
    () => ({ kind: "cancelWithdraw", ...owner }),
    () => ({ kind: "withdraw", ...owner }),
    () => ({ kind: "collectRefund", by: pick(PEOPLE), to: pick(PEOPLE) }),
    () => ({ kind: "collectFees", by: "eve" }),
    () => ({
      kind: "setPrices",
      by: isStranger ? "eve" : model.admin,
      prices: {
        ...prices,
        fromEpoch: epoch + 1 + Math.floor(random() * 3),
        feeBps: Math.floor(random() * 2_100),
        base: amount(2_000n),
        perGiBStored: amount(4_000n),
      },
    }),
    ...Array.from({ length: 2 }, () => (): ModelAction => {
      const minBond = amount(9_000_000n);
      return {
        kind: "setParameters",
        by: model.admin,
        minBond,
        maxSlash: amount(200_000_000n),
        slashFloor: amount(minBond + (random() < 0.1 ? 1_000_000n : 0n)),
        slashFactor: 10n + amount(991n),
        rewardFactor: amount(11n),
        arbiter: pick(["arbiter", "arbiter", "bob"]),
      };
    }),
    () => ({
      kind: "setNodeParameters",
      by: isStranger ? "eve" : model.admin,
      minStake: parameters.minStake - amount(1_000_000n),
      seatStakeFactor: amount(random() < 0.8 ? 140n : 220n),
      maxSlashShareBps: 480n + amount(4_600n),
    }),
    () => (random() < 0.5 ? { kind: "suspendDecisions", by: isStranger ? "eve" : model.admin } : submit()),
    () => ({ kind: "setMaxCap", by: model.admin, maxCap: parameters.maxCap + amount(1_000_000n) }),
    () =>
      random() < 0.4
        ? { kind: "pause", by: model.admin, what: pick(["nodes", "projects", "settlement"]) }
        : submit(),
  ];
  return pick(everything)();
}
