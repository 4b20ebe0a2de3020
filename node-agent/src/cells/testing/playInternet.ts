/**
 * Plays the other side of a network for tests: `playInternet.ts NAME PORT ADDRESS... [dns=ADDRESS]`. Answers each HTTP
 * request at the addresses with `NAME ADDRESS`, one for `/to/HOST` with a redirect there, and is the resolver of `*.test`.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";

const [name = "", port = "80", ...rest] = process.argv.slice(2);
const PUBLIC = "93.184.215.14";
const METADATA = "169.254.169.254";
const asked = new Map<string, number>();

function addressOf(host: string): string | undefined {
  const times = asked.get(host) ?? 0;
  asked.set(host, times + 1);
  if (host === "public.test") return PUBLIC;
  if (host === "private.test") return "10.66.0.9";
  // Public when somebody checks it, private when somebody goes there.
  if (host === "rebind.test") return times === 0 ? PUBLIC : METADATA;
  return undefined;
}

/** One question in, one A record out, which nobody may keep. Source: RFC 1035, 4. */
function answer(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const isA = query.readUInt16BE(at + 1) === 1;
  const address = isA ? addressOf(labels.join(".").toLowerCase()) : undefined;
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8580, 2);
  header.writeUInt16BE(address === undefined ? 0 : 1, 6);
  header.fill(0, 8, 12);
  if (address === undefined) return Buffer.concat([header, question]);
  const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]);
  return Buffer.concat([header, question, record]);
}

for (const address of rest) {
  if (address.startsWith("dns=")) {
    const socket = createSocket("udp4");
    socket.on("message", (query, { port: from, address: to }) => socket.send(answer(query), from, to));
    socket.bind(53, address.slice(4));
    await once(socket, "listening");
  } else {
    const server = createServer(({ url = "" }, response) => {
      // Whoever comes again has to look the name up again.
      response.setHeader("connection", "close");
      const [, host] = /^\/to\/(.+)$/.exec(url) ?? [];
      if (host !== undefined) response.writeHead(302, { location: `http://${host}/` }).end();
      else response.end(`${name} ${address}`);
    });
    server.listen(Number(port), address);
    await once(server, "listening");
  }
}
console.log("ready");
