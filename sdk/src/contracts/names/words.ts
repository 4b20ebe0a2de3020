/** Why a project no longer holds a domain, in the order of the contract's enum. */
export const RELEASE_REASONS = ["GivenUp", "Lapsed", "ProjectClosed"] as const;

/**
 * Why a project no longer holds a domain: its owner gave it up; it lapsed; or the project is closed and another claimed the
 * name.
 */
export type ReleaseReason = (typeof RELEASE_REASONS)[number];

/** The reason of its number on chain. */
export function releaseReason(number: number): ReleaseReason {
  const reason = RELEASE_REASONS[number];
  if (reason === undefined) throw new RangeError(`there is no release reason ${number}`);
  return reason;
}

/** How a name of the zone stands, in the order of the contract's enum. */
export const NAME_STANDINGS = ["Free", "Held", "Resting", "Kept"] as const;

/**
 * How a name of the zone stands: anyone may claim it; a project holds it; it was given up, and only its last owner may claim
 * it yet; or the network before keeps it for the owner that it has there.
 */
export type NameStanding = (typeof NAME_STANDINGS)[number];

/** The standing of its number on chain. */
export function nameStanding(number: number): NameStanding {
  const standing = NAME_STANDINGS[number];
  if (standing === undefined) throw new RangeError(`there is no standing ${number}`);
  return standing;
}
