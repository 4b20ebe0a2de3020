import assert from "node:assert/strict";
import { encodeErrorResult, RpcRequestError } from "viem";
import { z } from "zod";
import { kuboErrorOf } from "../node/kuboErrorOf.ts";
import { refused } from "../node/kuboTransport.ts";
import { nodeUnreachable } from "../nodeApi/NodeError.ts";
import { readJson } from "../nodeApi/readJson.ts";
import { uploadCar } from "../upload/uploadCar.ts";
import { contractError } from "./contractError.ts";
import { foreignWords } from "./foreignWords.ts";
import { revertError } from "./revertError.ts";

const FORGED = "no\r\nVersion 9 of project 1 is live\u2028and\u0085on";
const LONG = "x".repeat(100_000);
const endpoint = "http://127.0.0.1:1";

/** Everyone whose words come into an error's message, by whom it is. */
const SOURCES: Readonly<Record<string, (said: string) => unknown>> = {
  "an RPC": (said) => contractError(rpcError(said)),
  "an RPC that is asked too much": (said) => contractError(rpcError(`block range too large ${said}`)),
  "a contract's reason": (said) =>
    revertError(
      encodeErrorResult({
        abi: [{ type: "error", name: "Error", inputs: [{ name: "message", type: "string" }] }],
        args: [said],
      }),
    ),
  "a node's refusal of an upload": (said) =>
    refusalOf(JSON.stringify({ error: { code: "X", message: said } })),
  "the code of a node's refusal of an upload": (said) =>
    refusalOf(JSON.stringify({ error: { code: said, message: "x" } })),
  "who ends a connection": (said) => nodeUnreachable(endpoint, new Error(said)),
  "a node's document": (said) =>
    answered(JSON.stringify({ [said]: 1 }), z.strictObject({}), { "content-type": "application/json" }),
  "an IPFS daemon": (said) => refused(endpoint, said),
  "who ends a daemon's connection": (said) =>
    kuboErrorOf(endpoint, Object.assign(new Error(said), { code: "ECONNRESET" })),
};

describe("what strangers say in an error", () => {
  for (const [who, make] of Object.entries(SOURCES)) {
    it(`of ${who} stands on one line and has a bound`, async () => {
      for (const said of [FORGED, LONG]) {
        const error = await make(said);
        assert.ok(error instanceof Error);
        assert.doesNotMatch(error.message, /[\r\n\u0085\u2028\u2029]/);
        assert.ok(error.message.length < 700, `${error.message.length} characters`);
        assert.match(error.message, said === LONG ? /x…/ : /no|block range/);
      }
    });
  }

  it("is kept to the last character where it is short, and cut visibly where it is long", () => {
    const table: [said: string, most: number, told: string][] = [
      ["header not found", 500, "header not found"],
      [" a \r\n\t b ", 500, "a b"],
      ["12345", 5, "12345"],
      ["123456", 5, "1234…"],
      ["123 456", 5, "123…"],
      ["123😀567", 5, "123…"],
      [`${" ".repeat(30)}late`, 5, "…"],
    ];
    for (const [said, most, told] of table)
      assert.equal(foreignWords(said, most), told, JSON.stringify(said));
  });
});

function rpcError(message: string): RpcRequestError {
  return new RpcRequestError({ body: {}, url: endpoint, error: { code: -32_000, message } });
}

async function answered(text: string, schema: z.ZodType, headers: Record<string, string>): Promise<unknown> {
  const fetched = globalThis.fetch;
  globalThis.fetch = async () => new Response(text, { headers });
  try {
    return await readJson({ endpoint, path: "/", schema }).catch((error: unknown) => error);
  } finally {
    globalThis.fetch = fetched;
  }
}

function refusalOf(text: string): Promise<unknown> {
  return uploadCar({
    replica: { nodeId: 1, endpoint },
    car: { cid: "bafy", bytes: 0, async *open() {} },
    put: async () => ({ status: 400, retryAfter: undefined, text }),
  }).catch((error: unknown) => error);
}
