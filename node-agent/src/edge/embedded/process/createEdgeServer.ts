import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { answerClientError } from "./answerClientError.ts";
import { closeGently, isClosing } from "./closeGently.ts";
import type { EdgeContext } from "./EdgeContext.ts";
import { guarded } from "./guarded.ts";
import { LIMITS } from "./limits.ts";
import { beginAnew, escapeTarget } from "./rawTarget.ts";
import { refuse } from "./refuse.ts";
import { type Turn, Turns } from "./Turns.ts";
import { throwAway } from "./throwAway.ts";
import { Visit, type VisitOptions } from "./Visit.ts";
import { visitorOf } from "./visitorOf.ts";
import { watchHalfClosed } from "./watchHalfClosed.ts";

/** The public HTTP server, not yet listening. */
export function createEdgeServer(edge: EdgeContext): Server {
  const connections = new WeakMap<Duplex, Turns>();
  const server = createServer({
    insecureHTTPParser: false,
    maxHeaderSize: LIMITS.requestHeadBytes,
    headersTimeout: LIMITS.headMs,
    // Uploads may take long; `uploadBody` ends those that stand still.
    requestTimeout: 0,
    connectionsCheckingInterval: 1_000,
    keepAliveTimeout: LIMITS.keepAliveMs,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    noDelay: true,
    // A missing Host is refused like an invalid one.
    requireHostHeader: false,
    // Any other protocol in `Upgrade` is an offer that a server may ignore (RFC 9110, 7.8), and so is one behind a request
    // whose answer is not through: the connection is still that one's.
    shouldUpgradeCallback: (request) =>
      isWebSocket(request) && connections.get(request.socket)?.isIdle !== false,
  });
  // Who ends its side behind a request still gets its answer. Node's own switch for that has no documentation.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.maxHeadersCount = 0;
  server.maxRequestsPerSocket = LIMITS.requestsPerConnection;

  const take = (socket: Socket, { start, ...turn }: Turn) => {
    if (isClosing(socket)) return;
    edge.connections.busy(socket);
    connections.get(socket)?.take({ ...turn, start: () => guarded(edge, socket, start) });
  };
  const begin = (options: Omit<VisitOptions, "edge" | "visitor">) => {
    const { request, response } = options;
    const { socket } = request;
    const visitor = visitorOf(request, { isWebSocket: options.upgradeHead !== undefined });
    if (visitor === undefined) return void socket.destroy();
    const visit = new Visit({ ...options, edge, visitor });
    take(socket, { response, start: () => visit.start(), abandon: () => visit.abandon() });
  };
  server.on("connection", (socket: Socket) => {
    // One that begins anew is known.
    if (connections.has(socket)) return;
    if (!edge.connections.admit(socket)) return;
    const turns = new Turns({
      isOver: () => socket.destroyed || isClosing(socket),
      onIdle: () => edge.connections.idle(socket),
      onFull: () => throwAway(socket),
    });
    connections.set(socket, turns);
    // Called by Node behind the last response of a connection.
    socket.destroySoon = () => closeGently(socket);
    socket.once("end", () => watchHalfClosed(socket));
    socket.once("close", () => turns.abandon());
  });
  server.on("request", (request, response) =>
    guarded(edge, request.socket, () => begin({ request, response })),
  );
  server.on("checkContinue", (request, response) =>
    guarded(edge, request.socket, () => begin({ request, response, expectsContinue: true })),
  );
  server.on("checkExpectation", ({ socket }, response) => {
    const message = "the request expects what this server does not do";
    const refusal = { status: 417, code: "EXPECTATION_FAILED", message };
    const start = () => refuse(response, refusal, { ...edge, close: true });
    guarded(edge, socket, () => take(socket, { response, start, abandon: () => {} }));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, upgradeHead: Buffer) => {
    socket.on("error", () => socket.destroy());
    guarded(edge, socket, () => {
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.assignSocket(socket);
      // As Node does for responses to what is no upgrade.
      socket.on("drain", () => response.emit("drain"));
      // After a refusal nothing more is read from this connection.
      response.once("finish", () => closeGently(socket));
      begin({ request, response, upgradeHead });
    });
  });
  server.on("clientError", (error, socket: Socket) =>
    guarded(edge, socket, () => {
      const open = connections.get(socket)?.open ?? [];
      const escaped = open.length === 0 && socket.writable ? escapeTarget(error) : undefined;
      if (escaped !== undefined && beginAnew(server, socket, escaped)) return;
      answerClientError(error, { socket, open, nodeId: edge.nodeId });
    }),
  );
  return server;
}

/** A WebSocket's request has no body; one with a body is served as if it had not asked for the upgrade. */
function isWebSocket(request: IncomingMessage): boolean {
  const { upgrade, "content-length": length, "transfer-encoding": encoding } = request.headers;
  return (
    request.method === "GET" &&
    upgrade?.trim().toLowerCase() === "websocket" &&
    encoding === undefined &&
    (length === undefined || length === "0")
  );
}
