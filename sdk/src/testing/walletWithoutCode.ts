import {
  type Address,
  concat,
  getContractAddress,
  type Hash,
  type Hex,
  keccak256,
  numberToHex,
  serializeErc6492Signature,
  size,
} from "viem";
import type { PrivateKeyAccount } from "viem/accounts";

/**
 * The deterministic deployment proxy, which anvil has as most chains do: it makes what comes behind a salt by CREATE2.
 *
 * Source: https://github.com/Arachnid/deterministic-deployment-proxy
 */
const FACTORY: Address = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
const SALT: Hash = `0x${"00".repeat(32)}`;

/** A contract wallet of one key, at the address that it will have. */
export interface WalletWithoutCode {
  readonly address: Address;
  /** Whoever sends this makes it. */
  readonly creation: { readonly to: Address; readonly data: Hex };
  /** What it takes by ERC-1271 once it is there. */
  sign(hash: Hash): Promise<Hex>;
  /** The same for who has to make it first to ask it (ERC-6492). */
  signWrapped(hash: Hash, creation?: WalletWithoutCode["creation"]): Promise<Hex>;
}

/** @param key - signs for the wallet. */
export function walletWithoutCode(key: PrivateKeyAccount): WalletWithoutCode {
  const initCode = creationOf(walletCode(key.address));
  const creation = { to: FACTORY, data: concat([SALT, initCode]) };
  return {
    address: getContractAddress({
      opcode: "CREATE2",
      from: FACTORY,
      salt: SALT,
      bytecodeHash: keccak256(initCode),
    }),
    creation,
    sign: (hash) => key.sign({ hash }),
    signWrapped: async (hash, { to, data } = creation) =>
      serializeErc6492Signature({ address: to, data, signature: await key.sign({ hash }) }),
  };
}

/** `isValidSignature(bytes32, bytes)` whatever is called: whether 65 bytes recover to the key. */
function walletCode(key: Address): Hex {
  return concat([
    "0x6004355f52", // hash, at 0
    "0x60a4355f1a602052", // v, the first byte behind r and s, at 32
    "0x606435604052", // r, at 64
    "0x608435606052", // s, at 96
    "0x60205f60805f60015afa50", // ecrecover, over the hash
    "0x5f5173", // whoever it is
    key,
    "0x14", // is the key
    "0x631626ba7e60e01b02", // times the magic word
    "0x5f5260205ff3",
  ]);
}

/** Code that returns code of up to 255 bytes. */
function creationOf(code: Hex): Hex {
  return concat(["0x60", numberToHex(size(code), { size: 1 }), "0x8060095f395ff3", code]);
}
