import { abortable } from "./abortable.ts";
import { CarError } from "./errors.ts";

export interface ByteReader {
  /** Bytes received from the source so far: what was read and what waits to be read. */
  received(): number;
  /** The next byte, or undefined at the end. */
  byte(): Promise<number | undefined>;
  /** Exactly `length` bytes in an array of their own; `what` names them in the error. */
  exactly(length: number, what: string, block?: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Stops the source. */
  close(): Promise<void>;
}

/**
 * Reads an untrusted stream piece by piece. Holds the piece that is being read and, in `exactly`, the `length` bytes
 * that the caller allowed: many tiny pieces cost no more than few large ones.
 *
 * `CAR_LIMIT` when more than `limit` bytes arrive, `CAR_TRUNCATED` when `exactly` cannot be met; the signal's reason
 * when it aborts, even while the source hangs.
 */
export function byteReader(
  source: AsyncIterable<Uint8Array>,
  options: { limit: number; signal?: AbortSignal | undefined },
): ByteReader {
  const pieces = source[Symbol.asyncIterator]();
  const nextPiece = abortable(pieces, options.signal);
  let piece: Uint8Array = new Uint8Array(0);
  let offset = 0;
  let received = 0;
  let isDone = false;

  /** Goes to the next piece that is not empty; false at the end. */
  const advance = async (): Promise<boolean> => {
    while (offset === piece.length && !isDone) {
      const next = await nextPiece.next();
      if (next.done === true) {
        isDone = true;
        break;
      }
      piece = next.value;
      offset = 0;
      received += piece.length;
      if (received > options.limit) {
        throw new CarError({
          code: "CAR_LIMIT",
          message: `the CAR is larger than the ${options.limit} bytes that are taken`,
          value: String(received),
          received,
          next: "make the deployment smaller",
        });
      }
    }
    return offset < piece.length;
  };

  return {
    received: () => received,
    async byte() {
      if (offset === piece.length && !(await advance())) return undefined;
      return piece[offset++];
    },
    async exactly(length, what, block) {
      const bytes = new Uint8Array(length);
      let filled = 0;
      while (filled < length) {
        if (offset === piece.length && !(await advance()))
          throw truncated(what, length - filled, received, block);
        const part = piece.subarray(offset, offset + length - filled);
        bytes.set(part, filled);
        filled += part.length;
        offset += part.length;
      }
      return bytes;
    },
    async close() {
      nextPiece.dispose();
      // A source that hangs would hang its `return` too, so an aborted one is not waited for.
      const closing = isDone ? undefined : pieces.return?.();
      if (options.signal?.aborted === true) closing?.catch(() => undefined);
      else await closing;
    },
  };
}

/** The error of a stream that ends too early. */
export function truncated(what: string, missing: number, received: number, block?: number): CarError {
  return new CarError({
    code: "CAR_TRUNCATED",
    message: `the CAR ends after ${received} bytes, inside ${what}: at least ${missing} more were to come`,
    value: String(received),
    expected: `at least ${received + missing} bytes`,
    block,
    received,
    next: "send the whole CAR again",
  });
}
