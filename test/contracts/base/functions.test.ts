import assert from "node:assert/strict";
import {
  type AbiFunction,
  type AbiParameter,
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  getAbiItem,
  type Hex,
  toFunctionSelector,
  zeroAddress,
} from "viem";
import { countUsage, disputeCounted } from "../support/dispute.ts";
import { announceAndWait } from "../support/governance.ts";
import { disputeParametersOf } from "../support/hostile.ts";
import { connection, deployNetwork, networkHelpers } from "../support/network.ts";
import { addressOf, createProject, currentEpoch, nextEpoch, registerNode, USD } from "../support/scenario.ts";

/**
 * Every function that changes something, by who may call it. `roles`: whoever the access manager says, and
 * `setAuthority` the access manager itself. `contract`: another contract of the network alone. `binder`: the deployer,
 * once. `people`: owners, operators, the arbiter, or anyone, as their own tests have it.
 */
const FUNCTIONS = {
  nodes: {
    roles: ["pause", "setAuthority", "setParameters"],
    contract: ["slash"],
    binder: ["bind"],
    people: [
      "acceptOwnership",
      "addStake",
      "cancelUnstake",
      "prune",
      "register",
      "requestUnstake",
      "setEndpoint",
      "setOperator",
      "setPresence",
      "setRegion",
      "transferOwnership",
      "withdrawStake",
    ],
  },
  projects: {
    roles: ["pause", "setAuthority", "setMaxCap"],
    contract: ["countDomain"],
    binder: ["bind"],
    people: [
      "acceptOwnership",
      "activate",
      "addVersion",
      "assignReplicas",
      "close",
      "createProject",
      "createProjectOn",
      "deploy",
      "grow",
      "leaveSeats",
      "refill",
      "setBudget",
      "setDelegate",
      "setMeter",
      "setRefill",
      "setReplicas",
      "split",
      "transferOwnership",
    ],
  },
  names: {
    roles: [],
    contract: ["claimFirst", "enter", "setTarget"],
    binder: [],
    people: ["claimDomain", "lapse", "noticeLapse", "releaseDomain"],
  },
  escrow: {
    roles: ["setAuthority", "setFeeReceiver"],
    contract: ["charge", "owe", "pay", "refund", "takeBond", "takeSlash"],
    binder: ["bind"],
    people: [
      "cancelWithdraw",
      "collectFees",
      "collectRefund",
      "deposit",
      "depositAt",
      "depositWithAuthorization",
      "depositWithPermit",
      "requestWithdraw",
      "withdraw",
    ],
  },
  settlement: {
    roles: ["pause", "setAuthority", "setParameters", "setPrices", "setSuccessor", "suspendDecisions"],
    contract: ["open"],
    binder: [],
    people: ["claim", "decide", "dispute", "draw", "extend", "release", "submit"],
  },
  lens: { roles: [], contract: [], binder: [], people: [] },
} as const;
const CONTRACTS = ["nodes", "projects", "names", "escrow", "settlement", "lens"] as const;
/** Whose parameters a role may set. */
const GOVERNED = ["nodes", "projects", "escrow", "settlement"] as const;

const REFUSALS: Readonly<Record<string, "roles" | "contract" | "binder">> = {
  [toFunctionSelector("AccessManagedUnauthorized(address)")]: "roles",
  [toFunctionSelector("NotSettlement(address)")]: "contract",
  [toFunctionSelector("NotProjectRegistry(address)")]: "contract",
  [toFunctionSelector("NotNameRegistry(address)")]: "contract",
  [toFunctionSelector("NotBinder(address,address)")]: "binder",
};

/** Money, a receipt that is counted, one that is disputed, and thaws. */
async function withMoney() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t, { stake: 3_000n * USD });
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: 100n * USD });
  await t.escrow.write.requestWithdraw([projectId, 50n * USD], { account: t.owner.account });
  await t.nodes.write.requestUnstake([nodeId, 500n * USD], { account: t.nodeOwner1.account });
  await nextEpoch(t);
  const disputed = await countUsage(t, { nodeId, projectId });
  await disputeCounted(t, disputed);
  const counted = await countUsage(t, { nodeId, projectId });
  return { ...t, nodeId, projectId, disputed, counted };
}
type WithMoney = Awaited<ReturnType<typeof withMoney>>;

const changing = (abi: readonly unknown[]): AbiFunction[] =>
  (abi as readonly AbiFunction[]).filter(
    ({ type, stateMutability }) =>
      type === "function" && stateMutability !== "view" && stateMutability !== "pure",
  );

/** The simplest value of a type: what a call is decoded from before it looks at who calls. */
function simplest({ type, ...rest }: AbiParameter): unknown {
  if (type.endsWith("]")) return [];
  if ("components" in rest) {
    return Object.fromEntries(rest.components.map((part) => [part.name, simplest(part)]));
  }
  if (type === "address") return zeroAddress;
  if (type === "bool") return false;
  if (type === "string") return "";
  if (type === "bytes") return "0x";
  return type.startsWith("bytes") ? `0x${"00".repeat(Number(type.slice(5)))}` : 0n;
}

