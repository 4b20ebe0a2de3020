import {
  type Address,
  encodeFunctionData,
  type Hash,
  type Hex,
  isAddressEqual,
  type PublicClient,
  zeroAddress,
} from "viem";
import { contractError } from "../errors/contractError.ts";
import { ContractError } from "../errors/errorClasses.ts";
import { recoverKey as recoverHere } from "./recoverKey.ts";

/** `bytes4(keccak256("isValidSignature(bytes32,bytes)"))`, as a whole word. */
const MAGIC = "0x1626ba7e00000000000000000000000000000000000000000000000000000000";

export interface IsSignedByParameters {
  readonly hash: Hash;
  readonly signature: Hex;
  readonly signer: Address;
  /** Asks contracts that sign (ERC-1271). Absent: only keys count. */
  readonly publicClient?: Pick<PublicClient, "call"> | undefined;
  /** Where the key is computed; absent: here. It takes milliseconds of a processor. */
  readonly recoverKey?: typeof recoverHere | undefined;
}

/**
 * Whether `signer` signed a hash: with its key, or as a contract. A key is tried first: an account of EIP-7702 has code
 * and signs as a key all the same.
 *
 * Source: contracts/libraries/Signature.sol; ERC-1271.
 *
 * @throws {RpcError} The chain could not be asked.
 */
export async function isSignedBy(parameters: IsSignedByParameters): Promise<boolean> {
  const { hash, signature, signer, publicClient, recoverKey = recoverHere } = parameters;
  if (isAddressEqual(signer, zeroAddress)) return false;
  const key = await recoverKey({ hash, signature });
  if (key !== undefined && isAddressEqual(key, signer)) return true;
  if (publicClient === undefined) return false;
  return isVouchedBy({ hash, signature, signer, publicClient });
}

/** Asks the contract at `signer`; the whole word that it answers has to be the magic one, as in the contracts. */
async function isVouchedBy({
  hash,
  signature,
  signer,
  publicClient,
}: Omit<IsSignedByParameters, "publicClient" | "recoverKey"> & {
  publicClient: Pick<PublicClient, "call">;
}): Promise<boolean> {
  const data = encodeFunctionData({ abi: ERC_1271, args: [hash, signature] });
  try {
    // On its own: a stranger's contract must not burn the gas of other reads.
    const { data: answer } = await publicClient.call({ to: signer, data, batch: false });
    return answer?.slice(0, MAGIC.length) === MAGIC;
  } catch (cause) {
    const error = contractError(cause);
    if (error instanceof ContractError) return false; // it reverted: it does not vouch
    throw error;
  }
}

const ERC_1271 = [
  {
    type: "function",
    name: "isValidSignature",
    stateMutability: "view",
    inputs: [
      { name: "hash", type: "bytes32" },
      { name: "signature", type: "bytes" },
    ],
    outputs: [{ name: "magic", type: "bytes4" }],
  },
] as const;
