import { Worker3Error, type Worker3ErrorOptions } from "@worker3/sdk";
import type { Address } from "viem";

export type IdentityErrorCode =
  /** Another agent of the node runs on this machine. `value` is the node's id. */
  | "NODE_RUNNING"
  /** The chain has no such node. `value` is its id. */
  | "UNKNOWN_NODE"
  /** The chain names another operator than the one whose key is here. `value` is the address of the key. */
  | "OPERATOR_KEY_WRONG"
  /** Somebody else answers at the node's endpoint with the operator's key. `value` is the endpoint. */
  | "OTHER_INSTANCE"
  /** This agent did not reach itself at the node's endpoint. `value` is the endpoint. Ends nothing. */
  | "ENDPOINT_UNREACHED";

/** This agent is not, or not alone, the one that speaks for its node. */
export class IdentityError extends Worker3Error {
  declare readonly code: IdentityErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: IdentityErrorCode }) {
    super(options);
  }
}

/** `UNKNOWN_NODE`. */
export function unknownNodeError(nodeId: number): IdentityError {
  return new IdentityError({
    code: "UNKNOWN_NODE",
    message: `the chain has no node ${nodeId}`,
    value: String(nodeId),
    next: "correct nodeId in node.json; a node that was registered a moment ago is there in a few seconds",
  });
}

/** `OPERATOR_KEY_WRONG`. */
export function wrongKeyError(nodeId: number, key: Address, operator: Address): IdentityError {
  return new IdentityError({
    code: "OPERATOR_KEY_WRONG",
    message: `the operator's key of node ${nodeId} is ${key}, the chain says ${operator}`,
    value: key,
    next: "put the key of that operator into the state folder (operatorKeyFile of node.json), or have the node's owner name this one (NodeRegistry.setOperator), and start again",
  });
}
