import { type Hash, hashTypedData } from "viem";
import type { MessageName, Messages } from "./messages.ts";
import type { SigningNetwork } from "./signingDomain.ts";
import { typedDataOf } from "./typedDataOf.ts";

/** The EIP-712 hash of a message: what its signer signs. */
export function hashMessage<name extends MessageName>(
  network: SigningNetwork,
  name: name,
  message: Messages[name],
): Hash {
  return hashTypedData(typedDataOf(network, name, message));
}
