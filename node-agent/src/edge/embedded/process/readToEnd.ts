import type { Socket } from "node:net";

/** How a write fails where the other side has closed: what it said before that is still to be read. */
const CLOSED: ReadonlySet<string> = new Set(["EPIPE", "ECONNRESET"]);

/**
 * Makes a connection to an upstream be read to its end whatever becomes of what is written. A server that answers without
 * reading a body closes then; the next write fails, for which Node destroys a connection together with the answer that is
 * in it. So such a failure is kept from the stream, and what is written later goes nowhere. The end of what there is to
 * read follows, and tells undici: a request whose response is not whole by then fails, and nothing is sent there again.
 */
export function readToEnd(socket: Socket): void {
  let isClosed = false;
  const { _write: write, _writev: writev, destroy } = socket;
  const settling = (done: (error?: Error | null) => void) => (error?: NodeJS.ErrnoException | null) => {
    isClosed ||= CLOSED.has(error?.code ?? "");
    done(isClosed ? null : error);
  };
  socket._write = (chunk, encoding, done) => {
    if (isClosed) done();
    else write.call(socket, chunk, encoding, settling(done));
  };
  if (writev !== undefined)
    socket._writev = (chunks, done) => {
      if (isClosed) done();
      else writev.call(socket, chunks, settling(done));
    };
  socket.destroy = (error?: NodeJS.ErrnoException) => {
    // A server that closes with something unread resets. What it said before may wait in the stream for a slow visitor.
    const isReset = error?.code === "ECONNRESET" && error.syscall === "read";
    if (!isReset || socket.destroyed || socket.readableEnded) return destroy.call(socket, error);
    socket.push(null);
    socket.read(0);
    return socket;
  };
}
