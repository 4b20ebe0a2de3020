import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import {
  type Address,
  bytesToHex,
  type Hex,
  hexToBytes,
  numberToHex,
  parseSignature,
  serializeCompactSignature,
  serializeSignature,
  signatureToCompactSignature,
  zeroAddress,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type CallLibrary, deployLibraries } from "../support/libraries.ts";
import { networkHelpers, viem } from "../support/network.ts";

/** The order of secp256k1. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const random = (length: number): Hex => bytesToHex(Uint8Array.from(randomBytes(length)));

const compact = (signature: Hex): Hex =>
  serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));

const flipped = (signature: Hex, bit: number): Hex => {
  const bytes = hexToBytes(signature);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bytesToHex(bytes);
};

describe("Signature", () => {
  let call: CallLibrary;
  before(async () => {
    call = await deployLibraries();
  });

  const accepts = async (signer: Address, digest: Hex, signature: Hex): Promise<boolean> => {
    const outcome = await call("isValidSignature", signer, digest, signature);
    assert.ok("returned" in outcome, "a signature that does not hold is false, never a revert");
    return outcome.returned === true;
  };

  it("takes a key's 65 bytes and its 64 by EIP-2098, for its own digest only", async () => {
    for (let i = 0; i < 40; i++) {
      const account = privateKeyToAccount(generatePrivateKey());
      const digest = random(32);
      const signature = await account.sign({ hash: digest });
      for (const form of [signature, compact(signature)]) {
        assert.equal(await accepts(account.address, digest, form), true);
        assert.equal(await accepts(account.address, random(32), form), false);
        assert.equal(await accepts(privateKeyToAccount(generatePrivateKey()).address, digest, form), false);
      }
    }
  });

  it("refuses a signature with any bit of it changed", async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    const digest = random(32);
    const signature = await account.sign({ hash: digest });
    for (const form of [signature, compact(signature)]) {
      const bits = hexToBytes(form).length * 8;
      for (let bit = 0; bit < bits; bit++) {
        assert.equal(await accepts(account.address, digest, flipped(form, bit)), false, `bit ${bit}`);
      }
    }
  });

  it("refuses the twin with a high s, in which nobody signed", async () => {
    for (let i = 0; i < 20; i++) {
      const account = privateKeyToAccount(generatePrivateKey());
      const digest = random(32);
      const { r, s, yParity } = parseSignature(await account.sign({ hash: digest }));
      const high = numberToHex(ORDER - BigInt(s), { size: 32 });
      const twin = serializeSignature({ r, s: high, yParity: yParity === 0 ? 1 : 0 });
      assert.equal(await accepts(account.address, digest, twin), false);
    }
  });

  it("refuses a v that is neither 27 nor 28", async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    const digest = random(32);
    const signature = await account.sign({ hash: digest });
    for (const v of [0, 1, 26, 29, 37, 255]) {
      const other = `${signature.slice(0, -2)}${v.toString(16).padStart(2, "0")}` as Hex;
      assert.equal(await accepts(account.address, digest, other), false, `v ${v}`);
    }
  });

  it("refuses the zero signer, which is what recovering rubbish gives", async () => {
    for (const length of [0, 64, 65]) {
      for (const signature of [random(length), `0x${"00".repeat(length)}` as Hex]) {
        assert.equal(await accepts(zeroAddress, random(32), signature), false);
      }
    }
  });

  it("refuses every other length", async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    const digest = random(32);
    const signature = await account.sign({ hash: digest });
    const short = compact(signature);
    const others: Hex[] = [
      "0x",
      "0x00",
      `${short.slice(0, -2)}` as Hex,
      `${signature}00`,
      `${signature}${"00".repeat(31)}`,
    ];
    for (const other of others) assert.equal(await accepts(account.address, digest, other), false, other);
  });

  it("asks a contract by ERC-1271", async () => {
    const key = privateKeyToAccount(generatePrivateKey());
    const { address } = await viem.deployContract("ContractSigner", [key.address]);
    const digest = random(32);
    const signature = await key.sign({ hash: digest });
    assert.equal(await accepts(address, digest, signature), true);
    assert.equal(await accepts(address, random(32), signature), false);
    assert.equal(await accepts(address, digest, flipped(signature, 77)), false);
    assert.equal(await accepts(address, digest, "0x"), false);
    assert.equal(await accepts(key.address, digest, signature), true);
  });

  it("takes no for an answer from contracts that know no signatures", async () => {
    const { address } = await viem.deployContract("MockUSD");
    const key = privateKeyToAccount(generatePrivateKey());
    const digest = random(32);
    assert.equal(await accepts(address, digest, await key.sign({ hash: digest })), false);
    // code that reverts, that returns nothing, and that returns the answer of ERC-1271 with a bit too many
    for (const code of [
      "0xfe",
      "0x00",
      "0x7f1626ba7e0000000000000000000000000000000000000000000000000000000160005260206000f3",
    ]) {
      const contract = privateKeyToAccount(generatePrivateKey()).address;
      await networkHelpers.setCode(contract, code);
      assert.equal(await accepts(contract, digest, await key.sign({ hash: digest })), false, code);
    }
  });

  it("takes the key's signature of an account that has code, as one of EIP-7702 does", async () => {
    const account = privateKeyToAccount(generatePrivateKey());
    await networkHelpers.setCode(account.address, "0xfe");
    const digest = random(32);
    const signature = await account.sign({ hash: digest });
    assert.equal(await accepts(account.address, digest, signature), true);
    assert.equal(await accepts(account.address, digest, compact(signature)), true);
    assert.equal(await accepts(account.address, random(32), signature), false);
  });
});
