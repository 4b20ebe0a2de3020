import { ProtocolError } from "./ProtocolError.ts";

/**
 * A project's terms in one word: `seats 8 x uint24 | cap 40 | fromEpoch 24`, from the low bits up. Seat 0 is the home;
 * a seat of 0 is empty. The zero word means: no terms.
 *
 * Source: contracts/types/Terms.sol; this file mirrors that one.
 */
export interface Terms {
  /** The nodes in the order of their seats, up to the last one that is taken; 0 for an empty one between. */
  readonly nodeIds: readonly number[];
  /** What one seat may charge in one epoch, in base units. */
  readonly cap: bigint;
  /** The first epoch that is judged by these terms. */
  readonly fromEpoch: number;
}

export const SEATS = 8;

const SEAT_BITS = 24n;
const SEAT_MASK = (1n << SEAT_BITS) - 1n;
const SEAT_SIZE = 2 ** 24;
const CAP_SHIFT = 192n;
const CAP_MASK = (1n << 40n) - 1n;
const EPOCH_SHIFT = 232n;
const EPOCH_MASK = (1n << 24n) - 1n;

/**
 * Packs terms into their word.
 *
 * @throws {ProtocolError} `SEAT_COUNT_OUT_OF_RANGE`, `NODE_SEATED_TWICE`, or `OUT_OF_RANGE` for what does not fit its field.
 */
export function packTerms({ nodeIds, cap, fromEpoch }: Terms): bigint {
  if (nodeIds.length > SEATS) {
    throw new ProtocolError({
      code: "SEAT_COUNT_OUT_OF_RANGE",
      message: "a project has at most 8 seats",
      value: String(nodeIds.length),
    });
  }
  const taken = nodeIds.filter((nodeId) => nodeId !== 0);
  const twice = taken.find((nodeId, i) => taken.indexOf(nodeId) !== i);
  if (twice !== undefined) {
    throw new ProtocolError({
      code: "NODE_SEATED_TWICE",
      message: "a node cannot hold two seats of a project",
      value: String(twice),
      next: "name each node once",
    });
  }
  const seats = nodeIds.reduce(
    (word, nodeId, seat) => word | (fit(BigInt(nodeId), SEAT_MASK, "node id") << (SEAT_BITS * BigInt(seat))),
    0n,
  );
  return (
    seats |
    (fit(cap, CAP_MASK, "cap") << CAP_SHIFT) |
    (fit(BigInt(fromEpoch), EPOCH_MASK, "epoch") << EPOCH_SHIFT)
  );
}

/** What a terms word says. */
export function unpackTerms(word: bigint): Terms {
  const seats = takenSeats(word);
  const length = seats.findLastIndex((nodeId) => nodeId !== 0) + 1;
  return {
    nodeIds: seats.slice(0, length),
    cap: capOf(word),
    fromEpoch: Number(word >> EPOCH_SHIFT),
  };
}

/** What one seat may charge in one epoch, in base units. */
export function capOf(word: bigint): bigint {
  return (word >> CAP_SHIFT) & CAP_MASK;
}

/** The node in a seat (0 to 7); 0 when it is empty. */
export function nodeAt(word: bigint, seat: number): number {
  return Number((word >> (SEAT_BITS * BigInt(seat))) & SEAT_MASK);
}

/** The seat of a node; undefined when it has none. */
export function seatOf(word: bigint, nodeId: number): number | undefined {
  if (nodeId === 0) return undefined;
  const seat = takenSeats(word).indexOf(nodeId);
  return seat === -1 ? undefined : seat;
}

/** A bit for each seat that is taken. */
export function seatBits(word: bigint): number {
  return takenSeats(word).reduce((bits, nodeId, seat) => (nodeId === 0 ? bits : bits | (1 << seat)), 0);
}

/** The same cap and epoch with `nodeId` in `seat`; 0 empties it. */
export function withSeat(word: bigint, seat: number, nodeId: number): bigint {
  const shift = SEAT_BITS * BigInt(seat);
  return (word & ~(SEAT_MASK << shift)) | (fit(BigInt(nodeId), SEAT_MASK, "node id") << shift);
}

/** The same seats and epoch with another cap, in base units. */
export function withCap(word: bigint, cap: bigint): bigint {
  return (word & ~(CAP_MASK << CAP_SHIFT)) | (fit(cap, CAP_MASK, "cap") << CAP_SHIFT);
}

/** The same seats and cap, counting from another epoch. */
export function withFromEpoch(word: bigint, fromEpoch: number): bigint {
  return (word & ((1n << EPOCH_SHIFT) - 1n)) | (fit(BigInt(fromEpoch), EPOCH_MASK, "epoch") << EPOCH_SHIFT);
}

/** The seats up to the last pair with a taken one: two at a time, because shifting a whole word is what takes time. */
function takenSeats(word: bigint): number[] {
  const seats: number[] = [];
  for (let rest = BigInt.asUintN(192, word); rest !== 0n; rest >>= 2n * SEAT_BITS) {
    const pair = Number(BigInt.asUintN(48, rest));
    seats.push(pair % SEAT_SIZE, Math.floor(pair / SEAT_SIZE));
  }
  return seats;
}

function fit(value: bigint, mask: bigint, what: string): bigint {
  if (value >= 0n && value <= mask) return value;
  throw new ProtocolError({
    code: "OUT_OF_RANGE",
    message: `a ${what} in terms is 0 to ${mask}`,
    value: String(value),
  });
}
