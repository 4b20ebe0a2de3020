import { nameRegistryAbi } from "../abi/NameRegistry.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { inChainOrder, readEvents } from "./logs.ts";
import type { ProjectQuestion } from "./versions.ts";

/**
 * The domains that a project has claimed and not given up, in the order of their claims.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readDomains(
  client: NetworkClient,
  { projectId, signal }: ProjectQuestion,
): Promise<string[]> {
  const question = {
    address: client.network.contracts.nameRegistry,
    abi: nameRegistryAbi,
    args: { projectId },
    signal,
  } as const;
  const [claimed, released] = await Promise.all([
    readEvents(client, { ...question, eventName: "DomainClaimed" }),
    readEvents(client, { ...question, eventName: "DomainReleased" }),
  ]);
  const domains = new Set<string>();
  for (const { eventName, args } of [...claimed, ...released].sort(inChainOrder)) {
    if (eventName === "DomainClaimed") domains.add(args.domain);
    else domains.delete(args.domain);
  }
  return [...domains];
}

/**
 * The projects that claim a domain, in the order of their ids: of a domain outside the zone there may be several. Reads all claims of
 * the network: a domain is not indexed.
 *
 * @throws {RpcError} The chain cannot be asked; {FactError} it answers wrongly.
 */
export async function readClaimants(
  client: NetworkClient,
  { domain, signal }: { readonly domain: string; readonly signal?: AbortSignal | undefined },
): Promise<bigint[]> {
  const question = { address: client.network.contracts.nameRegistry, abi: nameRegistryAbi, signal };
  const of = <log extends { readonly args: { readonly domain: string } }>(logs: readonly log[]): log[] =>
    logs.filter(({ args }) => args.domain === domain);
  const [claimed, released] = await Promise.all([
    readEvents(client, { ...question, eventName: "DomainClaimed" }),
    readEvents(client, { ...question, eventName: "DomainReleased" }),
  ]);
  const found = new Set<bigint>();
  for (const { eventName, args } of [...of(claimed), ...of(released)].sort(inChainOrder)) {
    if (eventName === "DomainClaimed") found.add(args.projectId);
    else found.delete(args.projectId);
  }
  return [...found].sort((a, b) => (a < b ? -1 : 1));
}
