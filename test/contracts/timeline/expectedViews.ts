import assert from "node:assert/strict";
import { type Address, zeroAddress } from "viem";
import { AMOUNT, available, BOND, CAP, type OwnerName, type World } from "./world.ts";

/** Who plays which part. */
export interface People {
  owners: Record<OwnerName, Address>;
  nodeOwner: Address;
  operator: Address;
}

/** What the views of `setStage` should answer, in their order. */
export function expectedViews(world: World, { owners, nodeOwner, operator }: People): unknown[] {
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
      disputer: dispute ? owners[dispute.by] : zeroAddress,
      bond: dispute ? BOND : 0,
      amount: dispute ? AMOUNT : 0,
      feeBps: dispute ? 500 : 0,
    },
    receipt !== "none",
    {
      owner: nodeOwner,
      operator,
      pendingOwner: zeroAddress,
      region: 3,
      retiredFrom: stake.retiredFrom,
      acceptingUntil: 0,
      stake: stake.amount,
      thawing: stake.thawing,
      thawEpoch: stake.thawEpoch,
      endpoint: "https://node.example.org",
    },
    {
      owner: owners[world.owner],
      pendingOwner: world.owner === "first" ? owners.second : zeroAddress,
      nodeIds: newest.node === 0 ? [] : [newest.node],
      cap: CAP,
      fromEpoch: newest.from,
      closedFrom: world.closed ? newest.from : 0,
    },
    tokens.first,
    tokens.second,
    tokens.nodeOwner,
    tokens.escrow,
    tokens.nodes,
  ];
}

/** Of a project what the walks change. */
export function pickTerms(project: unknown): unknown {
  const { owner, pendingOwner, nodeIds, cap, fromEpoch, closedFrom } = project as Record<string, unknown>;
  return { owner, pendingOwner, nodeIds, cap, fromEpoch, closedFrom };
}
