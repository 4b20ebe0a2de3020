import { accessManagerAbi } from "@worker3/sdk";
import { concat, encodeEventTopics, type Hex, numberToHex, padHex, size } from "viem";

const [ROLE_GRANTED] = encodeEventTopics({ abi: accessManagerAbi, eventName: "RoleGranted" });

/** Creation code that writes slots and a log, and leaves `runtimeCode`. */
export function creationCode(slots: readonly (readonly [slot: Hex, value: bigint])[], runtimeCode: Hex): Hex {
  const writes = slots.map(([slot, value]) =>
    concat(["0x7f", numberToHex(value, { size: 32 }), "0x7f", padHex(slot, { size: 32 }), "0x55"]),
  );
  // A constructor's event, without arguments: PUSH32 topic, PUSH0, PUSH0, LOG1
  const log = concat(["0x7f", ROLE_GRANTED, "0x5f5fa1"]);
  const head = concat([...writes, log]);
  const length = numberToHex(size(runtimeCode), { size: 2 });
  // PUSH2 length, DUP1, PUSH2 offset, PUSH0, CODECOPY, PUSH0, RETURN
  const offset = numberToHex(size(head) + 11, { size: 2 });
  return concat([head, "0x61", length, "0x80", "0x61", offset, "0x5f395ff3", runtimeCode]);
}

/** Code of a contract that creates another whenever it is called. */
export function factoryOf(creation: Hex): Hex {
  const length = numberToHex(size(creation), { size: 2 });
  // PUSH2 length, DUP1, PUSH2 offset, PUSH0, CODECOPY, PUSH0, PUSH0, CREATE, STOP
  return concat(["0x61", length, "0x80", "0x61", numberToHex(13, { size: 2 }), "0x5f395f5ff000", creation]);
}
