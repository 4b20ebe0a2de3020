import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Capabilities,
  decodeIntentHeader,
  INTENT_HEADER,
  lens,
  type NetworkClient,
  parseDeploymentCid,
  projects,
  verifyCar,
  verifyUploadIntent,
  Worker3Error,
} from "@worker3/sdk";

/** One upload as the double saw it. */
export interface SeenUpload {
  readonly cid: string;
  readonly bytes: number;
  /** Who signed the intent; undefined where a version on chain names the CID and none was sent. */
  readonly signer: string | undefined;
  /** How many versions the project had on chain at that moment. */
  readonly versions: number;
}

/** A double of a node that takes content. */
export interface UploadDouble extends AsyncDisposable {
  readonly endpoint: string;
  readonly uploads: SeenUpload[];
  /** Every request: `PUT /.well-known/...`. */
  readonly asked: string[];
  /** What it holds: the bytes of a CAR by CID. */
  readonly held: Map<string, Uint8Array>;
  /** Answers so many uploads with 503. */
  busy: number;
  /** Refuses every upload with this code, before its body is sent. */
  refusal: string | undefined;
  /** Says that it serves what the chain names only from then on. */
  serves: boolean;
  /** What it says it can run; undefined: it does not say. */
  capabilities: Capabilities | undefined;
  /** Which chain it follows; set once there is one. */
  client: NetworkClient | undefined;
}

/** What nodes of today run. */
export const CAPABILITIES: Capabilities = {
  compatibilityDate: "2026-11-17",
  bindings: ["vars", "assets"],
  scriptBytes: 10_485_760,
};

/**
 * A double of a node: takes uploads as nodes do, checks the intent by the chain and every block of the CAR, and
 * says that it serves what it holds and the chain names. No agent is behind it; that one is tested end to end.
 */
export async function playUploads(): Promise<UploadDouble> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const double: UploadDouble = {
    endpoint: `http://127.0.0.1:${port}`,
    uploads: [],
    asked: [],
    held: new Map(),
    busy: 0,
    refusal: undefined,
    serves: true,
    capabilities: CAPABILITIES,
    client: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    double.asked.push(`${request.method} ${request.url}`);
    answer(double, request, response).catch((error: unknown) => {
      const { code, message } =
        error instanceof Worker3Error ? error : { code: "INTERNAL", message: String(error) };
      response.writeHead(403).end(JSON.stringify({ error: { code, message } }));
    });
  };
  server.on("request", handle).on("checkContinue", handle);
  return double;
}

async function answer(
  double: UploadDouble,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { client } = double;
  if (client === undefined) throw new Error("the double follows no chain");
  const [, cid] = /^\/\.well-known\/worker3\/car\/(\w+)$/.exec(request.url ?? "") ?? [];
  const [, id] = /^\/\.well-known\/worker3\/projects\/(\d+)$/.exec(request.url ?? "") ?? [];
  if (request.method === "GET" && request.url === "/.well-known/worker3/node") {
    const { capabilities } = double;
    response.end(JSON.stringify({ nodeId: 1, capabilities }));
  } else if (request.method === "PUT" && cid !== undefined)
    await takeCar(double, client, cid, request, response);
  else if (request.method === "GET" && id !== undefined) {
    response.end(JSON.stringify(await statusOf(double, client, BigInt(id))));
  } else response.writeHead(404).end();
}

async function takeCar(
  double: UploadDouble,
  client: NetworkClient,
  cid: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (double.busy > 0) {
    double.busy -= 1;
    response.writeHead(503, { "retry-after": "0" }).end();
    return;
  }
  if (double.refusal !== undefined) {
    throw new Worker3Error({ code: double.refusal, message: "The test says no." });
  }
  const { signer, versions } = await checkIntent(client, cid, request);
  response.writeContinue();
  const parts: Uint8Array[] = [];
  const source = (async function* () {
    for await (const part of request) {
      parts.push(part);
      yield part as Uint8Array;
    }
  })();
  for await (const _ of verifyCar(source, parseDeploymentCid(cid).cid));
  const bytes = Buffer.concat(parts);
  if (String(bytes.length) !== request.headers["content-length"])
    throw new Error("the length is not what it said");
  double.uploads.push({ cid, bytes: bytes.length, signer, versions });
  const status = double.held.has(cid) ? 200 : 201;
  double.held.set(cid, bytes);
  response.writeHead(status).end(JSON.stringify({ cid, ready: true }));
}

/** Without an intent a version of some project on chain has to name the CID. */
async function checkIntent(
  client: NetworkClient,
  cid: string,
  request: IncomingMessage,
): Promise<{ signer: string | undefined; versions: number }> {
  const header = request.headers[INTENT_HEADER];
  if (typeof header !== "string") {
    const last = await projects.projectCount(client);
    for (let id = 1n; id <= BigInt(last); id += 1n) {
      const { versions } = await lens.projectOf(client, { projectId: id });
      for (let version = 1; version <= versions; version += 1) {
        const content = await lens.versionOf(client, { projectId: id, version });
        if (content.cid === cid) return { signer: undefined, versions };
      }
    }
    throw new Worker3Error({ code: "CID_UNKNOWN", message: "No version names it, and there is no intent." });
  }
  const signed = decodeIntentHeader(header);
  const { projectId } = signed.intent;
  if (signed.intent.digest !== parseDeploymentCid(cid).digest)
    throw new Error("the intent is for other content");
  if (String(signed.intent.bytes) !== request.headers["content-length"])
    throw new Error("the intent is for another length");
  const { owner, versions } = await lens.projectOf(client, { projectId });
  const signer = await verifyUploadIntent({
    ...signed,
    network: client.network,
    owner,
    mayDeploy: (who) => projects.mayPropose(client, { projectId, who }),
    nowSeconds: Math.floor(Date.now() / 1000),
  });
  return { signer, versions };
}

async function statusOf(
  { held, serves }: UploadDouble,
  client: NetworkClient,
  projectId: bigint,
): Promise<object> {
  const { active, versions } = await lens.projectOf(client, { projectId });
  const ready: number[] = [];
  for (let version = 1; version <= versions; version += 1) {
    if (held.has((await lens.versionOf(client, { projectId, version })).cid)) ready.push(version);
  }
  const before = ready.filter((version) => version < active).at(-1) ?? 0;
  const shown = serves && ready.includes(active) ? active : before;
  return {
    projectId: String(projectId),
    wanted: active,
    active: shown,
    ready,
    role: "replica",
    state: "warm",
  };
}
