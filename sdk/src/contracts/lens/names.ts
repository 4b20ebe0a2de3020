import { type Address, zeroAddress } from "viem";
import { lens } from "../../abi/contracts.ts";
import { defineView } from "../define.ts";
import { type NameStanding, nameStanding } from "../names/words.ts";

/** A name of the zone. */
export interface NameState {
  readonly standing: NameStanding;
  /** Who holds it, or may claim it before others; undefined when it is free. */
  readonly owner: Address | undefined;
  /** The project that holds it or held it last; undefined for none. */
  readonly projectId: bigint | undefined;
  /** Until when it rests or is kept; undefined when it does not. */
  readonly lastEpoch: number | undefined;
  /** The epoch in which its lapse was noticed; undefined when it was not. */
  readonly noticedAt: number | undefined;
}

/**
 * How a name of the zone stands: whether it is free, and if not whose it is and until when.
 *
 * @throws `PROVE_BY_TXT` for a domain outside the zone, `NAME_IS_RESERVED`, or that the chain cannot be asked.
 */
export const nameOf = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "nameOf",
  args: ({ domain }: { readonly domain: string }) => [domain],
  result: ([standing, owner, projectId, lastEpoch, noticedAt]): NameState => ({
    standing: nameStanding(standing),
    owner: owner === zeroAddress ? undefined : owner,
    projectId: projectId === 0n ? undefined : projectId,
    lastEpoch: lastEpoch === 0 ? undefined : lastEpoch,
    noticedAt: noticedAt === 0 ? undefined : noticedAt,
  }),
});

export interface HeldDomains {
  /** How many domains the project holds in all. */
  readonly count: number;
  /** Those of the candidates that it holds, in their order. */
  readonly held: readonly string[];
}

/**
 * How many domains a project holds, and which of some candidates are among them: the chain keeps hashes of domains, no list.
 *
 * @throws `UNKNOWN_PROJECT`, what a candidate that is no domain is refused with, or that the chain cannot be asked.
 */
export const domainsOf = /* @__PURE__ */ defineView({
  contract: lens,
  functionName: "domainsOf",
  args: ({
    projectId,
    candidates,
  }: {
    readonly projectId: bigint;
    readonly candidates: readonly string[];
  }) => [projectId, candidates],
  result: ([count, held], { candidates }): HeldDomains => ({
    count,
    held: candidates.filter((_, index) => held[index]),
  }),
});
