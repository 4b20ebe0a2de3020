/** By which worker3 is known in `CDN-Loop`, whatever the node (RFC 8586, 2: a pseudonym). */
const CDN_ID = "worker3";

/** A request that came by so many nodes already runs in a circle: workers fetch one another, or themselves. */
export const MAX_PASSES = 16;

/** How often a request came by a node of worker3 already, from its `CDN-Loop` headers, joined by commas. */
export function passesOf(cdnLoop: string | undefined): number {
  const passed = splitUnquoted(cdnLoop ?? "");
  return passed.filter((entry) => /^\s*([^\s;]*)/.exec(entry)?.[1]?.toLowerCase() === CDN_ID).length;
}

/** What goes on: who passed it on before, as they said it, and this node. */
export function nextCdnLoop(cdnLoop: string | undefined, nodeId: number): string {
  const before = cdnLoop?.trim() ?? "";
  const own = `${CDN_ID}; node=${nodeId}`;
  return before === "" ? own : `${before}, ${own}`;
}

/** A parameter may be a quoted string, with commas in it (RFC 9110, 5.6.4). */
function splitUnquoted(value: string): string[] {
  return value.replace(/"(?:[^"\\]|\\.)*"/g, "").split(",");
}
