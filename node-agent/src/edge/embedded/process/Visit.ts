import type { IncomingMessage, ServerResponse } from "node:http";
import type { PassThrough } from "node:stream";
import { Traffic } from "../../common/Traffic.ts";
import type { CutRequest } from "../../Load.ts";
import { networkOf } from "../../networkOf.ts";
import { newRefusalId, type Refusal } from "../../Refusal.ts";
import type { Visitor } from "../../Visitor.ts";
import { announcedTooLarge, bodyTooLarge } from "./bodyLimit.ts";
import { framingMark } from "./bodyless.ts";
import { type Choice, chooseTarget, type Passed, type Tenant } from "./chooseTarget.ts";
import type { EdgeContext } from "./EdgeContext.ts";
import { failureRefusal } from "./failureRefusal.ts";
import { guarded } from "./guarded.ts";
import { headRefusal } from "./headRefusal.ts";
import { LIMITS } from "./limits.ts";
import { Relay } from "./Relay.ts";
import { type RequestTarget, readTarget } from "./readTarget.ts";
import { refuse } from "./refuse.ts";
import { requestHeaders } from "./requestHeaders.ts";
import type { Occupant, Upstream } from "./Upstreams.ts";
import { discardBody, hasBody, uploadBody } from "./uploadBody.ts";
import type { WakeOutcome } from "./WakeQueue.ts";

export interface VisitOptions {
  readonly edge: EdgeContext;
  readonly visitor: Visitor;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Whether the visitor waits for a 100 before it sends its body. */
  readonly expectsContinue?: boolean;
  /** What came behind the head of a WebSocket's request; absent for all others. */
  readonly upgradeHead?: Buffer;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** The upstream's socket has no listener. */
const UNREACHED: ReadonlySet<string> = new Set(["ENOENT", "ECONNREFUSED"]);
const FINAL_ERRORS: ReadonlySet<string> = new Set(["UND_ERR_INVALID_ARG", "UND_ERR_HEADERS_TIMEOUT"]);

/** One request of a visitor, from its head to the end of its response. */
export class Visit implements Occupant {
  /** Waiting for a cell does not count. */
  sinceMs = performance.now();
  traffic: Traffic;
  readonly isWebSocket: boolean;
  readonly #options: VisitOptions;
  readonly #hasBody: boolean;
  #attempts = 0;
  #isGone = false;
  #relay: Relay | undefined;
  #attempt: Passed | undefined;
  #leaveQueue: (() => void) | undefined;
  #hasMissedCell = false;

  constructor(options: VisitOptions) {
    this.#options = options;
    this.isWebSocket = options.visitor.protocol === "websocket";
    this.traffic = new Traffic(this.sinceMs, !this.isWebSocket);
    this.#hasBody = !this.isWebSocket && hasBody(options.request);
  }

  get isPending(): boolean {
    return this.#relay?.hasAnswered !== true;
  }

  start(): void {
    const { request, response } = this.#options;
    if (this.#hasBody) response.once("finish", () => discardBody(request));
    const refusal = headRefusal(request);
    const target = refusal ?? readTarget(request);
    if ("code" in target) this.#refuse(target);
    else this.#follow(target);
  }

  /** The visitor's connection is closed. */
  abandon(): void {
    this.#isGone = true;
    this.#leaveQueue?.();
    this.#relay?.abort();
  }

  cut(refusal: Refusal): CutRequest | undefined {
    const { upstream, tenant } = this.#attempt ?? {};
    const relay = this.#relay;
    if (this.#isGone || relay === undefined || upstream === undefined || tenant === undefined)
      return undefined;
    const id = newRefusalId();
    this.#relay = undefined;
    relay.abort();
    if (relay.hasAnswered) relay.breakOff();
    else this.#refuse({ ...refusal, version: tenant.version, id });
    return { ...tenant, upstream, code: refusal.code, id };
  }

  /** To where the host leads now: routes change, and a second attempt goes by the new one. */
  #follow(target: RequestTarget): void {
    const choice = this.#choose(target);
    if (choice.kind === "refused") this.#refuse(choice.refusal);
    else if (choice.kind === "sleeping") this.#wait(target, choice.tenant);
    else this.#send(target, choice);
  }

  #choose(target: RequestTarget): Choice {
    const { edge, request, visitor } = this.#options;
    return chooseTarget(edge, target, {
      ...visitor,
      wantedVersion: request.headers["worker3-version"]?.toString(),
    });
  }

