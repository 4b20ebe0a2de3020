import assert from "node:assert/strict";
import { join } from "node:path";
import hre from "hardhat";
import {
  type Abi,
  type Address,
  concatHex,
  decodeErrorResult,
  decodeFunctionResult,
  encodeFunctionData,
  encodePacked,
  type Hex,
  keccak256,
  maxUint256,
  numberToHex,
  toHex,
  zeroAddress,
} from "viem";
import { deployWorker3 } from "../../../ignition/deployWorker3.ts";
import { readParameters } from "../../../ignition/parameters.ts";
import { startOf } from "../support/clock.ts";
import { addressOf, encodeLines, encodeReceipts, USAGE_BATCH, zoneName } from "../support/scenario.ts";
import { expectedViews, pickRecord, termsIn } from "./expectedViews.ts";
import { isRefusal, type Refusal } from "./rules.ts";
import {
  ADDED,
  amountOf,
  CAP,
  CREDIT,
  type EventName,
  GROWN_CAP,
  NODE,
  OTHER_NODE,
  type OwnerName,
  POCKET,
  PRESENCE,
  PROJECT,
  SLASH,
  STAKE,
  type World,
} from "./world.ts";

const parameters = await readParameters(
  join(import.meta.dirname, "../../../ignition/parameters/devnet.json"),
);

/** Enough for any one call here, and below what one transaction may have. */
const GAS = numberToHex(16_000_000);

interface Contract {
  address: Address;
  abi: Abi;
}

interface Deed {
  actor: Address;
  contract: Contract;
  functionName: string;
  data: Hex;
}

interface Outcome {
  done: boolean;
  result: Hex;
}

/** An event, by one of the owners where only they may, and what the rules say to it. */
export interface Try {
  event: EventName;
  by: OwnerName;
  verdict: World | Refusal;
}

export type Stage = Awaited<ReturnType<typeof setStage>>;

/**
 * The contracts on a chain of their own, with a project that was made `lead` epochs before the one whose receipt the
 * walks are about. Whoever acts is an `Actor`, so that one call asks what every one of them may do.
 */
