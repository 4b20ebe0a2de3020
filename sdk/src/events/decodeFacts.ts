import { decodeAbiParameters, type Hex, type Log } from "viem";
import { type FactContract, factContracts } from "../contracts/table.ts";
import { addressesOf, type Network } from "../network/network.ts";
import { eventTable } from "./eventTable.ts";
import type { Fact, FactPlace } from "./Fact.ts";
import { FactError } from "./FactError.ts";
import { refineArgs } from "./refineArgs.ts";

export interface DecodeFactsParameters {
  readonly network: Pick<Network, "contracts">;
  /** In any order. */
  readonly logs: readonly Log[];
  /** Called for events that this version does not know, which are left out. */
  readonly onUnknown?: ((log: Log, contract: FactContract) => void) | undefined;
}

/**
 * The facts in some logs of the contracts, in the order of the chain: by block, then by place in it.
 *
 * @throws {FactError} `FOREIGN_LOG` for a log of another address, `PENDING_LOG` for one that is in no block yet,
 *   `REMOVED_LOG` for one that a reorganisation took out again, `UNREADABLE_LOG` for one whose data is not what its event has.
 */
export function decodeFacts({ network, logs, onUnknown }: DecodeFactsParameters): Fact[] {
  const facts: Fact[] = [];
  const contracts = new Map(
    addressesOf(network.contracts, factContracts).map(([name, address]) => [address.toLowerCase(), name]),
  );
  for (const log of logs) {
    const place = placeOf(log);
    const contract = contracts.get(log.address.toLowerCase());
    if (contract === undefined)
      throw factError("FOREIGN_LOG", "a log is of no contract of the network", place);
    const shape = eventTable[contract].get(log.topics[0] ?? "0x");
    if (shape === undefined) {
      onUnknown?.(log, contract);
      continue;
    }
    try {
      const plain = decodeAbiParameters(shape.plain, log.data);
      const args = Object.fromEntries([
        ...shape.indexed.map((input, i) => [input.name, decodeTopic(input, log.topics[i + 1])]),
        ...shape.plain.map(({ name }, i) => [name, plain[i]]),
      ]);
      facts.push({
        ...place,
        contract,
        kind: shape.name,
        args: refineArgs(contract, args),
      } as unknown as Fact);
    } catch (cause) {
      throw factError("UNREADABLE_LOG", `a log is not what ${shape.name} writes`, place, cause);
    }
  }
  return facts.sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
}

function decodeTopic(
  input: Parameters<typeof decodeAbiParameters>[0][number],
  topic: Hex | undefined,
): unknown {
  return decodeAbiParameters([input], topic ?? "0x")[0];
}

function placeOf({ address, blockNumber, blockHash, transactionHash, logIndex, removed }: Log): FactPlace {
  if (removed) {
    throw new FactError({
      code: "REMOVED_LOG",
      message: "a reorganisation of the chain removed a log",
      value: `block ${blockNumber}, log ${logIndex}, address ${address}`,
      next: "take back what the log told, and ask again from the block before it",
    });
  }
  if (blockNumber === null || blockHash === null || transactionHash === null || logIndex === null) {
    throw new FactError({
      code: "PENDING_LOG",
      message: "a log is in no block yet",
      value: transactionHash ?? address,
      next: "ask for logs of mined blocks only",
    });
  }
  return { address, blockNumber, blockHash, txHash: transactionHash, logIndex };
}

function factError(code: string, message: string, place: FactPlace, cause?: unknown): FactError {
  return new FactError({
    code,
    message,
    value: `block ${place.blockNumber}, log ${place.logIndex}, address ${place.address}`,
    next: "check that the network file names the contracts of this version",
    cause,
  });
}
