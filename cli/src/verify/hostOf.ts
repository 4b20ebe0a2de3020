import { zoneLabel } from "@worker3/sdk";

export interface HostOfParameters {
  /** The domain that is verified. */
  readonly domain: string;
  readonly zone: string;
  readonly version: number;
  /** Whether some visitors get another version. */
  readonly split: boolean;
}

/**
 * The host name under which a version answers for sure. While a split stands, a name of the zone answers with either
 * version; its preview name does not.
 */
export function hostOf({ domain, zone, version, split }: HostOfParameters): string {
  return split && zoneLabel(domain, zone) !== undefined ? `v${version}.${domain}` : domain;
}
