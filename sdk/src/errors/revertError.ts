import { decodeErrorResult, type Hash, type Hex } from "viem";
import { errorsAbi } from "../abi/errors.ts";
import { ContractError } from "./errorClasses.ts";
import { fillText, placeholdersOf } from "./fillText.ts";
import { foreignWords } from "./foreignWords.ts";
import type { ErrorText } from "./texts/ErrorText.ts";
import { errorTexts } from "./texts/errorTexts.ts";
import { upperSnake } from "./upperSnake.ts";

export interface RevertContext {
  /** The transaction that was mined and reverted. */
  txHash?: Hash | undefined;
  cause?: unknown;
}

/** The typed error of the bytes that a call reverted with; undefined bytes: it gave no reason. */
export function revertError(data: Hex | undefined, context: RevertContext = {}): ContractError {
  if (data === undefined) {
    return new ContractError({
      code: "REVERTED",
      message: "The contract refused without a reason.",
      ...context,
    });
  }
  const decoded = decode(data);
  if (decoded === undefined) {
    return new ContractError({
      code: "REVERTED",
      message: "The contract refused with an error that is not known here.",
      value: data,
      next: "the contracts may be newer than this program: update it",
      ...context,
    });
  }
  const { errorName, args } = decoded;
  const text = textOf(errorName, args);
  const value = text.value === undefined ? undefined : args[text.value];
  return new ContractError({
    code: text.code ?? upperSnake(errorName),
    message: fillText(text.message, args),
    value: value === undefined ? undefined : String(value),
    next: text.next === undefined ? undefined : fillText(text.next, args),
    errorName,
    args,
    ...context,
  });
}

function decode(data: Hex): { errorName: string; args: Record<string, unknown> } | undefined {
  try {
    const { errorName, abiItem, args = [] } = decodeErrorResult({ abi: errorsAbi, data });
    const inputs = abiItem.type === "error" ? abiItem.inputs : [];
    return { errorName, args: Object.fromEntries(inputs.map(({ name }, i) => [name ?? String(i), args[i]])) };
  } catch {
    return undefined;
  }
}

function textOf(errorName: string, args: Readonly<Record<string, unknown>>): ErrorText {
  if (errorName === "Error") return reasonText(String(Object.values(args)[0]));
  if (errorName === "Panic") {
    return { message: `The contract stopped with panic ${String(Object.values(args)[0])}.`, code: "PANIC" };
  }
  const texts = errorTexts[errorName];
  const found = (Array.isArray(texts) ? texts : [texts]).find(
    (text: ErrorText | undefined) =>
      text !== undefined &&
      placeholdersOf(`${text.message} ${text.next ?? ""}`).every((name) => name in args),
  );
  return found ?? { message: `The contract refused: ${errorName}(${Object.values(args).join(", ")}).` };
}

/** Tokens older than ERC-6093 give their reason as text. */
function reasonText(reason: string): ErrorText {
  if (/exceeds balance|insufficient balance/i.test(reason)) {
    return {
      code: "INSUFFICIENT_BALANCE",
      message: "The account holds too little of the asset.",
      next: "send the asset to the paying account first",
    };
  }
  if (/allowance/i.test(reason)) {
    return {
      code: "INSUFFICIENT_ALLOWANCE",
      message: "The contract may not take that much of the asset.",
      next: "approve the amount to the contract first",
    };
  }
  return { code: "REVERTED", message: `The contract refused: ${foreignWords(reason)}.` };
}
