/**
 * The names under which a node itself answers, and no project: its own in the zone, and that of the endpoint which the
 * registry names, by which uploads and other nodes come.
 *
 * @param endpoint - `http(s)://host[:port]`; a stranger wrote it. Empty for none.
 */
export function ownHosts({
  nodeId,
  zone,
  endpoint,
}: {
  nodeId: number;
  zone: string;
  endpoint: string;
}): string[] {
  const own = `n${nodeId}.nodes.${zone}`;
  const named = URL.parse(endpoint)?.hostname.replace(/^\[(.*)\]$/, "$1");
  return named === undefined || named === "" || named === own ? [own] : [own, named];
}
