import type { TypedDataDefinition } from "viem";
import { MESSAGE_TYPES, type MessageName, type Messages } from "./messages.ts";
import { type SigningNetwork, signingDomain } from "./signingDomain.ts";

/** A message as EIP-712 typed data. */
export function typedDataOf<name extends MessageName>(
  network: SigningNetwork,
  name: name,
  message: Messages[name],
): TypedDataDefinition {
  return {
    domain: signingDomain(network, name),
    types: { [name]: MESSAGE_TYPES[name] } as unknown as TypedDataDefinition["types"],
    primaryType: name,
    message: { ...message },
  };
}
