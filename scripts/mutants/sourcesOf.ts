const USED = /^\s*\/\/\/ @use-src (.*)$/gm;
const SOURCE = /\d+:"([^"]+)"/g;

/** The sources that went into a contract, by the list at the head of each object of its intermediate code (`ir`). */
export function sourcesOf(ir: string): ReadonlySet<string> {
  const lists = [...ir.matchAll(USED)].map(([, list]) => list ?? "");
  return new Set(lists.flatMap((list) => [...list.matchAll(SOURCE)].map(([, name]) => name ?? "")));
}