  #wait(target: RequestTarget, { projectId, version }: Tenant): void {
    const { edge, visitor } = this.#options;
    const settle = this.#settling((outcome) => {
      const message = "the project did not start in time";
      if (outcome === "routed") this.#follow(target);
      else this.#refuse({ status: 503, code: "CELL_START_TIMEOUT", message, retryAfterSeconds: 5, version });
    });
    this.#leaveQueue = edge.wakes.wait(projectId, settle, { client: networkOf(visitor.address) });
    if (this.#leaveQueue !== undefined) return;
    const message = "too many requests wait for the project to start";
    this.#refuse({ status: 503, code: "TOO_MANY_WAITING", message, retryAfterSeconds: 1, version });
  }

  #settling(settle: (outcome: WakeOutcome) => void): (outcome: WakeOutcome) => void {
    return (outcome) => {
      this.#leaveQueue = undefined;
      this.#guarded(() => settle(outcome));
    };
  }

  #guarded(handle: () => void): void {
    guarded(this.#options.edge, this.#options.request.socket, handle);
  }

  #send(target: RequestTarget, attempt: Passed): void {
    const { edge, visitor, request, response, upgradeHead } = this.#options;
    const { kind, tenant } = attempt;
    if (this.#isGone) return;
    this.sinceMs = performance.now();
    this.traffic = new Traffic(this.sinceMs, !this.isWebSocket);
    const maxBodyBytes = attempt.bodyBytes ?? edge.requestLimits.bodyBytes;
    const refusal = kind === "agent" ? this.#tooOften(target) : announcedTooLarge(request, maxBodyBytes);
    const upstream = refusal ?? edge.upstreams.acquire(attempt, this, visitor);
    if ("code" in upstream) {
      this.#refuse(upstream);
      return;
    }
    this.#attempts += 1;
    this.#attempt = attempt;
    const relay = new Relay({
      response,
      nodeId: edge.nodeId,
      to: attempt,
      counter: edge.counter,
      egress: edge.egress,
      connection: request.socket,
      upgradeHead,
      close: edge.isClosing,
      onCarried: (carried) => edge.upstreams.carry(upstream, this, carried),
      onDone: () => edge.upstreams.release(upstream, this),
      onFailed: (error, hasAnswered) =>
        this.#guarded(() => this.#failed(error, { hasAnswered, target, attempt, upstream })),
    });
    this.#relay = relay;
    upstream.pool.dispatch(
      {
        path: target.path,
        method: request.method ?? "GET",
        headers: requestHeaders({
          raw: request.rawHeaders,
          visitor,
          nodeId: edge.nodeId,
          framing: this.#hasBody || this.isWebSocket ? [] : framingMark(request),
          keepWorker3: kind === "agent",
          forwarded: kind === "remote" ? tenant : undefined,
        }),
        body: this.#hasBody ? this.#body(upstream, maxBodyBytes) : null,
        upgrade: this.isWebSocket ? "websocket" : null,
      },
      relay,
    );
  }

  /** The node itself is asked by strangers. */
  #tooOften({ path }: RequestTarget): Refusal | undefined {
    const { edge, request, visitor } = this.#options;
    // A second attempt is this process's own doing.
    if (this.#attempts > 0) return undefined;
    const { method, rawHeaders } = request;
    return edge.ownHostRates.admit({ method, rawHeaders, path }, visitor, performance.now());
  }

  #body(upstream: Upstream, maxBytes: number): PassThrough {
    const { edge, request, response, expectsContinue } = this.#options;
    if (expectsContinue) response.writeContinue();
    let bytes = 0;
    return uploadBody(request, (givenBytes) => {
      bytes += givenBytes;
      edge.upstreams.carry(upstream, this, { givenBytes });
      // The agent has bounds of its own: what is at it is not cut.
      if (bytes > maxBytes) this.cut(bodyTooLarge(maxBytes));
    });
  }

  #failed(
    error: Error,
    context: {
      readonly hasAnswered: boolean;
      readonly target: RequestTarget;
      readonly attempt: Passed;
      readonly upstream: Upstream;
    },
  ): void {
    const { edge } = this.#options;
    const { kind, upstream, tenant } = context.attempt;
    const code = "code" in error ? String(error.code) : "";
    if (tenant !== undefined && code !== "UND_ERR_INVALID_ARG") {
      edge.trouble(upstream, `${code} ${error.message}`.trim());
    }
    if (context.hasAnswered) {
      this.#relay?.breakOff();
    } else if (kind === "cell" && UNREACHED.has(code) && !this.#hasBody && !this.#hasMissedCell) {
      this.#hasMissedCell = true;
      this.#awaitCell(context.target, { upstream, tenant }, code);
    } else if (this.#attempts === 1 && this.#isRepeatable(code)) {
      this.#follow(context.target);
    } else {
      const { endedBy } = context.upstream;
      this.#refuse(
        endedBy === undefined
          ? failureRefusal(code, tenant?.version)
          : { ...endedBy, version: tenant?.version },
      );
    }
  }

  /** Nothing of the request reached a cell that is gone; the agent is about to route elsewhere, or has to be told. */
  #awaitCell(target: RequestTarget, gone: { upstream: string; tenant: Tenant }, errorCode: string): void {
    const { edge, visitor } = this.#options;
    const { projectId, version } = gone.tenant;
    const choice = this.#choose(target);
    if (choice.kind !== "cell" || choice.upstream !== gone.upstream) {
      this.#follow(target);
      return;
    }
    this.#leaveQueue = edge.wakes.wait(
      projectId,
      this.#settling((outcome) => {
        if (outcome === "routed") this.#follow(target);
        else this.#refuse(failureRefusal(errorCode, version));
      }),
      { client: networkOf(visitor.address), waitMs: LIMITS.deadCellMs },
    );
    if (this.#leaveQueue === undefined) this.#refuse(failureRefusal(errorCode, version));
  }

  #isRepeatable(errorCode: string): boolean {
    const { method = "" } = this.#options.request;
    return IDEMPOTENT.has(method) && !this.#hasBody && !FINAL_ERRORS.has(errorCode);
  }

  #refuse(refusal: Refusal): void {
    if (this.#isGone) return;
    const { edge, response } = this.#options;
    refuse(response, refusal, { nodeId: edge.nodeId, close: edge.isClosing });
  }
}
