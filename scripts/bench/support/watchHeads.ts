/** What a chain's WebSocket tells of its blocks. */
export interface Heads extends Disposable {
  /** Resolves at the next header. */
  next(): Promise<void>;
  /** When the header of a block arrived here, as `performance.now()` tells it. */
  arrivedAt(blockNumber: bigint): number;
}

/** Subscribes to `newHeads`, with nothing between the socket and the clock. */
export async function watchHeads(rpcUrl: string): Promise<Heads> {
  const socket = new WebSocket(rpcUrl.replace(/^http/, "ws"));
  const arrived = new Map<bigint, number>();
  let told = Promise.withResolvers<void>();
  const subscribed = Promise.withResolvers<void>();
  socket.onopen = () => {
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
  };
  socket.onmessage = ({ data }) => {
    const now = performance.now();
    const { id, params } = JSON.parse(String(data)) as {
      id?: number;
      params?: { result: { number: string } };
    };
    if (id === 1) subscribed.resolve();
    if (params === undefined) return;
    arrived.set(BigInt(params.result.number), now);
    told.resolve();
    told = Promise.withResolvers();
  };
  socket.onclose = () => {
    const error = new Error(`the WebSocket of ${rpcUrl} is closed`);
    subscribed.reject(error);
    told.promise.catch(() => undefined);
    told.reject(error);
  };
  await subscribed.promise;
  return {
    next: () => told.promise,
    arrivedAt(blockNumber) {
      const at = arrived.get(blockNumber);
      if (at === undefined) throw new Error(`no WebSocket told of block ${blockNumber}`);
      return at;
    },
    [Symbol.dispose]: () => socket.close(),
  };
}
