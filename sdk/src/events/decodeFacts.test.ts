import assert from "node:assert/strict";
import { encodeAbiParameters, encodeEventTopics, type Hex, type Log, zeroAddress } from "viem";
import { projectRegistryAbi, usageSettlementAbi } from "../abi/index.ts";
import { requiredContracts } from "../contracts/table.ts";
import { exampleAddresses } from "../testing/exampleAddresses.ts";
import { throwsCode } from "../testing/throwsCode.ts";
import { decodeFacts } from "./decodeFacts.ts";
import { eventTable } from "./eventTable.ts";

const contracts = exampleAddresses(requiredContracts);
const network = { contracts };

function log(place: { block: bigint; index: number }, rest: Partial<Log> & { topics: [Hex, ...Hex[]] }): Log {
  return {
    address: contracts.projectRegistry,
    blockHash: `0x${"0b".repeat(32)}`,
    blockNumber: place.block,
    data: "0x",
    logIndex: place.index,
    removed: false,
    transactionHash: `0x${"0c".repeat(32)}`,
    transactionIndex: 0,
    blockTimestamp: undefined,
    ...rest,
  } as Log;
}

function activated(place: { block: bigint; index: number }, version: number): Log {
  const topics = encodeEventTopics({
    abi: projectRegistryAbi,
    eventName: "Activated",
    args: { projectId: 7n, version },
  });
  return log(place, { topics: topics as [Hex, ...Hex[]] });
}

describe("decodeFacts", () => {
  it("knows every event of the contracts", () => {
    const names = Object.values(eventTable).flatMap((events) => [...events.values()].map(({ name }) => name));
    for (const name of [
      "NodeRegistered",
      "VersionAdded",
      "Deposited",
      "BatchCounted",
      "Claimed",
      "PausedUntil",
    ]) {
      assert.ok(names.includes(name), name);
    }
  });

  it("gives the facts in the order of the chain, whatever the order of the logs", () => {
    const logs = [
      activated({ block: 2n, index: 0 }, 3),
      activated({ block: 1n, index: 12 }, 2),
      activated({ block: 1n, index: 3 }, 1),
    ];
    const facts = decodeFacts({ network, logs });
    assert.deepEqual(
      facts.map((fact) => (fact.kind === "Activated" ? fact.args : undefined)),
      [1, 2, 3].map((version) => ({ projectId: 7n, version })),
    );
    const { args: _, ...place } = facts[0] ?? assert.fail();
    assert.deepEqual(place, {
      contract: "projectRegistry",
      kind: "Activated",
      address: contracts.projectRegistry,
      blockNumber: 1n,
      blockHash: `0x${"0b".repeat(32)}`,
      txHash: `0x${"0c".repeat(32)}`,
      logIndex: 3,
    });
  });

  it("refines what the chain has only as numbers and bytes", () => {
    const prices = {
      fromEpoch: 1,
      feeBps: 2,
      included: 3,
      base: 4,
      perMRequests: 5,
      perMCpuMs: 6,
      perGiB: 7,
      perGiBStored: 8,
    };
    const item = usageSettlementAbi.find((entry) => entry.type === "event" && entry.name === "PricesSet");
    assert.ok(item?.type === "event");
    const [fact] = decodeFacts({
      network,
      logs: [
        log(
          { block: 1n, index: 0 },
          {
            address: contracts.usageSettlement,
            topics: encodeEventTopics({ abi: usageSettlementAbi, eventName: "PricesSet" }) as [Hex],
            data: encodeAbiParameters(item.inputs, [prices] as never),
          },
        ),
      ],
    });
    assert.ok(fact?.kind === "PricesSet");
    assert.deepEqual(fact.args.prices, {
      fromEpoch: 1,
      feeBps: 2,
      included: 3n,
      base: 4n,
      perMRequests: 5n,
      perMCpuMs: 6n,
      perGiB: 7n,
      perGiBStored: 8n,
    });
  });

  it("an event that this version does not know is left out, and told to who asks", () => {
    const unknown = log({ block: 1n, index: 0 }, { topics: [`0x${"ff".repeat(32)}`] });
    const told: [Log, string][] = [];
    const onUnknown = (seen: Log, contract: string): void => void told.push([seen, contract]);
    assert.deepEqual(decodeFacts({ network, logs: [unknown], onUnknown }), []);
    assert.deepEqual(told, [[unknown, "projectRegistry"]]);
  });

  it("refuses logs of other contracts, logs that are in no block or no more, and damaged ones", () => {
    const place = { block: 5n, index: 2 };
    const foreign = { ...activated(place, 1), address: zeroAddress };
    assert.match(
      String(throwsCode(() => decodeFacts({ network, logs: [foreign] }), "FOREIGN_LOG").value),
      /block 5, log 2/,
    );
    const pending = { ...activated(place, 1), blockNumber: null } as unknown as Log;
    throwsCode(() => decodeFacts({ network, logs: [pending] }), "PENDING_LOG");
    throwsCode(
      () => decodeFacts({ network, logs: [{ ...activated(place, 1), removed: true }] }),
      "REMOVED_LOG",
    );
    const cut = activated(place, 1);
    throwsCode(
      () => decodeFacts({ network, logs: [{ ...cut, topics: [cut.topics[0] ?? "0x"] }] }),
      "UNREADABLE_LOG",
    );
  });
});
