import {
  encodeAbiParameters,
  type Hash,
  type Hex,
  keccak256,
  maxUint48,
  maxUint64,
  numberToHex,
  toHex,
  zeroHash,
} from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { contractByKey } from "../../abi/contracts.ts";
import { type Contract, contractAt, type EncodedCall, encodeCall } from "../../contracts/call.ts";
import { priceList } from "../../contracts/settlement/epochs.ts";
import type { CalledContract } from "../../contracts/table.ts";
import type { ModelAccount, ModelAction, ModelActionKind, ModelActions } from "../../model/index.ts";
import { isInZone, receiptKey } from "../../model/index.ts";
import type { Network } from "../../network/network.ts";
import { encodeReceipts } from "../../receipts/encodeReceipts.ts";
import { signRelease } from "../../signing/signRelease.ts";
import { signUsageBatch } from "../../signing/signUsageBatch.ts";

/** Where a counted receipt stands. */
export interface CountedLine {
  readonly statements: Hash;
  readonly lines: Hex;
  readonly index: number;
  readonly amount: bigint;
}

/** What a call needs to know of the chain that it goes to. */
export interface CallContext {
  readonly network: Network;
  readonly accountOf: (name: ModelAccount) => PrivateKeyAccount;
  /** By `receiptKey`. */
  readonly counted: ReadonlyMap<string, CountedLine>;
}

type Encoders = {
  readonly [kind in ModelActionKind]: (
    action: ModelActions[kind],
    context: CallContext,
  ) => EncodedCall | Promise<EncodedCall>;
};

/** The transaction that makes a call of the model, which knows names of the zone without the zone. */
export async function callOf(action: ModelAction, context: CallContext): Promise<EncodedCall> {
  const encode = encoders[action.kind] as (action: ModelAction, context: CallContext) => EncodedCall;
  return encode(action, context);
}

/** Calls of one contract. The model knows what the sdk has no definition for, and the chain's own numbers of regions. */
function callsOf<key extends CalledContract>(contract: Contract<key>) {
  return (
    context: CallContext,
    { functionName, args = [] }: { readonly functionName: string; readonly args?: readonly unknown[] },
  ): EncodedCall => encodeCall({ ...contractAt(context, contract), functionName, args });
}

const asset = callsOf(contractByKey.asset);
const nodes = callsOf(contractByKey.nodeRegistry);
const projects = callsOf(contractByKey.projectRegistry);
const names = callsOf(contractByKey.nameRegistry);
const escrow = callsOf(contractByKey.creditEscrow);
const settlement = callsOf(contractByKey.usageSettlement);

const domainOf = ({ network }: CallContext, domain: string): string =>
  isInZone(domain) ? `${domain}.${network.zone}` : domain;
const noLine: CountedLine = { statements: zeroHash, lines: "0x", index: 0, amount: 0n };

/** How `release` and `dispute` name a line: a receipt that was never counted is named by an unknown batch. */
function lineArguments(
  { projectId, nodeId, epoch }: { projectId: bigint; nodeId: number; epoch: number },
  { counted }: CallContext,
) {
  const line = counted.get(receiptKey(projectId, nodeId, epoch)) ?? noLine;
  return { line, args: [nodeId, epoch, line.statements, line.lines, BigInt(line.index)] as const };
}

