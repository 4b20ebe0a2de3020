import { type Address, type Hash, type Hex, isHex, recoverAddress, size, slice } from "viem";

/** Half the order of secp256k1: a higher s has a twin below it, which alone counts (EIP-2). */
const MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const V_BITS = 1n << 255n;

export interface RecoverKeyParameters {
  readonly hash: Hash;
  /** 65 bytes with v 27 or 28, or 64 bytes by EIP-2098. */
  readonly signature: Hex;
}

/**
 * The address whose key signed a hash; undefined where the bytes are no signature, or one with a high s. Takes what the
 * contracts take, and nothing else.
 *
 * Source: contracts/libraries/Signature.sol; EIP-2098.
 */
export async function recoverKey({ hash, signature }: RecoverKeyParameters): Promise<Address | undefined> {
  const parts = partsOf(signature);
  if (parts === undefined || parts.s > MAX_S) return undefined;
  try {
    return await recoverAddress({
      hash,
      signature: { r: parts.r, s: `0x${parts.s.toString(16).padStart(64, "0")}`, yParity: parts.yParity },
    });
  } catch {
    return undefined; // r or s is zero or too large, or names no point of the curve
  }
}

function partsOf(signature: Hex): { r: Hex; s: bigint; yParity: number } | undefined {
  if (!isHex(signature)) return undefined;
  if (size(signature) === 65) {
    const v = Number.parseInt(signature.slice(-2), 16);
    if (v !== 27 && v !== 28) return undefined;
    return { r: slice(signature, 0, 32), s: BigInt(slice(signature, 32, 64)), yParity: v - 27 };
  }
  if (size(signature) === 64) {
    const yParityAndS = BigInt(slice(signature, 32, 64));
    return {
      r: slice(signature, 0, 32),
      s: yParityAndS & (V_BITS - 1n),
      yParity: yParityAndS >= V_BITS ? 1 : 0,
    };
  }
  return undefined;
}
