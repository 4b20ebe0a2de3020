import { isAddressEqual, type PublicClient, zeroAddress } from "viem";
import { isVouchedBy as askChain, type VouchingQuestion } from "./isVouchedBy.ts";
import { recoverKey as recoverHere } from "./recoverKey.ts";

export interface IsSignedByParameters extends VouchingQuestion {
  /** Asks contracts that sign. Absent: only keys count. */
  readonly publicClient?: Pick<PublicClient, "call"> | undefined;
  /** How contracts are asked, in place of `publicClient`; it may keep strangers from asking too much. */
  readonly isVouchedBy?: ((question: VouchingQuestion) => Promise<boolean>) | undefined;
  /** Where the key is computed; absent: here. It takes milliseconds of a processor. */
  readonly recoverKey?: typeof recoverHere | undefined;
}

/**
 * Whether `signer` signed a hash: with its key, or as a contract. A key is tried first: an account of EIP-7702 has code
 * and signs as a key all the same; and nobody is asked about what a key signed.
 *
 * Source: contracts/libraries/Signature.sol; ERC-1271; ERC-6492.
 *
 * @throws {RpcError} The chain could not be asked.
 */
export async function isSignedBy(parameters: IsSignedByParameters): Promise<boolean> {
  const { hash, signature, signer, takesUndeployed, publicClient, recoverKey = recoverHere } = parameters;
  if (isAddressEqual(signer, zeroAddress)) return false;
  const key = await recoverKey({ hash, signature });
  if (key !== undefined && isAddressEqual(key, signer)) return true;
  const question = { hash, signature, signer, takesUndeployed };
  if (parameters.isVouchedBy !== undefined) return parameters.isVouchedBy(question);
  return publicClient === undefined ? false : askChain(question, publicClient);
}