export async function setStage(lead: number) {
  const connection = await hre.network.create();
  const { viem } = connection;
  const actor = () => viem.deployContract("Actor");
  const [first, second, nodeOwner, arbiter, stranger] = await Promise.all([
    actor(),
    actor(),
    actor(),
    actor(),
    actor(),
  ]);
  const network = await deployWorker3(connection, { ...parameters, arbiter: arbiter.address });
  const [usd, nodes, projects, names, escrow, settlement] = await Promise.all([
    viem.getContractAt("MockUSD", network.contracts.asset),
    viem.getContractAt("NodeRegistry", network.contracts.nodeRegistry),
    viem.getContractAt("ProjectRegistry", network.contracts.projectRegistry),
    viem.getContractAt("NameRegistry", network.contracts.nameRegistry),
    viem.getContractAt("CreditEscrow", network.contracts.creditEscrow),
    viem.getContractAt("UsageSettlement", network.contracts.usageSettlement),
  ]);
  const contracts = [usd, nodes, projects, names, escrow, settlement];
  const [sender, operator] = await viem.getWalletClients();
  if (!sender || !operator) throw new Error("too few accounts");
  const [senderAddress, operatorAddress] = [addressOf(sender), addressOf(operator)];
  const owners: Record<OwnerName, Address> = { first: first.address, second: second.address };
  const people = { owners, nodeOwner: nodeOwner.address, operator: operatorAddress };

  const request = <T>(method: string, ...params: unknown[]): Promise<T> =>
    connection.provider.request({ method, params }) as Promise<T>;

  const calldata = new Map<string, Hex>();
  function deed(actor: Address, contract: Contract, functionName: string, ...args: unknown[]): Deed {
    const key = `${contract.address} ${functionName} ${args.join()}`;
    const data = calldata.get(key) ?? encodeFunctionData({ abi: contract.abi, functionName, args });
    calldata.set(key, data);
    return { actor, contract, functionName, data };
  }

  async function perform({ actor, contract, data }: Deed): Promise<void> {
    const block = await request<{ timestamp: Hex }>("eth_getBlockByNumber", "latest", false);
    await request("evm_setNextBlockTimestamp", Number(block.timestamp) + 1);
    const call = encodeFunctionData({ abi: first.abi, functionName: "act", args: [contract.address, data] });
    await request("eth_sendTransaction", { from: senderAddress, to: actor, data: call, gas: GAS });
  }

  async function moveTo(epoch: number): Promise<void> {
    await request("evm_setNextBlockTimestamp", startOf({ network }, epoch));
    await request("evm_mine");
  }

  // Who has what, and the two nodes.
  for (const who of [first, second, nodeOwner, stranger]) {
    const extra = new Map([
      [first, CREDIT],
      [nodeOwner, STAKE],
      [stranger, STAKE + 3 * ADDED],
    ]).get(who);
    await usd.write.mint([who.address, BigInt(POCKET + (extra ?? 0))]);
    for (const spender of [nodes, escrow]) {
      await perform(deed(who.address, usd, "approve", spender.address, maxUint256));
    }
  }
  // In regions of their own: to which place of a pool a node comes back, depends on who else is there.
  for (const [region, who] of [nodeOwner, stranger].entries()) {
    await perform(
      deed(who.address, nodes, "register", operatorAddress, region, "https://node.example.org", STAKE),
    );
  }

  // The project.
  const start = (await settlement.read.currentEpoch()) + 1;
  const usage = start + lead;
  await moveTo(start);
  await perform(deed(nodeOwner.address, nodes, "setPresence", NODE, start + PRESENCE, 0));
  await perform(deed(stranger.address, nodes, "setPresence", OTHER_NODE, start + PRESENCE, 0));
  await perform(deed(first.address, projects, "createProjectOn", zoneName("walk"), [NODE], CAP));
  await perform(deed(first.address, escrow, "deposit", PROJECT, CREDIT));
  await perform(deed(first.address, projects, "transferOwnership", PROJECT, second.address));

  // The receipt: ten USD of CPU time at these prices, of which the cap of its epoch is charged.
  const statements = keccak256(toHex("statements"));
  const receipt = { projectId: BigInt(PROJECT), cpuMs: 500_000_000n };
  const receipts = encodeReceipts([receipt]);
  const linesOf = (world: World) => encodeLines([{ ...receipt, amount: BigInt(amountOf(world)) }]);
  const batchHashOf = (world: World) =>
    keccak256(
      concatHex([encodePacked(["uint32", "uint32", "bytes32"], [NODE, usage, statements]), linesOf(world)]),
    );
  const signature = await operator.signTypedData({
    domain: {
      name: "worker3",
      version: "1",
      chainId: network.chainId,
      verifyingContract: settlement.address,
    },
    types: { UsageBatch: USAGE_BATCH },
    primaryType: "UsageBatch",
    message: { nodeId: NODE, epoch: usage, statements, receipts },
  });

  const line = (world: World) => [NODE, usage, statements, linesOf(world), 0] as const;
  const ruling = [PROJECT, NODE, usage] as const;
  const owner = (by: OwnerName) => owners[by];
  const deeds: Record<EventName, (world: World, by: OwnerName) => Deed> = {
    submit: () => deed(stranger.address, settlement, "submit", NODE, usage, statements, receipts, signature),
    release: (world, by) => deed(owner(by), settlement, "release", ...line(world), "0x"),
    dispute: (world, by) =>
      deed(owner(by), settlement, "dispute", ...line(world), POCKET, "it served nothing"),
    decideGuilty: () => deed(arbiter.address, settlement, "decide", ...ruling, true, SLASH, SLASH),
    decideInnocent: () => deed(arbiter.address, settlement, "decide", ...ruling, false, 0, 0),
    extend: () => deed(arbiter.address, settlement, "extend", ...ruling),
    draw: () => deed(stranger.address, settlement, "draw", ...ruling),
    claim: () => deed(stranger.address, settlement, "claim", NODE, [usage]),
    requestUnstake: ({ stake }) => deed(nodeOwner.address, nodes, "requestUnstake", NODE, stake.amount),
    withdrawStake: () => deed(nodeOwner.address, nodes, "withdrawStake", NODE),
    addStake: () => deed(stranger.address, nodes, "addStake", NODE, ADDED),
    requestWithdraw: ({ credit }, by) => deed(owner(by), escrow, "requestWithdraw", PROJECT, credit.balance),
    withdraw: (_, by) => deed(owner(by), escrow, "withdraw", PROJECT),
    close: (_, by) => deed(owner(by), projects, "close", PROJECT),
    setReplicas: (_, by) => deed(owner(by), projects, "setReplicas", PROJECT, [OTHER_NODE]),
    grow: (_, by) => deed(owner(by), projects, "grow", PROJECT, GROWN_CAP, []),
    transfer: () => deed(second.address, projects, "acceptOwnership", PROJECT, []),
  };

  const views = ({ epoch }: World) => [
    deed(stranger.address, escrow, "accountOf", PROJECT),
    deed(stranger.address, escrow, "available", PROJECT),
    deed(stranger.address, escrow, "held"),
    deed(stranger.address, escrow, "fees"),
    deed(stranger.address, escrow, "refundOf", first.address),
    deed(stranger.address, escrow, "refundOf", second.address),
    deed(stranger.address, settlement, "pending", NODE, usage),
    deed(stranger.address, settlement, "payableOf", NODE),
    deed(stranger.address, settlement, "statusOf", ...ruling),
    deed(stranger.address, settlement, "isCounted", PROJECT, usage, 0),
    deed(stranger.address, nodes, "nodeOf", NODE),
    deed(stranger.address, projects, "recordOf", PROJECT),
    deed(stranger.address, projects, "termsWords", [PROJECT], usage),
    deed(stranger.address, projects, "termsWords", [PROJECT], epoch),
    ...[first, second, nodeOwner, escrow, nodes].map(({ address }) =>
      deed(stranger.address, usd, "balanceOf", address),
    ),
  ];

  const named = (world: World, arg: unknown): unknown =>
    arg === "first" || arg === "second"
      ? owners[arg]
      : arg === "batch"
        ? batchHashOf(world)
        : arg === "nobody"
          ? zeroAddress
          : arg;
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? Number(inner) : inner)).toLowerCase();
  const refusalText = (world: World, { refused, args }: Refusal) =>
    `${refused.toLowerCase()} ${text(args.map((arg) => named(world, arg)))}`;

  // The same bytes come back thousands of times.
  const decoded = new Map<string, string>();
  function read({ contract, functionName }: Deed, { done, result }: Outcome): string {
    const key = `${contract.address} ${functionName} ${done} ${result}`;
    let known = decoded.get(key);
    if (known === undefined) {
      const { abi } = contract;
      if (done) {
        const answer = decodeFunctionResult({ abi, functionName, data: result });
        known = text(picked(functionName, answer));
      } else {
        const { errorName, args = [] } = decodeErrorResult({ abi, data: result });
        known = `${errorName.toLowerCase()} ${text(args)}`;
      }
      decoded.set(key, known);
    }
    return known;
  }

  const encoded = new Map<string, Hex>();
  async function foresee(world: World, asked: readonly Deed[]): Promise<readonly Outcome[]> {
    // All that the calls depend on.
    const { stake, credit, owner, epoch } = world;
    const key = `${asked.length} ${owner} ${stake.amount} ${credit.balance} ${amountOf(world)} ${epoch}`;
    let data = encoded.get(key);
    if (data === undefined) {
      const acts = asked.map(({ actor, contract, data }) => ({ actor, target: contract.address, data }));
      data = encodeFunctionData({ abi: stranger.abi, functionName: "foresee", args: [acts] });
      encoded.set(key, data);
    }
    const call = { from: senderAddress, to: stranger.address, data, gas: GAS };
    const answer = await request<Hex>("eth_call", call, "latest");
    const outcomes = decodeFunctionResult({ abi: stranger.abi, functionName: "foresee", data: answer });
    return outcomes.map((outcome) => ({ done: outcome[65] === "1", result: `0x${outcome.slice(66)}` }));
  }

  return {
    usage,
    start,

    /** The raw storage of all contracts, in short: where it is the same, so is all that can follow. */
    async fingerprint(): Promise<string> {
      const proofs = await Promise.all(
        contracts.map(({ address }) => request<{ storageHash: Hex }>("eth_getProof", address, [], "latest")),
      );
      return proofs.map(({ storageHash }) => storageHash).join();
    },

    /**
     * Asks the chain what it would make of every try, and compares that with what the rules say; and, where `whole`,
     * everything it holds with the world. Where only time passed, nothing but the answers can have changed.
     */
    async compare(world: World, tries: readonly Try[], whole: boolean, history: string) {
      const tried = tries.map(({ event, by }) => deeds[event](world, by));
      const asked = whole ? [...tried, ...views(world)] : tried;
      const outcomes = await foresee(world, asked);

      tries.forEach(({ event, by, verdict }, index) => {
        const [deed, outcome] = [asked[index], outcomes[index]];
        assert(deed && outcome);
        const said = outcome.done ? "accepted" : read(deed, outcome);
        const rule = isRefusal(verdict) ? refusalText(world, verdict) : "accepted";
        assert.equal(said, rule, `${event} by ${by} in epoch ${world.epoch} after ${history}`);
      });
      if (!whole) return;
      const holds = expectedViews(world, people, batchHashOf(world));
      views(world).forEach((view, index) => {
        const outcome = outcomes[tried.length + index];
        assert(outcome?.done);
        const wanted = text(holds[index]);
        assert.equal(
          read(view, outcome),
          wanted,
          `${view.functionName} in epoch ${world.epoch} after ${history}`,
        );
      });
    },

    perform: (world: World, event: EventName) => perform(deeds[event](world, world.owner)),

    moveTo,
    snapshot: () => request<Hex>("evm_snapshot"),
    restore: (id: Hex) => request("evm_revert", id),
  };
}

/** Of words what the walks change. */
function picked(functionName: string, answer: unknown): unknown {
  if (functionName === "recordOf") return pickRecord(answer);
  return functionName === "termsWords" ? termsIn((answer as readonly [bigint])[0]) : answer;
}
