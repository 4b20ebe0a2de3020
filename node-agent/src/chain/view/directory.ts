/** The terms of a project as far as every node keeps them. */
export interface Seats {
  readonly fromEpoch: number;
  /** In the order of the seats, 0 for an empty one; the first is the home. */
  readonly nodeIds: readonly number[];
}

/**
 * Which project has which name of the zone, and which nodes have its seats: of all projects, so that the node can answer
 * for their names and pass requests on. It holds the two newest terms of each, which are those of the current and of the
 * next epoch, for terms are set for the next epoch at the latest.
 */
export interface Directory {
  claim(domain: string, projectId: bigint): void;
  /** Frees a name, unless it is another's: a rollback gives one back to its former project before it takes it from the next. */
  release(domain: string, projectId: bigint): void;
  /** Whose a name of the zone is. */
  projectAt(domain: string): bigint | undefined;
  /** Adds terms, or replaces those of the same epoch. Older than the two newest, they are passed over. */
  setSeats(projectId: bigint, seats: Seats): void;
  /** Takes back all terms of a project, so that others can be set. */
  clearSeats(projectId: bigint): void;
  /** The seats in an epoch, the current or the next; undefined where there were none yet. */
  seatsAt(projectId: bigint, epoch: number): Seats | undefined;
}

/** Source: `SEATS` in contracts/types/Terms.sol. */
const SEATS = 8;
/** Terms are a row of numbers: the first epoch, how many seats (one more, 0 is no terms), and their nodes. */
const WIDTH = 2 + SEATS;
const FIRST_ROOM = 1_024;

/** @param zone The network's own domain; of names outside of it, which several projects may claim, nothing is kept. */
export function createDirectory(zone: string): Directory {
  const suffix = `.${zone}`;
  const names = new Map<string, number>();
  const places = new Map<number, number>();
  // Typed arrays lie outside of the heap: a hundred thousand projects take 8 MB, and no time of the garbage collector.
  let older = new Uint32Array(FIRST_ROOM * WIDTH);
  let newer = new Uint32Array(FIRST_ROOM * WIDTH);

  function placeOf(projectId: bigint): number {
    const id = Number(projectId);
    const known = places.get(id);
    if (known !== undefined) return known;
    const place = places.size * WIDTH;
    places.set(id, place);
    if (place === newer.length) [older, newer] = [twice(older), twice(newer)];
    return place;
  }

  return {
    claim(domain, projectId) {
      if (domain.endsWith(suffix)) names.set(domain, Number(projectId));
    },
    release(domain, projectId) {
      if (names.get(domain) === Number(projectId)) names.delete(domain);
    },
    projectAt(domain) {
      const id = names.get(domain);
      return id === undefined ? undefined : BigInt(id);
    },
    setSeats(projectId, seats) {
      const place = placeOf(projectId);
      const [newest, before] = [readSeats(newer, place), readSeats(older, place)];
      if (newest === undefined || seats.fromEpoch >= newest.fromEpoch) {
        if (newest !== undefined && seats.fromEpoch > newest.fromEpoch)
          older.set(newer.subarray(place, place + WIDTH), place);
        writeSeats(newer, place, seats);
      } else if (before === undefined || seats.fromEpoch >= before.fromEpoch) {
        writeSeats(older, place, seats);
      }
    },
    clearSeats(projectId) {
      const place = places.get(Number(projectId));
      if (place === undefined) return;
      for (const words of [older, newer]) words.fill(0, place, place + WIDTH);
    },
    seatsAt(projectId, epoch) {
      const place = places.get(Number(projectId));
      if (place === undefined) return undefined;
      return [readSeats(newer, place), readSeats(older, place)].find(
        (seats) => seats !== undefined && seats.fromEpoch <= epoch,
      );
    },
  };
}

function readSeats(words: Uint32Array, place: number): Seats | undefined {
  const [fromEpoch = 0, count = 0] = words.subarray(place, place + 2);
  if (count === 0) return undefined;
  return { fromEpoch, nodeIds: [...words.subarray(place + 2, place + 1 + count)] };
}

function writeSeats(words: Uint32Array, place: number, { fromEpoch, nodeIds }: Seats): void {
  const kept = nodeIds.slice(0, SEATS);
  words.set([fromEpoch, kept.length + 1, ...kept], place);
}

function twice(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(words.length * 2);
  more.set(words);
  return more;
}
