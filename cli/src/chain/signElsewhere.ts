import { type Call, contractError, encodeCall, type NetworkClient } from "@worker3/sdk";
import type { Address } from "viem";
import { describeCall } from "./describeCall.ts";

/** A call that a contract wallet has to make: a Safe, whose owners sign it in its own application. */
export interface SignedElsewhere {
  readonly chainId: number;
  /** Who has to make it. */
  readonly from: Address;
  readonly to: Address;
  readonly value: string;
  readonly data: string;
  /** A file for the Transaction Builder of Safe. */
  readonly safe: object;
}

/** An account whose code is this and an address behind it (EIP-7702) signs with its key like any other. */
const DELEGATION = "0xef0100";

/**
 * Whether no key can send transactions of an account: it is a contract.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function isContract({ publicClient }: NetworkClient, address: Address): Promise<boolean> {
  try {
    const code = (await publicClient.getCode({ address })) ?? "0x";
    return code !== "0x" && !code.startsWith(DELEGATION);
  } catch (cause) {
    throw contractError(cause);
  }
}

/** What has to be signed elsewhere. */
export function signElsewhere({ network }: NetworkClient, from: Address, call: Call): SignedElsewhere {
  const { chainId } = network;
  const { to, data } = encodeCall(call);
  return {
    chainId,
    from,
    to,
    value: "0",
    data,
    // Source: https://github.com/safe-global/safe-react-apps/tree/main/apps/tx-builder, `BatchFile`.
    safe: {
      version: "1.0",
      chainId: String(chainId),
      createdAt: Date.now(),
      meta: { name: describeCall(call, network), description: "", createdFromSafeAddress: from },
      transactions: [{ to, value: "0", data, contractMethod: null, contractInputsValues: null }],
    },
  };
}

/** The same for a person. */
export function signElsewhereText({ chainId, from, to, data, safe }: SignedElsewhere): string {
  return [
    `Nothing was sent: ${from} is a contract, and has to make this call on chain ${chainId} itself:`,
    `  to     ${to}`,
    "  value  0",
    `  data   ${data}`,
    "As a file for the Transaction Builder of Safe:",
    JSON.stringify(safe),
  ].join("\n");
}
