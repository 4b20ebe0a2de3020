import type { Replica } from "./Replica.ts";

/**
 * Where a domain is answered: `https://<domain>`, with the port where the replicas listen at another than the usual one,
 * as on a devnet. Each address once.
 */
export function urlsOf(domain: string, replicas: readonly Replica[]): string[] {
  const urls = replicas.flatMap(({ endpoint }) => {
    if (!URL.canParse(endpoint)) return [];
    const { protocol, port } = new URL(endpoint);
    return [`${protocol}//${domain}${port === "" ? "" : `:${port}`}`];
  });
  return [...new Set(urls)];
}
