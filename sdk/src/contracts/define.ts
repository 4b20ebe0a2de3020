import {
  type Abi,
  type Address,
  type ContractEventName,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  type ParseEventLogsReturnType,
  parseEventLogs,
} from "viem";
import { TransactionError } from "../errors/errorClasses.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import type { NetworkWriter } from "../network/createNetworkWriter.ts";
import { type AbiOf, type Call, type CallTarget, type Contract, contractAt } from "./call.ts";
import { type ReadOptions, readCall } from "./read.ts";
import { type Mined, type SentCall, sendCall, type WriteOptions } from "./send.ts";
import type { CalledContract } from "./table.ts";

/** What a function takes. To `Extract`, TypeScript believes that arguments are a list before it knows which. */
type ArgsOf<abi extends Abi, kind extends "nonpayable" | "view" | "pure", name> =
  name extends ContractFunctionName<abi, kind>
    ? Extract<ContractFunctionArgs<abi, kind, name>, readonly unknown[]>
    : never;
type WriteName<key extends CalledContract> = ContractFunctionName<AbiOf<key>, "nonpayable">;
type WriteArgs<key extends CalledContract, name> = ArgsOf<AbiOf<key>, "nonpayable", name>;
type ViewName<key extends CalledContract> = ContractFunctionName<AbiOf<key>, "view" | "pure">;
type ViewArgs<key extends CalledContract, name> = ArgsOf<AbiOf<key>, "view" | "pure", name>;
/** What a view answers; of one that stands in the ABI more than once, each answer. */
type Answer<key extends CalledContract, name extends ViewName<key>> = AnswerTo<
  key,
  name,
  ViewArgs<key, name>
>;
type AnswerTo<key extends CalledContract, name extends ViewName<key>, args> =
  args extends ContractFunctionArgs<AbiOf<key>, "view" | "pure", name>
    ? ContractFunctionReturnType<AbiOf<key>, "view" | "pure", name, args>
    : never;
type EventArgs<
  key extends CalledContract,
  name extends ContractEventName<AbiOf<key>>,
> = ParseEventLogsReturnType<AbiOf<key>, name, true>[number]["args"];

/** What a function is given, with its options; nothing has to be given where it takes nothing. */
type Given<input, options> = unknown extends input ? [options?: options] : [parameters: input & options];

/** The events that a contract wrote during a call. */
export interface CallEvents<key extends CalledContract> {
  /**
   * The arguments of the last one of a name.
   *
   * @throws {TransactionError} `TX_WITHOUT_EVENT`: the contract is not what the ABI says.
   */
  last<name extends ContractEventName<AbiOf<key>>>(name: name): EventArgs<key, name>;
  /** The arguments of all of a name, in order. */
  all<name extends ContractEventName<AbiOf<key>>>(name: name): readonly EventArgs<key, name>[];
}

/** A function that changes something. */
export interface Write<key extends CalledContract, name extends WriteName<key>, input, result> {
  /** Simulates the call, sends it, waits until it is mined and reads what it wrote; see `sendCall`. */
  (client: NetworkWriter, ...given: Given<input, WriteOptions>): Promise<Mined & result>;
  /** The very call that would be sent: to simulate, estimate or encode it. */
  call(target: CallTarget, ...given: Given<input, unknown>): Call<AbiOf<key>, name, WriteArgs<key, name>>;
}

/**
 * Defines a function that changes something: what `args` makes of what it is given is simulated, estimated and sent, and
 * `result` is what the events of the contract tell of it.
 */
export function defineWrite<
  key extends CalledContract,
  const name extends WriteName<key>,
  input = unknown,
  const args extends WriteArgs<key, name> = WriteArgs<key, name>,
  result = unknown,
>(definition: {
  readonly contract: Contract<key>;
  readonly functionName: name;
  /** Absent where the contract's function takes nothing. */
  readonly args?: (input: input) => args;
  readonly result?: (events: CallEvents<key>) => result;
}): Write<key, name, input, result> {
  const { result } = definition;
  const callOf = callFrom(definition);
  const write = async (client: NetworkWriter, given: (input & WriteOptions) | undefined) => {
    const call = callOf(client, given as input);
    const sent = await sendCall(client, call, given ?? {});
    const { txHash, blockNumber } = sent;
    return { txHash, blockNumber, ...result?.(eventsOf(sent, call)) };
  };
  return Object.assign(write, { call: callOf }) as Write<key, name, input, result>;
}

/** A function that tells something. */
export interface View<key extends CalledContract, name extends ViewName<key>, input, result> {
  /** Asks the contract; throws what it refuses with, or that the chain cannot be asked. */
  (client: NetworkClient, ...given: Given<input, ReadOptions>): Promise<result>;
  /** The question alone, such as `multicall` takes. */
  call(target: CallTarget, ...given: Given<input, unknown>): Call<AbiOf<key>, name, ViewArgs<key, name>>;
}

/**
 * Defines a function that tells something: `args` is the question, and `result` makes of the contract's answer what the
 * caller gets.
 */
export function defineView<
  key extends CalledContract,
  const name extends ViewName<key>,
  input = unknown,
  const args extends ViewArgs<key, name> = ViewArgs<key, name>,
  result = Answer<key, name>,
>(definition: {
  readonly contract: Contract<key>;
  readonly functionName: name;
  /** Absent where the contract's function takes nothing. */
  readonly args?: (input: input) => args;
  /** Absent: the answer as it is. */
  readonly result?: (answer: Answer<key, name>, input: input) => result;
  /** Not together with other reads: for answers that grow with the question. */
  readonly alone?: boolean;
}): View<key, name, input, result> {
  const { result, alone } = definition;
  const callOf = callFrom(definition);
  const view = async (client: NetworkClient, given: (input & ReadOptions) | undefined) => {
    const input = given as input;
    const answer = (await readCall(client, callOf(client, input), { at: given?.at, alone })) as Answer<
      key,
      name
    >;
    return result === undefined ? answer : result(answer, input);
  };
  return Object.assign(view, { call: callOf }) as View<key, name, input, result>;
}

/** The one place where a call is made of what a caller gives. */
function callFrom<key extends CalledContract, name, input, args extends readonly unknown[]>({
  contract,
  functionName,
  args = () => [],
}: {
  readonly contract: Contract<key>;
  readonly functionName: name;
  readonly args?: (input: input) => args | [];
}): (target: CallTarget, input: input) => Call<AbiOf<key>, name, args | []> {
  return (target, input) => ({ ...contractAt(target, contract), functionName, args: args(input) });
}

function eventsOf<key extends CalledContract>(
  { logs, txHash }: SentCall,
  { address, abi }: { readonly address: Address; readonly abi: AbiOf<key> },
): CallEvents<key> {
  const own = logs.filter((log) => log.address.toLowerCase() === address.toLowerCase());
  const all = (eventName: ContractEventName<AbiOf<key>>) =>
    parseEventLogs({ abi, logs: own, eventName, strict: true }).map(({ args }) => args);
  return {
    all,
    last(eventName) {
      const found = all(eventName).at(-1);
      if (found !== undefined) return found;
      throw new TransactionError({
        code: "TX_WITHOUT_EVENT",
        message: `The transaction was mined, and the contract did not write ${eventName}.`,
        value: eventName,
        next: "check that the network file names the contracts of this version",
        txHash,
      });
    },
  } as CallEvents<key>;
}
