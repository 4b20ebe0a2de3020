/**
 * Which seats of a project were counted in which of the last 28 epochs: `last 32 | 28 x 8 seat bits`, from the low bits
 * up. The byte of an epoch is `epoch % 28`, its bit is the seat. `last` is the newest epoch that the ring knows; moving
 * it forward clears what it passes.
 *
 * Source: contracts/types/Ring.sol; this file mirrors that one.
 */
export const RING_SPAN = 28;

const LAST_MASK = (1n << 32n) - 1n;
const SEATS_MASK = 0xffn;

/** A ring in which nothing is counted, and whose newest epoch is `epoch`. */
export function openRing(epoch: number): bigint {
  return BigInt(epoch);
}

/** The newest epoch that the ring knows. */
export function lastOfRing(ring: bigint): number {
  return Number(ring & LAST_MASK);
}

/** A bit for each seat counted in `epoch`. What the ring has forgotten reads as counted. */
export function countedSeats(ring: bigint, epoch: number): number {
  const newest = lastOfRing(ring);
  if (epoch > newest) return 0;
  if (epoch + RING_SPAN <= newest) return 0xff;
  return Number((ring >> shiftOf(epoch)) & SEATS_MASK);
}

/** Whether `seat` was counted in `epoch`. */
export function isSeatCounted(ring: bigint, epoch: number, seat: number): boolean {
  return ((countedSeats(ring, epoch) >> seat) & 1) === 1;
}

/** The ring with `seat` counted in `epoch`, which it must not have forgotten. */
export function markRing(ring: bigint, epoch: number, seat: number): bigint {
  const newest = lastOfRing(ring);
  let word = ring;
  if (epoch > newest) {
    if (epoch - newest >= RING_SPAN) {
      word = 0n;
    } else {
      for (let passed = newest + 1; passed <= epoch; passed++) word &= ~(SEATS_MASK << shiftOf(passed));
    }
    word = (word & ~LAST_MASK) | BigInt(epoch);
  }
  return word | (1n << (shiftOf(epoch) + BigInt(seat)));
}

/** The ring with `seat` not counted in `epoch`. */
export function unmarkRing(ring: bigint, epoch: number, seat: number): bigint {
  return ring & ~(1n << (shiftOf(epoch) + BigInt(seat)));
}

function shiftOf(epoch: number): bigint {
  return 32n + 8n * BigInt(epoch % RING_SPAN);
}
