import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CID } from "multiformats/cid";

/** Where the root stands in a CAR whose header names one CIDv1 with a sha2-256 digest. */
const ROOT = { start: 14, end: 50 };

/**
 * How it treats a call, by its path; absent: it answers. `cut` breaks off in the middle of an answer, `deaf` reads nothing of
 * what is sent, `forget` keeps nothing of it, `lie` names CIDs that are none, `null` says it, `endless` says that it does not and never ends to.
 */
export type KuboTrouble =
  | "hang"
  | "deaf"
  | "forget"
  | "cut"
  | "refuse"
  | "noise"
  | "lie"
  | "null"
  | "redirect"
  | "endless";

/** A double of an IPFS daemon's RPC API. The daemon itself is in `npm run test:interop`. */
export interface PlayedKubo extends AsyncDisposable {
  readonly url: string;
  /** CARs that it has, by root. */
  readonly cars: Map<string, Uint8Array>;
  /** Names of its pins, by root; empty where a pin has none. */
  readonly pins: Map<string, string>;
  /** Calls so far: `pin/add bafy..`. */
  readonly calls: string[];
  /** The `authorization` headers that came. */
  readonly openers: Set<string | undefined>;
  readonly troubles: Map<string, KuboTrouble>;
  /** Its process dies: connections break and nobody listens; `rise` listens again at the same port. */
  die(): Promise<void>;
  rise(): Promise<void>;
}

export async function playKubo(): Promise<PlayedKubo> {
  const cars = new Map<string, Uint8Array>();
  const pins = new Map<string, string>();
  const calls: string[] = [];
  const openers = new Set<string | undefined>();
  const troubles: PlayedKubo["troubles"] = new Map();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://kubo");
    const call = pathname.replace("/api/v0/", "");
    const cid = searchParams.get("arg") ?? "";
    calls.push(`${call} ${cid}`.trim());
    openers.add(request.headers.authorization);
    const json = (body: object, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
    const refuse = (message: string) => json({ Message: message, Code: 0, Type: "error" }, 500);
    const trouble = troubles.get(call);
    if (trouble === "hang") return void request.resume();
    if (trouble === "deaf") return void request.pause();
    if (trouble === "forget") return void request.resume().on("end", () => response.end());
    if (trouble === "redirect") return void response.writeHead(307, { location: "/api/v0/pin/ls" }).end();
    if (trouble === "endless") {
      response.writeHead(500);
      const write = (): void =>
        void response.write("x".repeat(65_536), (error) => error ?? setImmediate(write));
      return write();
    }
    if (trouble === "refuse") return void refuse("merkledag: it does not");
    if (trouble === "noise") return void response.end("<html>\n");
    if (trouble === "lie") {
      const cid = "\u001b[2Jnone";
      request.resume();
      return void json({
        Cid: cid,
        Type: "recursive",
        Name: "mine",
        Pins: [cid],
        Root: { Cid: { "/": cid } },
      });
    }
    if (trouble === "null") return void request.resume().on("end", () => response.end("null\n"));
    if (trouble === "cut") {
      response.writeHead(200, { "content-length": 1_000_000 }).write("{");
      return void setImmediate(() => response.destroy());
    }
    switch (call) {
      case "version":
        return void json({ Version: "0.43.0" });
      case "dag/export": {
        const car = cars.get(cid);
        return void (car === undefined ? refuse(`ipld: could not find ${cid}`) : response.end(car));
      }
      case "dag/import": {
        const car = await uploaded(request);
        cars.set(CID.decode(car.subarray(ROOT.start, ROOT.end)).toString(), car);
        return void response.end();
      }
      case "pin/add":
        if (!cars.has(cid)) return void refuse(`ipld: could not find ${cid}`);
        pins.set(cid, searchParams.get("name") ?? "");
        return void json({ Pins: [cid] });
      case "pin/rm":
        return void (pins.delete(cid) ? json({ Pins: [cid] }) : refuse("not pinned or pinned indirectly"));
      case "pin/ls": {
        const name = searchParams.get("name");
        const isAsked = (root: string) =>
          cid === "" ? (pins.get(root) ?? "").includes(name ?? "") : root === cid;
        const told = searchParams.get("type") === "direct" ? [] : [...pins.keys()].filter(isAsked);
        if (cid !== "" && told.length === 0) return void refuse(`path '${cid}' is not pinned`);
        const lines = told.map((root) =>
          JSON.stringify({ Cid: root, Type: "recursive", Name: pins.get(root) }),
        );
        return void response.writeHead(200, { "content-type": "application/json" }).end(lines.join("\n"));
      }
      default:
        return void response.writeHead(404).end("404 page not found");
    }
  }

  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  const listen = (port: number) =>
    new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const die = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cars,
    pins,
    calls,
    openers,
    troubles,
    die,
    rise: () => listen(port),
    [Symbol.asyncDispose]: die,
  };
}

/** The one file of a form. */
async function uploaded(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  const form = Buffer.concat(parts);
  const [, boundary = ""] = /boundary=(.*)$/.exec(request.headers["content-type"] ?? "") ?? [];
  return new Uint8Array(form.subarray(form.indexOf("\r\n\r\n") + 4, form.lastIndexOf(`\r\n--${boundary}--`)));
}
