import assert from "node:assert/strict";
import { throwsCode } from "../testing/throwsCode.ts";
import { decodeIntentHeader, encodeIntentHeader } from "./intentHeader.ts";
import { MAX_SIGNATURE_BYTES } from "./isVouchedBy.ts";

const signed = {
  intent: {
    projectId: 1n,
    owner: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    digest: `0x${"ab".repeat(32)}`,
    bytes: (1n << 64n) - 1n,
    deadline: 1_800_000_000n,
  },
  signature: `0x${"cd".repeat(65)}`,
} as const;

function header(json: unknown): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}

describe("the worker3-intent header", () => {
  const fields = JSON.parse(Buffer.from(encodeIntentHeader(signed), "base64url").toString());

  it("is base64url of the intent's fields and the signature, 64-bit numbers as decimal strings", () => {
    assert.match(encodeIntentHeader(signed), /^[\w-]+$/);
    assert.deepEqual(fields, {
      projectId: "1",
      owner: signed.intent.owner,
      digest: signed.intent.digest,
      bytes: "18446744073709551615",
      deadline: "1800000000",
      signature: signed.signature,
    });
  });

  it("is read back as it was written", () =>
    assert.deepEqual(decodeIntentHeader(encodeIntentHeader(signed)), signed));

  it("names who signed, where that is said, and holds the longest signature", () => {
    const signature = `0x${"cd".repeat(MAX_SIGNATURE_BYTES)}` as const;
    const named = { ...signed, signature, signer: signed.intent.owner };
    assert.deepEqual(decodeIntentHeader(encodeIntentHeader(named)), named);
  });

  const bad: [what: string, text: string, field: string][] = [
    ["an unknown field", header({ ...fields, extra: 1 }), "extra"],
    ["a missing field", header({ ...fields, bytes: undefined }), "bytes"],
    ["a JSON number", header({ ...fields, projectId: 1 }), "projectId"],
    ["more than 64 bits", header({ ...fields, bytes: "18446744073709551616" }), "bytes"],
    ["a sign", header({ ...fields, deadline: "-1" }), "deadline"],
    ["a wrong checksum", header({ ...fields, owner: signed.intent.owner.replace("C", "c") }), "owner"],
    ["a short digest", header({ ...fields, digest: "0xab" }), "digest"],
    ["half a byte of signature", header({ ...fields, signature: "0xabc" }), "signature"],
    ["an array", header([fields]), "it"],
    ["no JSON", Buffer.from("{").toString("base64url"), "JSON"],
    ["base64 with padding", `${header(fields)}=`, "JSON"],
    ["other characters", "not a header!", "JSON"],
    ["nothing", "", "JSON"],
    ["far too much", "a".repeat(24_577), "24577"],
  ];
  for (const [what, text, field] of bad) {
    it(`refuses ${what}`, () =>
      assert.match(throwsCode(() => decodeIntentHeader(text), "INTENT_INVALID").message, new RegExp(field)));
  }
});
