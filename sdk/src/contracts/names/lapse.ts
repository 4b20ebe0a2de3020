import { nameRegistry } from "../../abi/contracts.ts";
import { defineWrite } from "../define.ts";

/** A name of the zone. */
interface OfName {
  /** `name.zone`. */
  readonly domain: string;
}

export interface LapseNoticed {
  readonly projectId: bigint;
  /** After this epoch anyone may take the name, unless credit for an epoch comes or the terms change. */
  readonly lastEpoch: number;
}

/**
 * Says on chain that the project at a name cannot pay one epoch's budget. Anyone may.
 *
 * @throws `NAME_IS_FREE`, `NOT_IN_ZONE`, `STILL_FUNDED`, `NOTICED_TOO_SOON`, `ALREADY_NOTICED`, or what every write throws,
 *   see `sendCall`.
 */
export const noticeLapse = /* @__PURE__ */ defineWrite({
  contract: nameRegistry,
  functionName: "noticeLapse",
  args: ({ domain }: OfName) => [domain],
  result(events): LapseNoticed {
    const { projectId, lastEpoch } = events.last("LapseNoticed");
    return { projectId, lastEpoch };
  },
});

/**
 * Takes a name from a project whose lapse was noticed more than 90 epochs ago, and which still cannot pay. The name is free at
 * once. Anyone may.
 *
 * @throws `NAME_IS_FREE`, `NOT_IN_ZONE`, `STILL_FUNDED`, `NOT_NOTICED`, `NOT_LAPSED`, or what every write throws, see
 *   `sendCall`.
 */
export const lapse = /* @__PURE__ */ defineWrite({
  contract: nameRegistry,
  functionName: "lapse",
  args: ({ domain }: OfName) => [domain],
});