const encoders: Encoders = {
  mint: ({ by, amount }, c) => asset(c, { functionName: "mint", args: [c.accountOf(by).address, amount] }),
  transferTokens: ({ to, amount }, c) =>
    asset(c, { functionName: "transfer", args: [c.accountOf(to).address, amount] }),

  register: ({ operator, region, stake }, c) =>
    nodes(c, {
      functionName: "register",
      args: [c.accountOf(operator).address, region, "https://node.example.org", stake],
    }),
  addStake: ({ nodeId, amount }, c) => nodes(c, { functionName: "addStake", args: [nodeId, amount] }),
  requestUnstake: ({ nodeId, amount }, c) =>
    nodes(c, { functionName: "requestUnstake", args: [nodeId, amount] }),
  cancelUnstake: ({ nodeId }, c) => nodes(c, { functionName: "cancelUnstake", args: [nodeId] }),
  withdrawStake: ({ nodeId }, c) => nodes(c, { functionName: "withdrawStake", args: [nodeId] }),
  setOperator: ({ nodeId, operator }, c) =>
    nodes(c, { functionName: "setOperator", args: [nodeId, c.accountOf(operator).address] }),
  setPresence: ({ nodeId, untilEpoch, leastCap }, c) =>
    nodes(c, { functionName: "setPresence", args: [nodeId, untilEpoch, Number(leastCap)] }),
  prune: ({ nodeId }, c) => nodes(c, { functionName: "prune", args: [nodeId] }),
  transferNode: ({ nodeId, to }, c) =>
    nodes(c, { functionName: "transferOwnership", args: [nodeId, c.accountOf(to).address] }),
  acceptNode: ({ nodeId }, c) => nodes(c, { functionName: "acceptOwnership", args: [nodeId] }),

  createProject: ({ domain, nodeIds, cap }, c) =>
    projects(c, { functionName: "createProjectOn", args: [domainOf(c, domain), nodeIds, Number(cap)] }),
  drawProject: ({ domain, count, regionMask, cap }, c) =>
    projects(c, {
      functionName: "createProject",
      args: [domainOf(c, domain), count, regionMask, Number(cap)],
    }),
  deploy: ({ domain }, c) => projects(c, { functionName: "deploy", args: [domainOf(c, domain), CID] }),
  setReplicas: ({ projectId, nodeIds }, c) =>
    projects(c, { functionName: "setReplicas", args: [projectId, nodeIds] }),
  assignReplicas: ({ projectId, count, regionMask }, c) =>
    projects(c, { functionName: "assignReplicas", args: [projectId, count, regionMask] }),
  setBudget: ({ projectId, cap }, c) =>
    projects(c, { functionName: "setBudget", args: [projectId, Number(cap)] }),
  grow: ({ projectId, cap, nodeIds }, c) =>
    projects(c, { functionName: "grow", args: [projectId, Number(cap), nodeIds] }),
  setRefill: ({ projectId, regionMask, pinHome }, c) =>
    projects(c, { functionName: "setRefill", args: [projectId, regionMask, pinHome] }),
  refill: ({ projectId }, c) => projects(c, { functionName: "refill", args: [projectId] }),
  leaveSeats: ({ projectIds, nodeId }, c) =>
    projects(c, { functionName: "leaveSeats", args: [projectIds, nodeId] }),
  close: ({ projectId }, c) => projects(c, { functionName: "close", args: [projectId] }),
  setMeter: ({ projectId, meter }, c) =>
    projects(c, { functionName: "setMeter", args: [projectId, c.accountOf(meter).address] }),
  transferProject: ({ projectId, to }, c) =>
    projects(c, { functionName: "transferOwnership", args: [projectId, c.accountOf(to).address] }),
  acceptProject: ({ projectId, domains }, c) =>
    projects(c, {
      functionName: "acceptOwnership",
      args: [projectId, domains.map((domain) => domainOf(c, domain))],
    }),
  claimDomain: ({ projectId, domain }, c) =>
    names(c, { functionName: "claimDomain", args: [projectId, domainOf(c, domain)] }),
  releaseDomain: ({ projectId, domain }, c) =>
    names(c, { functionName: "releaseDomain", args: [projectId, domainOf(c, domain)] }),
  noticeLapse: ({ domain }, c) => names(c, { functionName: "noticeLapse", args: [domainOf(c, domain)] }),
  lapse: ({ domain }, c) => names(c, { functionName: "lapse", args: [domainOf(c, domain)] }),

  deposit: ({ projectId, amount }, c) => escrow(c, { functionName: "deposit", args: [projectId, amount] }),
  depositAt: ({ domain, owner, amount }, c) =>
    escrow(c, { functionName: "depositAt", args: [domainOf(c, domain), c.accountOf(owner).address, amount] }),
  depositWithAuthorization: async (action, c) => {
    const { projectId, owner, from, amount, salt } = action;
    const addresses = [c.accountOf(owner).address, c.accountOf(from).address] as const;
    const signature = await signAuthorization(action, c);
    return escrow(c, {
      functionName: "depositWithAuthorization",
      args: [projectId, ...addresses, amount, 0n, maxUint48, saltOf(salt), signature],
    });
  },
  requestWithdraw: ({ projectId, amount }, c) =>
    escrow(c, { functionName: "requestWithdraw", args: [projectId, amount] }),
  cancelWithdraw: ({ projectId }, c) => escrow(c, { functionName: "cancelWithdraw", args: [projectId] }),
  withdraw: ({ projectId }, c) => escrow(c, { functionName: "withdraw", args: [projectId] }),
  collectRefund: ({ to }, c) => escrow(c, { functionName: "collectRefund", args: [c.accountOf(to).address] }),
  collectFees: (_, c) => escrow(c, { functionName: "collectFees" }),

  async submit({ nodeId, epoch, receipts, signer }, c) {
    const statements = keccak256(toHex(`statements of node ${nodeId} in epoch ${epoch}`));
    const batch = { nodeId, epoch, statements, receipts: encodeReceipts(receipts) };
    const signature = await signUsageBatch({ network: c.network, signer: c.accountOf(signer), batch });
    return settlement(c, {
      functionName: "submit",
      args: [nodeId, epoch, statements, batch.receipts, signature],
    });
  },
  async release(action, c) {
    const { projectId, nodeId, epoch, signer } = action;
    const { line, args } = lineArguments(action, c);
    const release = { projectId, nodeId, epoch, amount: line.amount };
    const signature =
      signer === undefined
        ? "0x"
        : await signRelease({ network: c.network, signer: c.accountOf(signer), release });
    return settlement(c, { functionName: "release", args: [...args, signature] });
  },
  dispute: (action, c) =>
    settlement(c, {
      functionName: "dispute",
      args: [...lineArguments(action, c).args, action.maxBond ?? maxUint64, "not what was used"],
    }),
  decide: ({ projectId, nodeId, epoch, guilty, slash, reward }, c) =>
    settlement(c, { functionName: "decide", args: [projectId, nodeId, epoch, guilty, slash, reward] }),
  extend: ({ projectId, nodeId, epoch }, c) =>
    settlement(c, { functionName: "extend", args: [projectId, nodeId, epoch] }),
  draw: ({ projectId, nodeId, epoch }, c) =>
    settlement(c, { functionName: "draw", args: [projectId, nodeId, epoch] }),
  claim: ({ nodeId, epochs }, c) => settlement(c, { functionName: "claim", args: [nodeId, epochs] }),

  setPrices: ({ prices }, c) => settlement(c, { functionName: "setPrices", args: [priceList(prices)] }),
  setParameters: ({ minBond, maxSlash, slashFloor, slashFactor, rewardFactor, arbiter }, c) =>
    settlement(c, {
      functionName: "setParameters",
      args: [
        {
          minBond,
          maxSlash,
          slashFloor,
          slashFactor: Number(slashFactor),
          rewardFactor: Number(rewardFactor),
          arbiter: c.accountOf(arbiter).address,
        },
      ],
    }),
  setNodeParameters: ({ minStake, seatStakeFactor, maxSlashShareBps }, c) =>
    nodes(c, {
      functionName: "setParameters",
      args: [minStake, Number(seatStakeFactor), Number(maxSlashShareBps)],
    }),
  setMaxCap: ({ maxCap }, c) => projects(c, { functionName: "setMaxCap", args: [Number(maxCap)] }),
  suspendDecisions: (_, c) => settlement(c, { functionName: "suspendDecisions" }),
  pause: ({ what }, c) => ({ nodes, projects, settlement })[what](c, { functionName: "pause" }),
};

