/** Epochs that a ring remembers. */
const SPAN = 28;

/** What the seats of one project were counted for. */
export class SeatsCounted {
  readonly #seats = new Map<number, bigint>();
  last: number;

  constructor(epoch: number) {
    this.last = epoch;
  }

  reach(epoch: number): void {
    this.last = Math.max(this.last, epoch);
  }

  mark(epoch: number, seat: number): void {
    this.reach(epoch);
    this.#seats.set(epoch, this.countedIn(epoch) | (1n << BigInt(seat)));
  }

  countedIn(epoch: number): bigint {
    return this.#seats.get(epoch) ?? 0n;
  }

  /** As the contract packs it. */
  get word(): bigint {
    let word = BigInt(this.last);
    for (let epoch = Math.max(0, this.last - SPAN + 1); epoch <= this.last; epoch++) {
      word |= this.countedIn(epoch) << BigInt(32 + 8 * (epoch % SPAN));
    }
    return word;
  }
}
