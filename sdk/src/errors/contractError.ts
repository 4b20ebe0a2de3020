import {
  AbiDecodingZeroDataError,
  BaseError,
  ChainMismatchError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  ExecutionRevertedError,
  type Hash,
  HttpRequestError,
  InsufficientFundsError,
  LimitExceededRpcError,
  NonceTooLowError,
  RpcRequestError,
  SocketClosedError,
  TimeoutError,
  UserRejectedRequestError,
  WaitForTransactionReceiptTimeoutError,
  WebSocketRequestError,
} from "viem";
import { RpcError, TransactionError } from "./errorClasses.ts";
import { foreignWords } from "./foreignWords.ts";
import { revertDataOf } from "./revertDataOf.ts";
import { revertError } from "./revertError.ts";
import { textOf } from "./textOf.ts";
import { Worker3Error } from "./Worker3Error.ts";

export interface ErrorContext {
  /** The transaction that was sent or mined, where there is one. */
  txHash?: Hash | undefined;
}

/**
 * Turns whatever a read, a simulation or a transaction failed with into an error of worker3: `ContractError` where a
 * contract refused, `RpcError` where the chain could not be asked, `TransactionError` where it could not be sent. An
 * error of worker3, an abort and a bug come back as they are.
 */
export function contractError(cause: unknown, { txHash }: ErrorContext = {}): unknown {
  if (cause instanceof Worker3Error || !(cause instanceof BaseError)) return cause;
  const own = cause.walk((e) => e instanceof Worker3Error);
  if (own instanceof Worker3Error) return own;

  const data = revertDataOf(cause);
  if (data !== undefined) return revertError(data, { txHash, cause });
  return sendError(cause, txHash) ?? rpcError(cause, txHash) ?? argumentOrRpc(cause, txHash);
}

function sendError(cause: BaseError, txHash: Hash | undefined): Worker3Error | undefined {
  // Before reverts: nodes word a lack of funds in many ways, and viem knows them.
  if (has(cause, InsufficientFundsError) || /insufficient funds|lack of funds/i.test(cause.details ?? "")) {
    return new TransactionError({
      code: "NO_GAS",
      message: "The account cannot pay the gas of this transaction.",
      next: "send some of the chain's own coin to the account",
      txHash,
      cause,
    });
  }
  if (has(cause, UserRejectedRequestError)) {
    return new TransactionError({
      code: "TX_REJECTED",
      message: "The wallet's owner refused to sign.",
      txHash,
      cause,
    });
  }
  if (has(cause, NonceTooLowError) || /nonce too low/i.test(cause.details ?? "")) {
    return new TransactionError({
      code: "TX_NONCE",
      message: "Another transaction of this account came first.",
      next: "try again; do not send from one account by two programs at a time",
      txHash,
      cause,
    });
  }
  if (/underpriced|fee too low|max fee per gas less than/i.test(cause.details ?? "")) {
    return new TransactionError({
      code: "TX_UNDERPRICED",
      message: "The fee is too low for this chain now, or to replace a transaction that waits.",
      next: "try again in a minute",
      txHash,
      cause,
    });
  }
  const late = find(cause, WaitForTransactionReceiptTimeoutError);
  if (late !== undefined) {
    return new TransactionError({
      code: "TX_TIMEOUT",
      message: "The transaction was sent and not mined in time; it may still be.",
      next: "look the transaction up before you send it again",
      txHash,
      cause,
    });
  }
  const reverted = has(cause, ContractFunctionRevertedError) || has(cause, ExecutionRevertedError);
  return reverted ? revertError(undefined, { txHash, cause }) : undefined;
}

