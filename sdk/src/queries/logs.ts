import {
  type Abi,
  type Address,
  type ContractEventName,
  type EncodeEventTopicsParameters,
  encodeEventTopics,
  formatLog,
  type GetContractEventsParameters,
  type GetContractEventsReturnType,
  type Hex,
  type Log,
  numberToHex,
  type ParseEventLogsParameters,
  parseEventLogs,
} from "viem";
import { contractError } from "../errors/contractError.ts";
import { FactError } from "../events/FactError.ts";
import { type BlockRange, streamRange } from "../events/readRange.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";

/** A log that is in a block. */
export type MinedLog = Log<bigint, number, false>;

export interface LogQuestion {
  readonly address: Address;
  /** As `eth_getLogs` takes them; absent: whatever the contract wrote. */
  readonly topics?: readonly (Hex | readonly Hex[] | null)[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A contract's logs from the network's first block to the newest, in the chain's order, piece by piece. An answer that is
 * none to the question is an error: RPCs are strangers.
 *
 * @throws {RpcError} The chain cannot be asked.
 * @throws {FactError} `FOREIGN_LOG`, `PENDING_LOG`, `REMOVED_LOG`.
 */
export async function* streamLogs(
  { network, publicClient }: NetworkClient,
  { address, topics, signal }: LogQuestion,
): AsyncGenerator<MinedLog[], void, undefined> {
  const ask = async ({ fromBlock, toBlock }: BlockRange) => {
    const range = { fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) };
    const filter = topics === undefined ? {} : { topics: topics as [Hex] };
    const logs = await publicClient.request({
      method: "eth_getLogs",
      params: [{ address, ...range, ...filter }],
    });
    return logs.map((log) => minedLog(formatLog(log), address));
  };
  const toBlock = await newestBlock(publicClient);
  const range = { fromBlock: network.deploymentBlock, toBlock };
  for await (const { answer } of streamRange(range, ask, { signal })) yield answer;
}

/** All of `streamLogs` at once. */
export function readLogs(client: NetworkClient, question: LogQuestion): Promise<MinedLog[]> {
  return collected(streamLogs(client, question));
}

export interface EventQuestion<abi extends Abi, name extends ContractEventName<abi>> {
  readonly address: Address;
  readonly abi: abi;
  readonly eventName: name;
  /** Indexed arguments: little else comes back. */
  readonly args?: GetContractEventsParameters<abi, name>["args"] | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Events<abi extends Abi, name extends ContractEventName<abi>> = GetContractEventsReturnType<
  abi,
  name,
  true,
  bigint,
  bigint
>;

/**
 * One event's logs from the network's first block to the newest, in the chain's order, piece by piece. What viem's
 * `getContractEvents` leaves out because it cannot read it is an error here.
 *
 * @throws {RpcError} The chain cannot be asked.
 * @throws {FactError} `UNREADABLE_LOG`, and what `streamLogs` throws.
 */
export async function* streamEvents<const abi extends Abi, name extends ContractEventName<abi>>(
  client: NetworkClient,
  { address, abi, eventName, args, signal }: EventQuestion<abi, name>,
): AsyncGenerator<Events<abi, name>, void, undefined> {
  const question = { abi, eventName, ...(args === undefined ? {} : { args }) };
  const topics = encodeEventTopics(question as EncodeEventTopicsParameters) as LogQuestion["topics"];
  for await (const logs of streamLogs(client, { address, topics, signal })) {
    const events = logs.map((log) => {
      const [event] = parseEventLogs({ ...question, logs: [log], strict: true } as ParseEventLogsParameters);
      return event ?? refuse("UNREADABLE_LOG", `that is no ${eventName}`, log);
    });
    yield events as unknown as Events<abi, name>;
  }
}

/** All of `streamEvents` at once. */
export function readEvents<const abi extends Abi, name extends ContractEventName<abi>>(
  client: NetworkClient,
  question: EventQuestion<abi, name>,
): Promise<Events<abi, name>> {
  return collected(streamEvents(client, question)) as Promise<Events<abi, name>>;
}

/** Sorts logs as the chain wrote them. */
export function inChainOrder(
  a: Pick<MinedLog, "blockNumber" | "logIndex">,
  b: Pick<MinedLog, "blockNumber" | "logIndex">,
): number {
  return a.blockNumber === b.blockNumber ? a.logIndex - b.logIndex : a.blockNumber < b.blockNumber ? -1 : 1;
}

async function newestBlock(publicClient: NetworkClient["publicClient"]): Promise<bigint> {
  try {
    return await publicClient.getBlockNumber();
  } catch (cause) {
    throw contractError(cause);
  }
}

function minedLog(log: Log, address: Address): MinedLog {
  if (log.address.toLowerCase() !== address.toLowerCase()) refuse("FOREIGN_LOG", "of another contract", log);
  if (log.removed) refuse("REMOVED_LOG", "of a block that is none any more", log);
  if (log.blockNumber === null || log.transactionHash === null || log.logIndex === null) {
    refuse("PENDING_LOG", "of no block", log);
  }
  return log as MinedLog;
}

function refuse(code: string, what: string, { address, blockNumber, logIndex }: Log): never {
  throw new FactError({
    code,
    message: `The RPC answered with a log ${what}.`,
    value: `block ${blockNumber}, log ${logIndex}, address ${address}`,
    next: "name another RPC: --rpc, or in the network file",
  });
}

async function collected<item>(pieces: AsyncIterable<readonly item[]>): Promise<item[]> {
  const all: item[] = [];
  for await (const piece of pieces) for (const item of piece) all.push(item);
  return all;
}
