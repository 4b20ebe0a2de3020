/**
 * Counts the messages in one direction of a WebSocket, from its frames' heads alone (RFC 6455, 5.2): a data frame that
 * ends a message, and pings, which workerd answers. Where the bytes are no frames it counts something or nothing.
 */
export class MessageCounter {
  /** What is left of the frame at hand. */
  #leftBytes = 0;
  /** A head that is not whole yet. */
  readonly #head = Buffer.alloc(14);
  #headBytes = 0;

  /** @returns How many messages begin to end in this chunk: whose last frame's head does. */
  count(chunk: Buffer): number {
    let messages = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#leftBytes > 0) {
        const passed = Math.min(this.#leftBytes, chunk.length - at);
        this.#leftBytes -= passed;
        at += passed;
        continue;
      }
      this.#head[this.#headBytes] = chunk[at] ?? 0;
      this.#headBytes += 1;
      at += 1;
      if (this.#headBytes < headLength(this.#head, this.#headBytes)) continue;
      this.#headBytes = 0;
      this.#leftBytes = payloadLength(this.#head);
      if (isMessage(this.#head)) messages += 1;
    }
    return messages;
  }
}

function headLength(head: Buffer, known: number): number {
  if (known < 2) return 2;
  const length = (head[1] ?? 0) & 0x7f;
  const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
  return 2 + extended + (((head[1] ?? 0) & 0x80) === 0 ? 0 : 4);
}

function payloadLength(head: Buffer): number {
  const length = (head[1] ?? 0) & 0x7f;
  if (length === 126) return head.readUInt16BE(2);
  return length === 127 ? Number(head.readBigUInt64BE(2)) : length;
}

/** The last frame of a message (bit FIN), or a ping. */
function isMessage(head: Buffer): boolean {
  const first = head[0] ?? 0;
  const opcode = first & 0x0f;
  return (first & 0x80) !== 0 && (opcode < 8 || opcode === 9);
}
