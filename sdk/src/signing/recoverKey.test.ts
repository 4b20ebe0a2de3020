import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Hex,
  hexToBigInt,
  numberToHex,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
} from "viem";
import { generatePrivateKey, privateKeyToAccount, sign } from "viem/accounts";
import { recoverKey } from "./recoverKey.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const key = generatePrivateKey();
const { address } = privateKeyToAccount(key);
const hash = `0x${"5a".repeat(32)}` as const;

describe("recoverKey", () => {
  it("finds the key of 65 bytes, and of 64 by EIP-2098", async () => {
    for (let i = 0; i < 20; i++) {
      const hash = numberToHex(i + 1, { size: 32 });
      const parts = await sign({ hash, privateKey: key });
      const signature = await sign({ hash, privateKey: key, to: "hex" });
      assert.equal(await recoverKey({ hash, signature }), address);
      const compact = serializeCompactSignature(signatureToCompactSignature(parts));
      assert.equal(compact.length, 130);
      assert.equal(await recoverKey({ hash, signature: compact }), address);
    }
  });

  it("refuses the twin with a high s", async () => {
    const { r, s, yParity } = parseSignature(await sign({ hash, privateKey: key, to: "hex" }));
    const high = numberToHex(ORDER - hexToBigInt(s), { size: 32 });
    const twin: Hex = `0x${r.slice(2)}${high.slice(2)}${yParity === 0 ? "1c" : "1b"}`;
    assert.equal(await recoverKey({ hash, signature: twin }), undefined);
  });

  it("refuses v other than 27 and 28, as the contracts do", async () => {
    const signature = await sign({ hash, privateKey: key, to: "hex" });
    for (const v of ["00", "01", "1d", "ff"]) {
      assert.equal(await recoverKey({ hash, signature: `${signature.slice(0, -2)}${v}` as Hex }), undefined);
    }
  });

  it("never throws, whatever the bytes are, and never finds our key in them", () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 70 }), async (bytes) => {
        const signature: Hex = `0x${Buffer.from(bytes).toString("hex")}`;
        assert.notEqual(await recoverKey({ hash, signature }), address);
      }),
    ));

  it("refuses zero r and s, and what is no hexadecimal", async () => {
    assert.equal(await recoverKey({ hash, signature: `0x${"00".repeat(64)}1b` }), undefined);
    assert.equal(await recoverKey({ hash, signature: "0xzz" as Hex }), undefined);
  });
});
