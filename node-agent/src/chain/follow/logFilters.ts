import { addressesOf, factContracts, type Network, usageSettlementAbi } from "@worker3/sdk";
import { type Address, type Hex, isAddressEqual, type Log, numberToHex, toEventSelector } from "viem";
import { mayHold } from "./bloom.ts";

/** Which logs to ask for: of one of some addresses, with one of some values at each place that has any. */
export interface LogFilter {
  readonly address: readonly Address[];
  readonly topics: readonly (readonly Hex[] | null)[];
}

/**
 * What a node asks for. Of the registries and the escrow everything, for it knows all nodes and projects; of the settlement what
 * is of the network, and of nodes only what is of this one: the others' receipts are most of what there is. No log
 * is of two of the filters.
 */
export function logFilters({ contracts }: Pick<Network, "contracts">, nodeId: number): LogFilter[] {
  const settlement = [contracts.usageSettlement];
  const others = addressesOf(
    contracts,
    factContracts.filter((key) => key !== "usageSettlement"),
  );
  const byPlace = Map.groupBy(SETTLEMENT_EVENTS, ({ nodePlace }) => nodePlace);
  return [
    { address: others.map(([, address]) => address), topics: [] },
    ...Array.from(byPlace, ([place, events]) => ({
      address: settlement,
      topics: [events.map(({ selector }) => selector), ...ownAt(place, nodeId)],
    })),
  ];
}

/** The topics after the first of events that have the node's id at a place; 0: at none. */
function ownAt(place: number, nodeId: number): (Hex[] | null)[] {
  if (place === 0) return [];
  return [...Array.from({ length: place - 1 }, () => null), [numberToHex(nodeId, { size: 32 })]];
}

/** The events of the settlement, and which of their topics is the node's id; 0: none. */
const SETTLEMENT_EVENTS = usageSettlementAbi.flatMap((item) => {
  if (item.type !== "event") return [];
  const indexed = item.inputs.filter((input) => "indexed" in input && input.indexed);
  const nodePlace = indexed.findIndex(({ name }) => name === "nodeId") + 1;
  return [{ selector: toEventSelector(item), nodePlace }];
});

/**
 * Whether a log is of the events that were asked for: there are RPCs that pay no heed to topics. A log of a contract that was
 * not asked for is no such thing, and stays for whoever reads it to complain of.
 */
export function isWanted({ topics }: LogFilter, log: Pick<Log, "topics">): boolean {
  return topics.every(
    (values, place) => values === null || values.some((value) => value === log.topics[place]),
  );
}

/** Every log of the contracts that some filters are of. */
export function everythingOf(filters: readonly LogFilter[]): LogFilter {
  return { address: [...new Set(filters.flatMap(({ address }) => address))], topics: [] };
}

/** Whether a log is of a contract that is asked by topics alone, and none of those. A stranger's log is not. */
export function isOfOthers(filters: readonly LogFilter[], log: Pick<Log, "address" | "topics">): boolean {
  const ofContract = filters.filter(({ address }) => address.some((one) => isAddressEqual(one, log.address)));
  return ofContract.length > 0 && !ofContract.some((filter) => isWanted(filter, log));
}

/** Whether a block with this filter in its header has such logs, as `mayHold` says it. */
export function tellsOf(logsBloom: Hex | undefined, { address, topics }: LogFilter): boolean | undefined {
  if (logsBloom === undefined) return undefined;
  return mayHold(logsBloom, [address, ...topics.filter((values) => values !== null)]);
}
