import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { until } from "../../../testing/until.ts";
import { endsKey, readSendQueues, readSendQueuesAside } from "./sendQueues.ts";

describe("what the kernel has to send", () => {
  for (const [host, from] of [
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "::1"],
    // A socket for both families has an IPv4 visitor in IPv6's form.
    ["::", "127.0.0.1"],
  ] as const) {
    it(`is known of connections from ${from} to a server on ${host}`, async () => {
      const accepted: Socket[] = [];
      const server = createServer((socket) => accepted.push(socket.on("error", () => {})));
      await new Promise<void>((resolve) => server.listen(0, host, resolve));
      const address = server.address();
      assert.ok(typeof address === "object" && address !== null);
      const clients = [1, 2].map(() =>
        connect(address.port, from)
          .pause()
          .on("error", () => {}),
      );
      try {
        await until("both", () => accepted.length === 2);
        const [full, empty] = accepted.map((socket) => {
          const { localAddress = "", localPort = 0, remoteAddress = "", remotePort = 0 } = socket;
          const key = (from = remotePort) =>
            endsKey({ localAddress, localPort, remoteAddress, remotePort: from });
          return { socket, key: key(), other: key(1), isClosed: false };
        });
        assert.ok(full !== undefined && empty !== undefined);
        // Nobody reads: more than all buffers hold.
        full.socket.write(Buffer.alloc(32 << 20));
        empty.socket.write("x");
        await until("a queue", () => (readSendQueues([full, empty]).get(full) ?? 0) > 0);
        await until("none", () => readSendQueues([full, empty]).get(empty) === 0);
        // The same ends, of a connection that is closed, are not these.
        assert.equal(readSendQueues([{ ...full, isClosed: true }]).size, 0);
        assert.equal(readSendQueues([{ ...full, key: full.other }]).size, 0);
        assert.ok(((await readSendQueuesAside([full, empty])).get(full) ?? 0) > 0);
      } finally {
        for (const socket of [...clients, ...accepted]) socket.destroy();
        server.close();
      }
    });
  }
});
