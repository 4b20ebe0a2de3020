import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { closeGently } from "./closeGently.ts";

export interface SpliceOptions {
  readonly visitor: Socket;
  /** What the visitor sent behind its head already. */
  readonly head: Buffer;
  readonly upstream: Duplex;
  /** Headers of the 101 response, names and values in turn. */
  readonly headers: readonly string[];
  /** Is told of what the visitor sends, and of how much comes back. */
  readonly onIngress: (chunk: Buffer) => void;
  readonly onEgress: (bytes: number) => void;
  /** The upstream is free again. */
  readonly onDone: () => void;
}

const LINGER_MS = 2_000;

/** Answers 101 and joins both ends until one of them closes. */
export function spliceWebSocket(options: SpliceOptions): void {
  const { visitor, upstream, onIngress, onEgress } = options;
  // What came before an error is the visitor's; `close` follows it.
  upstream.on("error", () => {});
  visitor.on("error", () => upstream.destroy());
  upstream.once("close", () => {
    closeGently(visitor);
    options.onDone();
  });
  visitor.once("close", () => closeSoon(upstream));
  if (visitor.destroyed) {
    upstream.destroy();
    return;
  }
  visitor.setTimeout(0);
  visitor.setNoDelay(true);
  visitor.write(responseHead(options.headers), "latin1");
  if (options.head.length > 0) {
    onIngress(options.head);
    upstream.write(options.head);
  }
  pump(visitor, upstream, onIngress);
  pump(upstream, visitor, (chunk) => onEgress(chunk.length));
  // A WebSocket that is half closed is of no use to either side.
  for (const end of [visitor, upstream]) {
    end.once("end", () => {
      closeGently(visitor);
      closeSoon(upstream);
    });
  }
}

function pump(from: Duplex, to: Duplex, onBytes: (chunk: Buffer) => void): void {
  from.on("data", (chunk: Buffer) => {
    if (to.destroyed || to.writableEnded) return;
    onBytes(chunk);
    if (!to.write(chunk)) from.pause();
  });
  to.on("drain", () => from.resume());
}

/** Lets the last bytes through, but waits for nobody who does not read them. */
function closeSoon(end: Duplex): void {
  if (end.destroyed) return;
  const cut = setTimeout(() => end.destroy(), LINGER_MS);
  end.once("close", () => clearTimeout(cut));
  if (end.writableFinished) end.destroy();
  else end.end(() => end.destroy());
}

function responseHead(headers: readonly string[]): string {
  let head = "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n";
  for (let index = 0; index + 1 < headers.length; index += 2) {
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  return `${head}\r\n`;
}
