/**
 * The regions in the order of their numbers on chain: 0 wnam to 8 me. Their codes are those of Cloudflare's location
 * hints.
 */
export const REGIONS = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;

export type Region = (typeof REGIONS)[number];

/** A region mask has a bit for each of the nine regions. */
export const ALL_REGIONS = (1 << REGIONS.length) - 1;
