import {
  type Abi,
  type Address,
  type ContractEventName,
  type ParseEventLogsReturnType,
  parseEventLogs,
} from "viem";
import { TransactionError } from "../errors/errorClasses.ts";
import type { SentCall } from "./sendCall.ts";

type EventArgs<abi extends Abi, name extends ContractEventName<abi>> = ParseEventLogsReturnType<
  abi,
  name,
  true
>[number]["args"];

/**
 * The arguments of the last event of that name which the contract wrote during a call.
 *
 * @throws {TransactionError} `TX_WITHOUT_EVENT`: the contract is not what the ABI says.
 */
export function eventOf<const abi extends Abi, name extends ContractEventName<abi>>(
  { logs, txHash }: SentCall,
  { abi, address }: { readonly abi: abi; readonly address: Address },
  eventName: name,
): EventArgs<abi, name> {
  const own = logs.filter((log) => log.address.toLowerCase() === address.toLowerCase());
  const found = parseEventLogs<abi, true, name>({ abi, logs: own, eventName, strict: true }).at(-1);
  if (found !== undefined) return found.args;
  throw new TransactionError({
    code: "TX_WITHOUT_EVENT",
    message: `The transaction was mined, and the contract did not write ${String(eventName)}.`,
    value: String(eventName),
    next: "check that the network file names the contracts of this version",
    txHash,
  });
}
