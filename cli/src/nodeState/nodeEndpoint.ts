import { networkInterfaces } from "node:os";
import type { Network } from "@worker3/sdk";
import { UsageError } from "../errors.ts";
import type { Listen } from "../inputs/listen.ts";

/** A network of this machine alone, by RFC 6761, 6.3. Its contracts take `http://` endpoints too. */
export function isDevnet({ zone }: Pick<Network, "zone">): boolean {
  return zone.endsWith(".localhost");
}

/** Where an agent listens, as one types it. */
export function listenText({ host, port }: Listen): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** An endpoint as it is typed for a node on a network; on a devnet the one that leads to where it listens. */
export function endpointExample(network: Pick<Network, "zone">, { host, port }: Listen): string {
  if (!isDevnet(network)) return "https://<host>";
  const isAll = host === "0.0.0.0" || host === "::";
  const reached = listenText({ host: isAll ? "127.0.0.1" : host, port });
  return `http://${port === 0 ? reached.replace(/0$/, "<port>") : reached}`;
}

/** The command that enters a folder's node on chain. */
export function registerLine({
  network,
  listen,
}: {
  readonly network: Network;
  readonly listen: Listen;
}): string {
  return `worker3 node register --region <region> --endpoint ${endpointExample(network, listen)}`;
}

/**
 * Refuses what has no scheme, in the words of the network: the contract does not know that `http://` would do here.
 *
 * @throws {UsageError} `ENDPOINT_HAS_NO_SCHEME`.
 */
export function checkScheme(network: Pick<Network, "zone">, endpoint: string): void {
  const schemes = isDevnet(network) ? ["http://", "https://"] : ["https://"];
  if (schemes.some((scheme) => endpoint.startsWith(scheme) && endpoint.length > scheme.length)) return;
  throw new UsageError({
    code: "ENDPOINT_HAS_NO_SCHEME",
    message: `An endpoint is ${schemes.join(" or ")} with a host behind it.`,
    value: endpoint,
    next: `name the node as ${schemes.map((scheme) => `${scheme}host[:port]`).join(", or ")}`,
  });
}

/**
 * Why an endpoint may not lead to where its agent listens; undefined where it does, or where that cannot be told. Only what
 * names this machine can be told; and even then something in front may lead from the one to the other.
 *
 * @param own The addresses of this machine.
 */
export function endpointDoubt(
  endpoint: string,
  listen: Listen,
  own: ReadonlySet<string> = ownAddresses(),
): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const { protocol, hostname, port: said } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (!isLoopback(host) && !own.has(host)) return undefined;
  const port = said === "" ? (protocol === "https:" ? 443 : 80) : Number(said);
  const where = listenText(listen);
  const unless = "Unless a proxy leads from there to here, nobody reaches the node";
  const change = "change listen in node.json, or the endpoint";
  if (listen.port === 0)
    return `The agent takes another free port at each start, and the endpoint has port ${port}. ${unless}: ${change}.`;
  if (listen.port !== port)
    return `The endpoint has port ${port} of this machine, and the agent of this folder listens on ${where}. ${unless}: ${change}.`;
  if (isLoopback(listen.host) && !isLoopback(host))
    return `The agent listens on ${where}, which only this machine reaches, and the endpoint is ${endpoint}. ${unless}: ${change}.`;
  return undefined;
}

function isLoopback(host: string): boolean {
  return /^127\.|^::1$|^localhost$|\.localhost$/.test(host);
}

function ownAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address)),
  );
}
