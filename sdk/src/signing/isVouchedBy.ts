import {
  type Address,
  type CallParameters,
  encodeDeployData,
  encodeFunctionData,
  erc6492SignatureValidatorAbi,
  erc6492SignatureValidatorByteCode,
  type Hash,
  type Hex,
  isErc6492Signature,
  type PublicClient,
  size,
} from "viem";
import { contractError } from "../errors/contractError.ts";
import { ContractError, RpcError } from "../errors/errorClasses.ts";
import { textOf } from "../errors/textOf.ts";

/** `bytes4(keccak256("isValidSignature(bytes32,bytes)"))`, as a whole word. */
const MAGIC = "0x1626ba7e00000000000000000000000000000000000000000000000000000000";

/** Longer ones are asked about nowhere. A wallet's creation and the signatures of many owners fit. */
export const MAX_SIGNATURE_BYTES = 8_192;

/**
 * A stranger's code burns no more. Making a wallet and asking it takes less than 2,000,000; the least that an RPC or a chain
 * allows is the 16,777,216 of EIP-7825.
 */
const GAS = 10_000_000n;

/** What a contract is asked. */
export interface VouchingQuestion {
  readonly hash: Hash;
  readonly signature: Hex;
  readonly signer: Address;
  /**
   * Whether a wallet may answer that has no code yet and whose signature says how it is made (ERC-6492). Contracts of
   * worker3 do not take such a signature, so this is for messages that none of them judges. Default: no.
   */
  readonly takesUndeployed?: boolean | undefined;
}

/**
 * Asks the chain whether a contract vouches for a signature, by one `eth_call` of at most 10,000,000 gas: the contract itself
 * (ERC-1271), or for a wrapped signature the universal validator, which makes the wallet first. So a signature without
 * wrapper is judged as the contracts do; the validator takes none that is shorter than a word.
 *
 * Not by `verifyTypedData` of viem, which takes an RPC that fails for a signature that does not count.
 *
 * Source: ERC-1271; ERC-6492.
 *
 * @throws {RpcError} The chain could not be asked.
 */
export async function isVouchedBy(
  question: VouchingQuestion,
  publicClient: Pick<PublicClient, "call">,
): Promise<boolean> {
  const { hash, signature, signer, takesUndeployed = false } = question;
  if (size(signature) > MAX_SIGNATURE_BYTES) return false;
  if (takesUndeployed && size(signature) >= 32 && isErc6492Signature(lowerCase(signature))) {
    const data = encodeDeployData({
      abi: erc6492SignatureValidatorAbi,
      bytecode: erc6492SignatureValidatorByteCode,
      args: [signer, hash, signature],
    });
    const answer = await answerTo({ data }, publicClient);
    if (answer === "refused" || answer === "0x00") return false;
    if (answer === "0x01") return true;
    throw new RpcError({
      code: "RPC_FAILED",
      message: "The RPC does not run code that is sent along, which wallets without code are asked by.",
      value: answer?.slice(0, 20),
      next: "name another RPC in the network file, or sign when the wallet is deployed",
    });
  }
  const data = encodeFunctionData({ abi: ERC_1271, args: [hash, signature] });
  const answer = await answerTo({ to: signer, data }, publicClient);
  // The whole word has to be the magic one, as in the contracts.
  return answer?.slice(0, MAGIC.length) === MAGIC;
}

/** What came back; undefined where nothing did. */
async function answerTo(
  parameters: Pick<CallParameters, "to" | "data">,
  publicClient: Pick<PublicClient, "call">,
): Promise<Hex | "refused" | undefined> {
  try {
    // On its own: a stranger's contract must not burn the gas of other reads.
    const { data } = await publicClient.call({ ...parameters, gas: GAS, batch: false });
    return data;
  } catch (cause) {
    const error = contractError(cause);
    if (error instanceof ContractError || HALTED.test(textOf(cause))) return "refused";
    throw error;
  }
}

/** How RPCs say that code ended without a word, which they do not call a revert: geth, Erigon, Nethermind, Reth, anvil. */
const HALTED =
  /out of gas|OutOfGas|(invalid|bad|undefined) ?(opcode|instruction|jump)|InvalidFEOpcode|OpcodeNotFound|stack ?(limit|underflow|overflow)|write protection|StateChangeDuringStaticCall/i;

function lowerCase(signature: Hex): Hex {
  return signature.toLowerCase() as Hex;
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
