import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { answerClientError } from "./answerClientError.ts";
import { closeGently, isClosing } from "./closeGently.ts";
import type { EdgeContext } from "./EdgeContext.ts";
import { LIMITS } from "./limits.ts";
import { beginAnew, escapeTarget } from "./rawTarget.ts";
import { refuse } from "./refuse.ts";
import { Visit, type VisitOptions } from "./Visit.ts";
import { visitorOf } from "./visitorOf.ts";
import { watchHalfClosed } from "./watchHalfClosed.ts";

/** The public HTTP server, not yet listening. */
export function createEdgeServer(edge: EdgeContext): Server {
  const visits = new WeakMap<Duplex, Map<ServerResponse, Visit>>();
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
    // Any other protocol in `Upgrade` is an offer that a server may ignore (RFC 9110, 7.8).
    shouldUpgradeCallback: isWebSocket,
  });
  // Who ends its side behind a request still gets its answer. Node's own switch for that has no documentation.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.maxHeadersCount = 0;
  server.maxRequestsPerSocket = LIMITS.requestsPerConnection;

  const begin = (options: Omit<VisitOptions, "edge" | "visitor">) => {
    const { socket } = options.request;
    if (isClosing(socket)) return;
    const visitor = visitorOf(options.request, { isWebSocket: options.upgradeHead !== undefined });
    if (visitor === undefined) return void socket.destroy();
    const visit = new Visit({ ...options, edge, visitor });
    const ofConnection = visits.get(socket);
    ofConnection?.set(options.response, visit);
    edge.connections.busy(socket);
    options.response.once("finish", () => {
      ofConnection?.delete(options.response);
      if (ofConnection?.size === 0) edge.connections.idle(socket);
    });
    visit.start();
  };
  server.on("connection", (socket: Socket) => {
    // One that begins anew is known.
    if (visits.has(socket)) return;
    if (!edge.connections.admit(socket)) return;
    const ofConnection = new Map<ServerResponse, Visit>();
    visits.set(socket, ofConnection);
    // Called by Node behind the last response of a connection.
    socket.destroySoon = () => closeGently(socket);
    socket.once("end", () => watchHalfClosed(socket));
    socket.once("close", () => {
      for (const visit of ofConnection.values()) visit.abandon();
    });
  });
  server.on("request", (request, response) => begin({ request, response }));
  server.on("checkContinue", (request, response) => begin({ request, response, expectsContinue: true }));
  server.on("checkExpectation", (_, response) => {
    const message = "the request expects what this server does not do";
    refuse(response, { status: 417, code: "EXPECTATION_FAILED", message }, { ...edge, close: true });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, upgradeHead: Buffer) => {
    socket.on("error", () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    // After a refusal nothing more is read from this connection.
    response.once("finish", () => closeGently(socket));
    begin({ request, response, upgradeHead });
  });
  server.on("clientError", (error, socket: Socket) => {
    const open = [...(visits.get(socket)?.keys() ?? [])];
    const escaped = open.length === 0 && socket.writable ? escapeTarget(error) : undefined;
    if (escaped !== undefined && beginAnew(server, socket, escaped)) return;
    answerClientError(error, { socket, open, nodeId: edge.nodeId });
  });
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