function rpcError(cause: BaseError, txHash: Hash | undefined): RpcError | undefined {
  if (has(cause, ChainMismatchError)) {
    return new RpcError({
      code: "WRONG_CHAIN",
      message: "The wallet is on another chain than the network.",
      next: "switch the wallet to the network's chain",
      txHash,
      cause,
    });
  }
  if (has(cause, ContractFunctionZeroDataError) || has(cause, AbiDecodingZeroDataError)) {
    return new RpcError({
      code: "CONTRACT_MISSING",
      message: "No contract of worker3 answers at the address that the network names.",
      next: "check the network file and the RPC's chain",
      txHash,
      cause,
    });
  }
  const http = find(cause, HttpRequestError);
  const text = textOf(cause);
  // A transaction may exceed the block too, with its gas.
  if (TOO_MUCH.test(text) && !/\bgas\b/i.test(text)) {
    return new RpcError({
      code: "RPC_TOO_MUCH",
      message: `The RPC refuses to answer so much at once: ${foreignWords(cause.details || cause.shortMessage)}`,
      value: hostOf(http?.url),
      next: "ask about fewer blocks, or name another RPC in the network file",
      txHash,
      cause,
    });
  }
  if (http?.status === 429 || TOO_OFTEN.test(text) || has(cause, LimitExceededRpcError)) {
    return new RpcError({
      code: "RPC_LIMITED",
      message: "The RPC takes no more requests from here for now.",
      value: hostOf(http?.url),
      next: "wait a little, or name another RPC in the network file",
      txHash,
      cause,
    });
  }
  const timeout = find(cause, TimeoutError);
  if (timeout !== undefined) {
    return new RpcError({
      code: "RPC_TIMEOUT",
      message: "The RPC did not answer in time.",
      value: hostOf(timeout.url),
      next: "try again, or name another RPC in the network file",
      txHash,
      cause,
    });
  }
  if (has(cause, SyntaxError)) {
    return new RpcError({
      code: "RPC_UNREACHABLE",
      message: "What answers at the RPC's address answers no JSON-RPC.",
      value: hostOf(urlOf(cause)),
      next: "check the RPC's address: --rpc, or in the network file",
      txHash,
      cause,
    });
  }
  // A server that refuses the request (4xx) is there; a gateway without one behind it (5xx) is not.
  const away = http !== undefined && (http.status === undefined || http.status >= 500);
  if (away || has(cause, WebSocketRequestError) || has(cause, SocketClosedError)) {
    return new RpcError({
      code: "RPC_UNREACHABLE",
      message: "The RPC cannot be reached.",
      value: hostOf(http?.url),
      next: "check that the chain runs, or name another RPC in the network file",
      txHash,
      cause,
    });
  }
  return undefined;
}

function argumentOrRpc(cause: BaseError, txHash: Hash | undefined): Worker3Error {
  const argument = cause.walk((e) =>
    /^(AbiEncoding|InvalidAddress|IntegerOutOfRange|InvalidAbi|BytesSize)/.test(nameOf(e)),
  );
  if (argument instanceof BaseError) {
    return new TransactionError({
      code: "INVALID_ARGUMENT",
      message: foreignWords(argument.shortMessage),
      txHash,
      cause,
    });
  }
  return new RpcError({
    code: "RPC_FAILED",
    message: `The RPC answered with an error: ${foreignWords(cause.details || cause.shortMessage)}`,
    value: hostOf(urlOf(cause)),
    next: "try again, or name another RPC: --rpc, or in the network file",
    txHash,
    cause,
  });
}

/** Who was asked, where an error knows. */
function urlOf(cause: BaseError): string | undefined {
  return find(cause, HttpRequestError)?.url ?? find(cause, RpcRequestError)?.url;
}

/**
 * How RPCs say that a question is too large; the codes that they use for it (-32005, -32600, -32602, HTTP 400 and 413) mean
 * other things too. As seen with Alchemy, Infura, QuickNode, Ankr, BlockPi, Chainstack, drpc, geth, Erigon, Nethermind, op-geth.
 */
const TOO_MUCH = new RegExp(
  [
    "(block|log) ?(range|response|limit)s? .{0,40}(exceed|too|over|larg|wide|limit|greater|more)",
    String.raw`(exceed|too (large|wide|big|many|long)|limited to|at most|up to|maximum|max)\b.{0,40}\b(block|range|result|log|response size)`,
    "returned more than|too many (results|logs|blocks|events)|range (is )?too",
    "(response|body|payload|entity)( size)?( is)? (exceed|too)",
  ].join("|"),
  "i",
);
/** How they say that questions come too often. */
const TOO_OFTEN =
  /too many requests|rate.?limit|request limit|(requests?|compute units?|credits?|calls?) (per|a) |capacity|quota|throttl/i;

type ErrorClass<error> = abstract new (...args: never[]) => error;

function find<error extends Error>(cause: BaseError, type: ErrorClass<error>): error | undefined {
  const found = cause.walk((e) => e instanceof type);
  return found instanceof type ? found : undefined;
}

function has(cause: BaseError, type: ErrorClass<Error>): boolean {
  return find(cause, type) !== undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** The host alone: the path of an RPC's address often holds a key. */
function hostOf(url: string | undefined): string | undefined {
  return url === undefined || !URL.canParse(url) ? undefined : new URL(url).host;
}
