import type { Network } from "../network/network.ts";

/** The name whose TXT record proves a domain outside the zone. */
export function proofName(domain: string): string {
  return `_worker3.${domain}`;
}

/** What the record says. */
export function proofText(network: Network, projectId: bigint): string {
  return `worker3=${network.chainId}:${network.contracts.projectRegistry}:${projectId}`;
}

/**
 * The projects that TXT records name on this network, each once. Records of other networks and other programs are
 * passed over.
 */
export function proofOf(network: Network, texts: readonly string[]): bigint[] {
  const registry = network.contracts.projectRegistry.toLowerCase();
  const found = texts.flatMap((text) => {
    const [, chainId, address, projectId] =
      /^worker3=(\d+):(0x[0-9a-fA-F]{40}):(\d{1,20})$/.exec(text.trim()) ?? [];
    const ours = chainId === String(network.chainId) && address?.toLowerCase() === registry;
    return ours && projectId !== undefined ? [BigInt(projectId)] : [];
  });
  return [...new Set(found)];
}
