import assert from "node:assert/strict";
import { MessageCounter } from "./MessageCounter.ts";

/** A frame as a client sends it (RFC 6455, 5.2), with its payload left as it is. */
function frame(opcode: number, payloadBytes: number, { isLast = true, isMasked = true } = {}): Buffer {
  const length =
    payloadBytes < 126
      ? Buffer.from([payloadBytes])
      : payloadBytes < 65_536
        ? Buffer.from([126, payloadBytes >> 8, payloadBytes & 255])
        : Buffer.from([
            127,
            0,
            0,
            0,
            0,
            payloadBytes >> 24,
            payloadBytes >> 16,
            payloadBytes >> 8,
            payloadBytes,
          ]);
  const [first = 0, ...rest] = length;
  const head = [(isLast ? 0x80 : 0) | opcode, (isMasked ? 0x80 : 0) | first, ...rest];
  return Buffer.concat([
    Buffer.from(head),
    Buffer.alloc(isMasked ? 4 : 0, 1),
    Buffer.alloc(payloadBytes, 0x81),
  ]);
}

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];
const SIZES = [0, 1, 125, 126, 300, 65_535, 65_536, 70_000];

describe("messages of a WebSocket", () => {
  it("are counted, whatever their size and wherever they are split", () => {
    const bytes = Buffer.concat(
      SIZES.flatMap((size) => [frame(TEXT, size), frame(BINARY, size, { isMasked: false })]),
    );
    for (const pieceBytes of [1, 2, 3, 7, 1_000, 65_536, bytes.length]) {
      const counter = new MessageCounter();
      let messages = 0;
      for (let at = 0; at < bytes.length; at += pieceBytes)
        messages += counter.count(bytes.subarray(at, at + pieceBytes));
      assert.equal(messages, 2 * SIZES.length, `in pieces of ${pieceBytes}`);
    }
  });

  it("are one however many frames they have; pings count, pongs and the end do not", () => {
    const frames = [
      frame(TEXT, 10, { isLast: false }),
      frame(PING, 4),
      frame(CONTINUATION, 10, { isLast: false }),
      frame(CONTINUATION, 10),
      frame(PONG, 4),
      frame(CLOSE, 2),
    ];
    assert.deepEqual(
      frames.map((bytes) => new MessageCounter().count(bytes)),
      [0, 1, 0, 1, 0, 0],
    );
    assert.equal(new MessageCounter().count(Buffer.concat(frames)), 2);
  });
});
