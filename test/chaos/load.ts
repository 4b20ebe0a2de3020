import { Agent } from "undici";
import { visit } from "../e2e/support/visit.ts";

/** A project as one node serves it. */
export interface Place {
  readonly projectId: string;
  readonly domain: string;
  readonly nodeId: number;
  readonly http: string;
  /** What its page says. */
  readonly text: string;
}

/** What the visitors of one place saw. */
export interface Seen {
  readonly place: Place;
  readonly sent: number;
  /** When each right answer was complete, by `performance.now`. */
  readonly answeredAtMs: readonly number[];
  /** How often each other answer came: a status with its code, or how the connection failed. */
  readonly others: ReadonlyMap<string, number>;
  /** Pages with status 200 that say something else. */
  readonly wrong: readonly string[];
}

export interface ChaosLoad {
  /** Ends it, and says what was seen of each place. */
  stop(): Promise<Seen[]>;
}

const PAUSE_MS = 20;

/** Visitors who ask each place again and again, one on a connection that is kept, one on a new one each time. */
export function startChaosLoad(places: readonly Place[]): ChaosLoad {
  let isOver = false;
  const running = places.map(async (place): Promise<Seen> => {
    const kept = new Agent({ connections: 1, pipelining: 1 });
    const answeredAtMs: number[] = [];
    const others = new Map<string, number>();
    const wrong: string[] = [];
    let sent = 0;
    const note = (what: string) => others.set(what, (others.get(what) ?? 0) + 1);
    const ask = async (options: Parameters<typeof visit>[3]) => {
      while (!isOver) {
        sent += 1;
        try {
          const { status, headers, body } = await visit(place.http, place.domain, "/", options);
          if (status !== 200) note(`${status} ${String(headers["worker3-error"])}`);
          else if (body.toString() === place.text) answeredAtMs.push(performance.now());
          else wrong.push(body.toString().slice(0, 200));
        } catch (error) {
          note(error instanceof Error && "code" in error ? String(error.code) : "connection failed");
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    };
    await Promise.all([ask({ dispatcher: kept }), ask({ headers: { connection: "close" } })]);
    await kept.close();
    return { place, sent, answeredAtMs, others, wrong };
  });
  return {
    stop() {
      isOver = true;
      return Promise.all(running);
    },
  };
}
