import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { LineOrder, LineReport, LoadRow } from "../messages.ts";

export interface WatchLineOptions {
  readonly socketPath: string;
  /** Of every cell; told anew to who has just answered. */
  readonly loads: () => readonly LoadRow[];
  readonly onCut: (order: LineOrder) => void;
}

const AGAIN_MS = 100;

/** This process's end of an `EdgeLine`. Calls until somebody answers, and again where the line breaks. */
export class WatchLine {
  readonly #options: WatchLineOptions;
  #socket: Socket | undefined;
  #again: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: WatchLineOptions) {
    this.#options = options;
    this.#call();
  }

  /** Nobody at the other end misses anything: it is told everything when it answers. */
  tell(report: LineReport): void {
    if (this.#socket?.readyState === "open") this.#socket.write(`${JSON.stringify(report)}\n`);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#again);
    this.#socket?.destroy();
  }

  #call(): void {
    const { socketPath, loads, onCut } = this.#options;
    const socket = connect(socketPath);
    this.#socket = socket;
    socket.once("connect", () => this.tell({ type: "load", rows: loads() }));
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      if (!this.#isClosed) this.#again = setTimeout(() => this.#call(), AGAIN_MS);
    });
    createInterface({ input: socket }).on("line", (text) => {
      const order = JSON.parse(text) as LineOrder;
      onCut(order);
      this.tell({ type: "done", id: order.id });
    });
  }
}
