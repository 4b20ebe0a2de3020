import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import type { Counter } from "../../common/Counter.ts";
import { MessageCounter } from "../../common/MessageCounter.ts";
import type { Carried } from "../../common/Traffic.ts";
import { breakOff } from "./breakOff.ts";
import type { Passed } from "./chooseTarget.ts";
import type { Egress } from "./Egress.ts";
import { type ResponseHead, responseHead } from "./responseHead.ts";
import { spliceWebSocket } from "./spliceWebSocket.ts";

export interface RelayOptions {
  readonly response: ServerResponse;
  readonly nodeId: number;
  /** Who answers, and for whom it is counted: the agent itself is not. */
  readonly to: Passed;
  readonly counter: Counter;
  readonly egress: Egress;
  /** The visitor's connection. */
  readonly connection: Socket;
  /** What a visitor who upgrades sent behind its head; absent where it does not. */
  readonly upgradeHead: Buffer | undefined;
  /** Whether the visitor's connection ends with this response. */
  readonly close: boolean;
  /** Is told what the response takes, and what a WebSocket gives besides. */
  readonly onCarried: (carried: Partial<Carried>) => void;
  /** The upstream is done with the request. Called once. */
  readonly onDone: () => void;
  /** The upstream failed; `hasAnswered` tells whether a response head went out. Not called after `abort`. */
  readonly onFailed: (error: Error, hasAnswered: boolean) => void;
}

/** Passes one response of an upstream on to its visitor as it comes, and counts it. */
export class Relay implements Dispatcher.DispatchHandler {
  readonly #options: RelayOptions;
  #controller: Dispatcher.DispatchController | undefined;
  #isAborted = false;
  #isPaused = false;
  #hasAnswered = false;
  #hasLength = false;
  #isDone = false;
  /** The project that a response is counted for. */
  #countsFor: string | undefined;
  #spliced: Duplex | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Whether a response head went out. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** Ends a response that has begun and gets no end: so that its visitor sees it. */
  breakOff(): void {
    // The end of a WebSocket without its closing frame says it, and follows the upstream's.
    if (this.#spliced === undefined) breakOff(this.#options.response, { hasLength: this.#hasLength });
  }

  /** Ends the upstream's side: nobody waits for more. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#spliced?.destroy();
    if (!this.#isDone) this.#controller?.abort(new Error("nobody waits for the response"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isAborted) controller.abort(new Error("nobody waits for the response"));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    answered: number,
    _: unknown,
    answeredText?: string,
  ): void {
    // Other interim responses are not passed on: HTTP/1.0 visitors and many libraries do not expect them.
    if (answered < 200) return;
    const { response } = this.#options;
    const { status, headers } = this.#head(controller, answered);
    const text = status === answered ? answeredText : STATUS_CODES[status];
    if (this.#options.close) headers.push("connection", "close");
    // Throws at what must not stand in a head; undici then hands it to onResponseError.
    if (text !== undefined && /^[\t\x20-\x7e]+$/.test(text)) response.writeHead(status, text, headers);
    else response.writeHead(status, headers);
    this.#hasAnswered = true;
    this.#hasLength = headers.some(
      (name, index) => index % 2 === 0 && name.toLowerCase() === "content-length",
    );
    this.#count(headers);
    // A head without a body yet goes out by itself; with one in the same packet, both go together.
    process.nextTick(flushHead, response);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { response } = this.#options;
    if (response.destroyed) return;
    this.#countEgress(chunk.length);
    if (response.write(chunk) || this.#isPaused) return;
    this.#isPaused = true;
    controller.pause();
    response.once("drain", () => {
      this.#isPaused = false;
      controller.resume();
    });
  }

  onResponseEnd(): void {
    this.#options.response.end();
    this.#done();
  }

  onResponseError(_: unknown, error: Error): void {
    const wasDone = this.#isDone;
    this.#done();
    if (!this.#isAborted && !wasDone) this.#options.onFailed(error, this.#hasAnswered);
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    _: unknown,
    upstream: Duplex,
  ): void {
    const { response, upgradeHead } = this.#options;
    const visitor = response.socket;
    if (visitor === null || this.#isAborted || upgradeHead === undefined) {
      upstream.on("error", () => {}).destroy();
      this.#done();
      return;
    }
    this.#hasAnswered = true;
    this.#spliced = upstream;
    response.detachSocket(visitor);
    const { headers } = this.#head(controller, status);
    this.#count(headers);
    const messages = new MessageCounter();
    spliceWebSocket({
      visitor,
      head: upgradeHead,
      upstream,
      headers,
      onIngress: (chunk) =>
        this.#options.onCarried({ messages: messages.count(chunk), givenBytes: chunk.length }),
      onEgress: (bytes) => this.#countEgress(bytes),
      onDone: () => this.#done(),
    });
  }

  #head(controller: Dispatcher.DispatchController, status: number): ResponseHead {
    const raw = Array.isArray(controller.rawHeaders) ? controller.rawHeaders : [];
    const { nodeId, to } = this.#options;
    // The agent and other nodes speak for the platform, and say themselves which version answered.
    const version = to.kind === "cell" ? to.tenant.version : undefined;
    return responseHead({ raw, status, nodeId, version });
  }

  /** The platform's own answers do not count, another node's neither: it says `worker3-error` in them. */
  #count(headers: readonly string[]): void {
    const { to, counter } = this.#options;
    if (to.kind === "agent" || (to.kind === "remote" && headers.some(isErrorHeader))) return;
    this.#countsFor = to.tenant.projectId;
    counter.addRequest(this.#countsFor);
  }

  #countEgress(bytes: number): void {
    this.#options.onCarried({ takenBytes: bytes });
    const { egress, connection } = this.#options;
    if (this.#countsFor !== undefined) egress.add(connection, this.#countsFor, bytes);
  }

  #done(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#options.onDone();
  }
}

function isErrorHeader(name: string, index: number): boolean {
  return index % 2 === 0 && name.toLowerCase() === "worker3-error";
}

function flushHead(response: ServerResponse): void {
  if (!response.writableEnded && !response.destroyed) response.flushHeaders();
}
