import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { until } from "../../../testing/until.ts";
import { beginAnew, escapeTarget } from "./rawTarget.ts";

const EVENTS = ["data", "end", "close", "drain", "error", "timeout", "pause", "resume"];

describe("a target that is not ASCII", () => {
  const failed = (text: string, bytesParsed = 0) => {
    const rawPacket = Buffer.from(text, "latin1");
    const error = Object.assign(new Error(), { code: "HPE_INVALID_URL", rawPacket, bytesParsed });
    return escapeTarget(error)?.toString("latin1");
  };
  const utf8 = (text: string) => Buffer.from(text).toString("latin1");

  const escaped: [string, string][] = [
    ["GET /ü HTTP/1.1\r\n\r\n", "GET /%C3%BC HTTP/1.1\r\n\r\n"],
    ["GET /a?x=€&y=%20 HTTP/1.1\r\nx: ü\r\n\r\n", utf8("GET /a?x=%E2%82%AC&y=%20 HTTP/1.1\r\nx: ü\r\n\r\n")],
    ["POST http://a/ü HTTP/1.1\r\n\r\nbody ü", utf8("POST http://a/%C3%BC HTTP/1.1\r\n\r\nbody ü")],
    ["GET /ü", "GET /%C3%BC"],
  ];
  for (const [from, to] of escaped) it(`is escaped: ${from}`, () => assert.equal(failed(utf8(from)), to));

  it("is escaped behind what was parsed already", () => {
    const before = "tail of a body\r\n";
    assert.equal(failed(`${before}${utf8("GET /ü HTTP/1.1")}`, before.length + 5), "GET /%C3%BC HTTP/1.1");
  });

  const left = {
    "no UTF-8": "GET /\xfc HTTP/1.1\r\n\r\n",
    "UTF-8 that a packet cut": "GET /\xc3",
    "a method that a packet cut": utf8("ET /ü HTTP/1.1\r\n\r\n"),
    "the middle of a target": utf8("ü HTTP/1.1\r\n\r\n"),
    "ASCII that is refused for another reason": "GET /\x01 HTTP/1.1\r\n\r\n",
  };
  for (const [name, bytes] of Object.entries(left)) {
    it(`is left as it is: ${name}`, () => assert.equal(failed(bytes), undefined));
  }

  it("is left as it is where the parser failed by something else", () => {
    const rawPacket = Buffer.from("GET /ü HTTP/1.1\r\n\r\n");
    const error = Object.assign(new Error(), { code: "HPE_INVALID_VERSION", rawPacket, bytesParsed: 0 });
    assert.equal(escapeTarget(error), undefined);
  });

  describe("on a connection", () => {
    let server: Server;
    let visitor: Socket;
    let said = "";
    const listeners: string[] = [];

    before(async () => {
      server = createServer(async (request, response) => {
        let bytes = 0;
        for await (const chunk of request) bytes += chunk.length;
        listeners.push(EVENTS.map((event) => request.socket.listenerCount(event)).join());
        response.end(`${request.method} ${request.url} ${bytes}\n`);
      });
      server.on("clientError", (error, socket: Socket) => {
        const bytes = escapeTarget(error);
        assert.ok(bytes !== undefined && beginAnew(server, socket, bytes));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      assert.ok(typeof address === "object" && address !== null);
      visitor = connect(address.port, "127.0.0.1");
      visitor.on("data", (chunk) => {
        said += chunk;
      });
    });
    after(() => {
      visitor.destroy();
      server.close();
    });

    async function ask(...parts: string[]): Promise<string> {
      said = "";
      for (const part of parts) await new Promise((resolve) => visitor.write(part, resolve));
      await until("the answer", () => said.endsWith("\n"));
      return said.slice(said.indexOf("\r\n\r\n") + 4).replace(/^[0-9a-f]+\r\n/, "");
    }

    it("is served, with its body, again and again, beside others, and leaves nothing behind", async () => {
      const body = "x".repeat(200_000);
      for (let round = 0; round < 8; round++) {
        assert.equal(await ask("GET /ü?ü HTTP/1.1\r\nHost: a\r\n\r\n"), "GET /%C3%BC?%C3%BC 0\n");
        const head = `POST /ü HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length + 1}\r\n\r\n`;
        assert.equal(await ask(head, `y${body}`), `POST /%C3%BC ${body.length + 1}\n`);
        assert.equal(await ask("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"), "GET /a 0\n");
      }
      assert.equal(new Set(listeners.slice(1)).size, 1, listeners.join(" "));
    });
  });
});
