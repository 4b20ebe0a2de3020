import {
  type Abi,
  type Address,
  type ContractEventName,
  type EncodeEventTopicsParameters,
  encodeEventTopics,
  formatLog,
  type GetContractEventsParameters,
  type GetContractEventsReturnType,
  type Log,
  numberToHex,
  type ParseEventLogsParameters,
  parseEventLogs,
} from "viem";
import { FactError } from "../events/FactError.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import type { BlockRange } from "./readLogs.ts";

export interface ReadEventsParameters<abi extends Abi, name extends ContractEventName<abi>>
  extends BlockRange {
  readonly address: Address;
  readonly abi: abi;
  readonly eventName: name;
  /** Indexed arguments. */
  readonly args?: GetContractEventsParameters<abi, name>["args"] | undefined;
}

/**
 * One event's logs of a range, as viem's `getContractEvents` gives them, but that it takes whatever address an RPC says
 * and leaves out what it cannot read: here an answer that is none to the question is an error.
 *
 * @throws {FactError} `FOREIGN_LOG`, `PENDING_LOG`, `REMOVED_LOG`, `UNREADABLE_LOG`; what viem throws.
 */
export async function readEvents<const abi extends Abi, name extends ContractEventName<abi>>(
  { publicClient }: NetworkClient,
  { address, abi, eventName, args, fromBlock, toBlock }: ReadEventsParameters<abi, name>,
): Promise<GetContractEventsReturnType<abi, name, true, bigint, bigint>> {
  const question = { abi, eventName, ...(args === undefined ? {} : { args }) };
  const topics = encodeEventTopics(question as EncodeEventTopicsParameters);
  const raw = await publicClient.request({
    method: "eth_getLogs",
    params: [{ address, topics, fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) }],
  });
  const logs = raw.map((log) => formatLog(log));
  for (const log of logs) {
    if (log.address.toLowerCase() !== address.toLowerCase()) {
      throw lie("FOREIGN_LOG", "of another contract", log);
    }
    if (log.removed) throw lie("REMOVED_LOG", "of a block that is none any more", log);
    if (log.blockNumber === null || log.transactionHash === null || log.logIndex === null) {
      throw lie("PENDING_LOG", "of no block", log);
    }
    const [readable] = parseEventLogs({ ...question, logs: [log], strict: true } as ParseEventLogsParameters);
    if (readable === undefined) throw lie("UNREADABLE_LOG", `that is no ${eventName}`, log);
  }
  return parseEventLogs({ ...question, logs, strict: true } as ParseEventLogsParameters) as never;
}

function lie(code: string, what: string, { address, blockNumber, logIndex }: Log): FactError {
  return new FactError({
    code,
    message: `The RPC answered with a log ${what}.`,
    value: `block ${blockNumber}, log ${logIndex}, address ${address}`,
    next: "name another RPC: --rpc, or in the network file",
  });
}
