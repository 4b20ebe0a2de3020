import {
  type Address,
  isAddressEqual,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  serializeTransaction,
  type Transaction,
  type TransactionSerialized,
} from "viem";

/**
 * Whether an account signed a transaction that an RPC tells of, for this chain: its bytes are put together again, and have
 * to give the hash and the signer. An RPC can invent a transaction, and none that the account signed.
 *
 * False for kinds that cannot be put together here, and for those without a chain in their signature (before EIP-155),
 * which may be of another one.
 */
export async function isSignedBy(
  told: Transaction,
  { from, chainId }: { readonly from: Address; readonly chainId: number },
): Promise<boolean> {
  try {
    const serialized = bytesOf(told, chainId);
    // Of old ones the chain stands in the signature alone: what the RPC says of it is not among the bytes.
    if (keccak256(serialized) !== told.hash || parseTransaction(serialized).chainId !== chainId) return false;
    return isAddressEqual(await recoverTransactionAddress({ serializedTransaction: serialized }), from);
  } catch {
    return false; // of a kind that is not known here, or nonsense
  }
}

function bytesOf(told: Transaction, chainId: number): TransactionSerialized {
  const { nonce, to, value, gas, input: data, r, s, v, yParity } = told;
  const { accessList, gasPrice, maxFeePerGas, maxPriorityFeePerGas } = told;
  const common = { chainId, nonce, to, value, gas, data };
  const signature = { r, s, v, yParity };
  switch (told.type) {
    case "legacy":
      return serializeTransaction({ ...common, type: "legacy", gasPrice }, signature);
    case "eip2930":
      return serializeTransaction({ ...common, type: "eip2930", gasPrice, accessList }, signature);
    case "eip1559":
      return serializeTransaction(
        { ...common, type: "eip1559", maxFeePerGas, maxPriorityFeePerGas, accessList },
        signature,
      );
    case "eip7702": {
      const { authorizationList } = told;
      return serializeTransaction(
        { ...common, type: "eip7702", maxFeePerGas, maxPriorityFeePerGas, accessList, authorizationList },
        signature,
      );
    }
    default:
      throw new Error(`a transaction of the kind ${told.type}`);
  }
}
