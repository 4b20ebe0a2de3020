const LIST = new Intl.ListFormat("en");

/** Nodes as a person reads them: `node 1, node 2, and node 4`. */
export function namesOf(nodeIds: readonly number[]): string {
  return LIST.format(nodeIds.map((nodeId) => `node ${nodeId}`));
}