/** What a stranger is told who calls the function; undefined where it went well. */
async function refusal(t: WithMoney, to: Address, item: AbiFunction): Promise<Hex | undefined> {
  const data = concatHex([
    toFunctionSelector(item),
    encodeAbiParameters(item.inputs, item.inputs.map(simplest)),
  ]);
  const from = t.stranger.account.address;
  try {
    await connection.provider.request({ method: "eth_call", params: [{ from, to, data }, "latest"] });
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Error && "data" in error, "the call failed without an answer");
    // Hardhat gives errors that it does not know of in an object.
    const data = error.data as Hex | { data: Hex };
    return typeof data === "string" ? data : data.data;
  }
}

/** Everything that somebody owns here. */
async function money({ usd, escrow, nodes, settlement, ...t }: WithMoney) {
  return {
    escrow: await usd.read.balanceOf([escrow.address]),
    nodes: await usd.read.balanceOf([nodes.address]),
    account: await escrow.read.accountOf([t.projectId]),
    held: await escrow.read.held(),
    fees: await escrow.read.fees(),
    node: { ...(await nodes.read.nodeOf([t.nodeId])), slashLeft: 0n }, // a share that parameters set
    pending: await settlement.read.pending([t.nodeId, t.counted.epoch]),
    payable: await settlement.read.payableOf([t.nodeId]),
    dispute: await settlement.read.statusOf([t.projectId, t.nodeId, t.disputed.epoch]),
    owner: await t.projects.read.ownerOf([t.projectId]),
    terms: await t.projects.read.termsAt([t.projectId, t.counted.epoch]),
    settlement: [await escrow.read.settlement(), await nodes.read.settlement()],
  };
}

describe("The functions that change something", () => {
  for (const name of CONTRACTS) {
    it(`of ${name} are these, and each is refused to a stranger as it says`, async () => {
      const t = await networkHelpers.loadFixture(withMoney);
      const { address, abi } = t[name];
      const found: Record<string, string[]> = { roles: [], contract: [], binder: [], people: [] };
      for (const item of changing(abi)) {
        assert.equal(
          item.stateMutability,
          "nonpayable",
          `${item.name} takes ether, which nothing here pays out`,
        );
        const answer = (await refusal(t, address, item))?.slice(0, 10) ?? "";
        found[REFUSALS[answer] ?? "people"]?.push(item.name);
      }
      for (const list of Object.values(found)) list.sort();
      assert.deepEqual(found, FUNCTIONS[name]);
    });
  }
});

describe("What roles may do", () => {
  it("moves no credit, stake, charge, bond or payment, and no project or node, used to its bounds", async () => {
    const t = await networkHelpers.loadFixture(withMoney);
    const before = await money(t);
    const me = addressOf(t.admin);
    const fromEpoch = (await currentEpoch(t)) + 60;
    const rate = 1_000_000_000;
    const dearest = {
      fromEpoch,
      feeBps: 2_000,
      included: 0,
      base: Number(t.parameters.defaultCap),
      perMRequests: rate,
      perMCpuMs: rate,
      perGiB: rate,
      perGiBStored: 2 ** 24 - 1,
    };
    const strictest = {
      ...disputeParametersOf(t),
      minBond: 1_000n * USD,
      maxSlash: 100_000n * USD,
      slashFloor: 1_000n * USD,
      slashFactor: 1_000,
      rewardFactor: 10,
      arbiter: me,
    };
    const changes = {
      nodes: [["setParameters", [1_000_000n * USD, 200, 5_000]]],
      projects: [["setMaxCap", [2 ** 40 - 1]]],
      escrow: [["setFeeReceiver", [me]]],
      settlement: [
        ["setPrices", [dearest]],
        ["setParameters", [strictest]],
        ["setSuccessor", [me]],
      ],
    } as const;
    for (const name of GOVERNED) {
      const { abi, address } = t[name];
      for (const [functionName, args] of changes[name]) {
        assert.ok(getAbiItem({ abi: abi as readonly AbiFunction[], name: functionName }));
        const call = encodeFunctionData({ abi: abi as readonly AbiFunction[], functionName, args });
        await announceAndWait(t, { address }, call);
        await t.accessManager.write.execute([address, call], { account: t.admin.account });
      }
    }
    await t.nodes.write.pause({ account: t.guardian.account });
    await t.projects.write.pause({ account: t.guardian.account });
    await t.settlement.write.pause({ account: t.guardian.account });
    await t.settlement.write.suspendDecisions({ account: t.guardian.account });
    const tried = Object.values(changes).flatMap((list) =>
      list.map(([functionName]) => functionName as string),
    );
    assert.deepEqual(
      new Set([...tried, "pause", "suspendDecisions", "setAuthority"]), // the last: see roles.test.ts
      new Set(Object.values(FUNCTIONS).flatMap(({ roles }) => roles as readonly string[])),
    );
    assert.deepEqual(await money(t), before);
  });
});
