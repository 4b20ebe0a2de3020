import { Worker3Error, type Worker3ErrorOptions } from "./Worker3Error.ts";

/**
 * A contract refused. `code` is its custom error in upper snake case (`CAP_OUT_OF_BOUNDS`); `INSUFFICIENT_BALANCE` and
 * `INSUFFICIENT_ALLOWANCE` are the asset's; `REVERTED` where it gave no reason that is known here.
 */
export class ContractError extends Worker3Error {
  /** The custom error's name in Solidity, `Error` or `Panic`; undefined where none came back. */
  readonly errorName: string | undefined;
  /** The custom error's arguments by name, as viem decodes them. */
  readonly args: Readonly<Record<string, unknown>>;

  constructor(
    options: Worker3ErrorOptions & { errorName?: string; args?: Readonly<Record<string, unknown>> },
  ) {
    super(options);
    this.errorName = options.errorName;
    this.args = options.args ?? {};
  }
}

export type RpcErrorCode =
  /** No answer: refused, unknown host, connection lost. */
  | "RPC_UNREACHABLE"
  | "RPC_TIMEOUT"
  /** Too many requests (HTTP 429 or the JSON-RPC code for it). */
  | "RPC_LIMITED"
  | "RPC_TOO_MUCH"
  /** It answered with an error of its own. */
  | "RPC_FAILED"
  /** Its machines lack a block that was mined: what they say is of before. */
  | "RPC_BEHIND"
  /** It speaks for another chain than the network's. */
  | "WRONG_CHAIN"
  /** No code at an address that the network names. */
  | "CONTRACT_MISSING"
  /** The contracts there are of another network: zone, time line or asset differ from the network file. */
  | "WRONG_CONTRACTS";

/** The chain could not be asked. Sites that are up stay up. */
export class RpcError extends Worker3Error {
  declare readonly code: RpcErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: RpcErrorCode }) {
    super(options);
  }
}

export type TransactionErrorCode =
  /** The account cannot pay the gas. */
  | "NO_GAS"
  /** The person said no in the wallet. */
  | "TX_REJECTED"
  /** Another transaction of the account took its nonce first. */
  | "TX_NONCE"
  /** The fee is too low, or too low to replace another transaction. */
  | "TX_UNDERPRICED"
  /** Sent, and not mined in time: it may still be. `txHash` names it. */
  | "TX_TIMEOUT"
  /** Handed over, and nobody can tell whether the chain took it: it may still be mined. `txHash` names it. */
  | "TX_UNSURE"
  /** Whoever waited ended the wait after it was sent: it may still be mined. `txHash` names it. */
  | "ABORTED"
  /** Replaced or cancelled in the wallet; `txHash` is the one that was mined instead. */
  | "TX_REPLACED"
  /** No account to send from. */
  | "NO_ACCOUNT"
  /** The event that the call should have caused is not in the receipt. */
  | "TX_WITHOUT_EVENT"
  /** An argument that no contract call can carry. */
  | "INVALID_ARGUMENT";

/** A transaction could not be sent, or did not come to what it should. */
export class TransactionError extends Worker3Error {
  declare readonly code: TransactionErrorCode;

  constructor(options: Omit<Worker3ErrorOptions, "code"> & { code: TransactionErrorCode }) {
    super(options);
  }
}