/** Any folder: the model knows nothing of versions. */
const CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

function saltOf(salt: number): Hash {
  return numberToHex(salt, { size: 32 });
}

/** ERC-3009's, in the mock's EIP-712 domain, with the nonce that the escrow makes of project, owner and salt. */
function signAuthorization(
  { projectId, owner, from, signer, amount, salt }: ModelActions["depositWithAuthorization"],
  { network, accountOf }: CallContext,
): Promise<Hex> {
  const nonce = keccak256(
    encodeAbiParameters(
      [{ type: "uint64" }, { type: "address" }, { type: "bytes32" }],
      [projectId, accountOf(owner).address, saltOf(salt)],
    ),
  );
  return accountOf(signer).signTypedData({
    domain: {
      name: "Mock USD",
      version: "1",
      chainId: network.chainId,
      verifyingContract: network.contracts.asset,
    },
    primaryType: "ReceiveWithAuthorization",
    types: {
      ReceiveWithAuthorization: [
        { name: "from", type: "address" },
        { name: "to", type: "address" },
        { name: "value", type: "uint256" },
        { name: "validAfter", type: "uint256" },
        { name: "validBefore", type: "uint256" },
        { name: "nonce", type: "bytes32" },
      ],
    },
    message: {
      from: accountOf(from).address,
      to: network.contracts.creditEscrow,
      value: amount,
      validAfter: 0n,
      validBefore: maxUint48,
      nonce,
    },
  });
}
