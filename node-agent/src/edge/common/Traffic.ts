/** What a request or WebSocket gave its cell and took from it. */
export interface Carried {
  /** WebSocket messages of the visitor. */
  readonly messages: number;
  /** Bytes of the request's body, or of the visitor's side of a WebSocket. */
  readonly givenBytes: number;
  /** Bytes of the response's body, or of the cell's side. */
  readonly takenBytes: number;
}

/** Looks are a tenth of a second apart. */
const BUCKET_MS = 100;
/** Nobody asks for what was longer ago. */
const KEPT_MS = 10_000;

/** What was carried for one request, as a whole and lately. One that is silent costs nothing. */
export class Traffic {
  #givenBytes = 0;
  #takenBytes = 0;
  #lastGivenMs: number;
  readonly #recent: { atMs: number; messages: number; givenBytes: number; takenBytes: number }[] = [];

  readonly #isBody: boolean;

  /**
   * @param nowMs - when it began: its head is the first that it gives.
   * @param isBody - whether what is given is one body; the messages of a WebSocket go by.
   */
  constructor(nowMs: number, isBody: boolean) {
    this.#lastGivenMs = nowMs;
    this.#isBody = isBody;
  }

  /** When it last gave the cell something to do. */
  get lastGivenMs(): number {
    return this.#lastGivenMs;
  }

  /** What the cell may hold of its body: what was given and did not come back. */
  get heldBytes(): number {
    return !this.#isBody ? 0 : Math.max(0, this.#givenBytes - this.#takenBytes);
  }

  add({ messages = 0, givenBytes = 0, takenBytes = 0 }: Partial<Carried>, nowMs: number): void {
    this.#givenBytes += givenBytes;
    this.#takenBytes += takenBytes;
    if (messages + givenBytes > 0) this.#lastGivenMs = nowMs;
    const last = this.#recent.at(-1);
    if (last !== undefined && nowMs - last.atMs < BUCKET_MS) {
      last.messages += messages;
      last.givenBytes += givenBytes;
      last.takenBytes += takenBytes;
      return;
    }
    this.#recent.push({ atMs: nowMs, messages, givenBytes, takenBytes });
    while ((this.#recent[0]?.atMs ?? nowMs) < nowMs - KEPT_MS) this.#recent.shift();
  }

  /** What was carried from a moment on, a tenth of a second more or less. */
  since(fromMs: number): Carried {
    const sum = { messages: 0, givenBytes: 0, takenBytes: 0 };
    for (const { atMs, messages, givenBytes, takenBytes } of this.#recent) {
      if (atMs + BUCKET_MS < fromMs) continue;
      sum.messages += messages;
      sum.givenBytes += givenBytes;
      sum.takenBytes += takenBytes;
    }
    return sum;
  }
}
