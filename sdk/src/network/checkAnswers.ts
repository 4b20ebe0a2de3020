import { BaseError, type EIP1193RequestFn, HttpRequestError, isHex, type Transport } from "viem";
import { RpcError } from "../errors/errorClasses.ts";

const isBytes = (answer: unknown): boolean => isHex(answer, { strict: true });
const isObject = (answer: unknown): boolean => typeof answer === "object" && answer !== null;
const isQuantity = (answer: unknown): boolean => isBytes(answer) && answer !== "0x";

/** What the answers look like that this sdk reads (Ethereum JSON-RPC). Others are let through as they are. */
const SHAPES: Readonly<Record<string, (answer: unknown) => boolean>> = {
  eth_blockNumber: isQuantity,
  eth_call: isBytes,
  eth_chainId: isQuantity,
  eth_estimateGas: isQuantity,
  eth_gasPrice: isQuantity,
  eth_getBalance: isQuantity,
  eth_getBlockByHash: (answer) => answer === null || (isObject(answer) && !Array.isArray(answer)),
  eth_getBlockByNumber: (answer) => answer === null || (isObject(answer) && !Array.isArray(answer)),
  eth_getCode: isBytes,
  eth_getLogs: Array.isArray,
  eth_getTransactionByHash: (answer) => answer === null || isObject(answer),
  eth_getTransactionCount: isQuantity,
  eth_getTransactionReceipt: (answer) => answer === null || isObject(answer),
  eth_maxPriorityFeePerGas: isQuantity,
};

/**
 * A transport whose answers are what was asked for, or an error: at the address of an RPC there may be a login page, another
 * service, or a proxy with something of its own.
 *
 * @param host Who answers: the host alone, for the path of an RPC's address often holds a key.
 */
export function checkAnswers(transport: Transport, host: string): Transport {
  return (parameters) => {
    const inner = transport(parameters);
    const ask = inner.request as (
      question: { readonly method: string },
      options?: unknown,
    ) => Promise<unknown>;
    const request = async (question: { readonly method: string }, options?: unknown): Promise<unknown> => {
      let answer: unknown;
      try {
        answer = await ask(question, options);
      } catch (error) {
        throw isUnreadable(error) ? noRpcError(question.method, host, error) : error;
      }
      if (SHAPES[question.method]?.(answer) ?? true) return answer;
      throw noRpcError(question.method, host);
    };
    return { ...inner, request: request as EIP1193RequestFn };
  };
}

/** Whether something came that is no JSON, or that a JSON-RPC client stumbles over. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const has = (type: abstract new (...args: never[]) => Error): boolean =>
    error.walk((cause) => cause instanceof type) !== null;
  // A connection that fails is a TypeError too, of fetch.
  return has(SyntaxError) || (has(TypeError) && !has(HttpRequestError));
}

function noRpcError(method: string, host: string, cause?: unknown): RpcError {
  return new RpcError({
    code: "RPC_UNREACHABLE",
    message: `What answered ${method} is no RPC: its answer is none to that.`,
    value: host,
    next: "check the RPC's address: --rpc, or in the network file",
    cause,
  });
}
