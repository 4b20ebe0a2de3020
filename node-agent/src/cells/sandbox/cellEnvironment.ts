import { findCertificates } from "./findCertificates.ts";

/**
 * What a cell's process gets of the environment: nothing of the agent's. Workers run in UTC. Told one file of
 * certificates, workerd reads no folder of them, where Debian has each of them three times: 3 ms and 1 MiB of each start.
 *
 * @param certificates - the file's path as the process sees it.
 */
export function cellEnvironment(certificates = findCertificates()): { readonly [name: string]: string } {
  return { TZ: "UTC", ...(certificates === undefined ? {} : { SSL_CERT_FILE: certificates }) };
}
