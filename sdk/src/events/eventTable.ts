import { type AbiParameter, type Hex, toEventSelector } from "viem";
import { contractByKey } from "../abi/contracts.ts";
import { type FactContract, factContracts, recordOf } from "../contracts/table.ts";

/** An event as the decoder needs it: worked out once, for a sync reads millions of logs. */
export interface EventShape {
  readonly name: string;
  /** In topics 1 to 3. */
  readonly indexed: readonly (AbiParameter & { name: string })[];
  /** In the data. */
  readonly plain: readonly (AbiParameter & { name: string })[];
}

type AbiItem = { readonly type: string; readonly name?: string; readonly inputs?: readonly EventInput[] };
type EventInput = AbiParameter & { readonly name: string; readonly indexed?: boolean };

function shapesOf(abi: readonly AbiItem[]): ReadonlyMap<Hex, EventShape> {
  const events = abi.filter((item) => item.type === "event");
  return new Map(
    events.map(({ name = "", inputs = [] }) => [
      toEventSelector({ type: "event", name, inputs }),
      {
        name,
        indexed: inputs.filter((input) => input.indexed === true),
        plain: inputs.filter((input) => input.indexed !== true),
      },
    ]),
  );
}

/** The events of each contract by their first topic. */
export const eventTable: Readonly<Record<FactContract, ReadonlyMap<Hex, EventShape>>> =
  /* @__PURE__ */ recordOf(factContracts, (key) => shapesOf(contractByKey[key].abi));
