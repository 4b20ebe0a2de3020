import { isRouted, type NetworkClient, readDomains } from "@worker3/sdk";

/**
 * A project's domains outside of the zone: a deployment finds it there by what the chain keeps of each owner, and so of a new
 * one only where that was said.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function outsideDomains(
  client: NetworkClient,
  question: { readonly projectId: bigint; readonly signal: AbortSignal },
): Promise<string[]> {
  const domains = await readDomains(client, question);
  return domains.filter((domain) => !isRouted(client.network, domain));
}
