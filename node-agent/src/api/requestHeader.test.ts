import assert from "node:assert/strict";
import { ApiError } from "./ApiError.ts";
import { decodeRequestHeader, encodeRequestHeader } from "./requestHeader.ts";

const request = { method: "GET", path: "/a", nodeId: 3, deadline: 2n ** 40n };
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("the header worker3-request", () => {
  it("comes back as it was", () => {
    const header = encodeRequestHeader(request, "0xab12");
    assert.match(header, /^[\w-]+$/);
    assert.deepEqual(decodeRequestHeader(header), { request, signature: "0xab12" });
  });

  const good = { ...request, deadline: "9", signature: "0xab" };
  const bad: [what: string, header: string][] = [
    ["nothing", ""],
    ["padding", "e30="],
    ["no JSON", Buffer.from("{").toString("base64url")],
    ["an unknown field", encode({ ...good, more: 1 })],
    ["no signature", encode({ ...good, signature: undefined })],
    ["a deadline that is a number", encode({ ...good, deadline: 9 })],
    ["nodeId 0", encode({ ...good, nodeId: 0 })],
    ["too much", "a".repeat(24_577)],
  ];
  for (const [what, header] of bad) {
    it(`with ${what} is refused`, () => {
      assert.throws(
        () => decodeRequestHeader(header),
        (error) => error instanceof ApiError && error.code === "REQUEST_SIGNATURE_WRONG",
      );
    });
  }
});
