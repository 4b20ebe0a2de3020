import { type Address, type Hash, type Hex, keccak256, type LocalAccount } from "viem";
import { RpcError } from "../../errors/errorClasses.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import type { EncodedCall } from "../call.ts";
import type { Nonce } from "./findTaken.ts";

/** A transaction that is on its way, as far as whoever waits for it has to know it. */
export interface Outgoing extends EncodedCall, Nonce {
  readonly hash: Hash;
  /** The signed bytes, which can be sent again and do no more the second time; undefined: a wallet sent it. */
  readonly raw: Hex | undefined;
}

/**
 * Signs a call with everything that a transaction has: from here on its hash is known, whatever becomes of the answers of
 * an RPC.
 *
 * @throws {RpcError} `WRONG_CHAIN`; what viem throws where the RPC cannot be asked.
 */
export async function signCall(
  { publicClient, network, ownWrites }: NetworkWriter,
  account: LocalAccount,
  { to, data, gas }: EncodedCall & { readonly gas: bigint },
): Promise<Outgoing & { readonly raw: Hex }> {
  const from: Address = account.address;
  const { chainId } = network;
  const [told, pending, sinceBlock, { nonce: _, ...request }] = await Promise.all([
    publicClient.getChainId(),
    publicClient.getTransactionCount({ address: from, blockTag: "pending" }),
    publicClient.getBlockNumber(),
    publicClient.prepareTransactionRequest({ account, chainId, to, data, gas, parameters: ["fees", "type"] }),
  ]);
  if (told !== chainId) {
    throw new RpcError({
      code: "WRONG_CHAIN",
      message: `The RPC speaks for chain ${told}, the network is on chain ${chainId}.`,
      value: String(told),
      next: "name an RPC of the network's chain in the network file",
    });
  }
  // A machine that is behind does not count what was mined a moment ago.
  const nonce = Math.max(pending, ownWrites.nextNonce(from));
  const fees = distinct(request);
  const raw = await account.signTransaction({ ...request, ...fees, chainId, to, data, gas, nonce } as never);
  return { hash: keccak256(raw), raw, from, nonce, sinceBlock, to, data };
}

interface Fees {
  readonly maxFeePerGas?: bigint | undefined;
  readonly gasPrice?: bigint | undefined;
}

/** Below a thousandth of a gwei. */
const FEE_BITS = 20;

/**
 * Fees with a few wei more, which are never the same. Two programs that make the same call at the same time would else
 * sign the same transaction: it would be made once, and both would take it for theirs.
 */
function distinct({ maxFeePerGas, gasPrice }: Fees): Fees {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const more = (fee: bigint): bigint => (fee === 0n ? fee : fee + BigInt(random >>> (32 - FEE_BITS)));
  return {
    ...(maxFeePerGas === undefined ? {} : { maxFeePerGas: more(maxFeePerGas) }),
    ...(gasPrice === undefined ? {} : { gasPrice: more(gasPrice) }),
  };
}
