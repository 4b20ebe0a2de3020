import assert from "node:assert/strict";
import { type Address, getAddress, type Hash, numberToHex, zeroAddress, zeroHash } from "viem";
import { slashLeft } from "./rules.ts";
import { amountOf, available, BOND, type OwnerName, type Terms, termsAt, type World } from "./world.ts";

/** Who plays which part. */
export interface People {
  owners: Record<OwnerName, Address>;
  nodeOwner: Address;
  operator: Address;
}

/** What the views of `setStage` should answer, in their order. */
export function expectedViews(
  world: World,
  { owners, nodeOwner, operator }: People,
  batchHash: Hash,
): unknown[] {
  const { credit, bucket, payable, stake, tokens, refunds, receipt, dispute } = world;
  const status = { none: 0, counted: 0, released: 1, disputed: 2, settled: 3 }[receipt];
  const newest = world.terms.at(-1);
  assert(newest);
  return [
    credit,
    available(world),
    world.held,
    world.fees,
    refunds.first,
    refunds.second,
    [bucket.pending, bucket.feeBps],
    [payable.amount, payable.fee],
    {
      status,
      openedIn: dispute?.openedIn ?? 0,
      extended: dispute?.extended ?? false,
      disputer: dispute ? owners[dispute.by] : zeroAddress,
      bond: dispute ? BOND : 0,
      amount: dispute ? amountOf(world) : 0,
      feeBps: dispute ? 500 : 0,
      batchHash: dispute ? batchHash : zeroHash,
    },
    receipt !== "none",
    {
      owner: nodeOwner,
      operator,
      pendingOwner: zeroAddress,
      region: 0,
      retiredFrom: stake.retiredFrom,
      isLiftable: stake.liftable && world.epoch < stake.retiredFrom,
      presentUntil: world.presentUntil,
      leastCap: 0,
      slashLeft: slashLeft(world),
      stake: stake.amount,
      thawing: stake.thawing,
      thawEpoch: stake.thawEpoch,
      endpoint: "https://node.example.org",
    },
    {
      owner: owners[world.owner],
      pendingOwner: world.owner === "first" ? owners.second : zeroAddress,
      terms: newest,
      closedFrom: world.closed ? newest.from : 0,
    },
    termsAt(world, world.usage),
    termsAt(world, world.epoch),
    tokens.first,
    tokens.second,
    tokens.nodeOwner,
    tokens.escrow,
    tokens.nodes,
  ];
}

/** Of a project what the walks change. */
export function pickRecord(record: unknown): unknown {
  const { head, terms, pendingOwner, closedFrom } = record as {
    head: bigint;
    terms: bigint;
    pendingOwner: Address;
    closedFrom: number;
  };
  const owner = getAddress(numberToHex(BigInt.asUintN(160, head), { size: 20 }));
  return { owner, pendingOwner, terms: termsIn(terms), closedFrom };
}

/** Of a terms word what the walks change: the first seat, the cap, and from when on it counts. */
export function termsIn(word: bigint): Terms {
  return {
    from: Number(word >> 232n),
    node: Number(BigInt.asUintN(24, word)),
    cap: Number(BigInt.asUintN(40, word >> 192n)),
  };
}
