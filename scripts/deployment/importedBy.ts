/**
 * The sources that a source is made of: itself and what it imports, directly or not, in the order of their names.
 *
 * @param sources The compiler's output with the syntax tree of every source.
 */
export function importedBy(
  sourceName: string,
  sources: Readonly<Record<string, { readonly ast?: unknown }>>,
): string[] {
  const found = new Set([sourceName]);
  for (const name of found) {
    const source = sources[name];
    if (source === undefined) throw new RangeError(`the compiler's output has no source ${name}`);
    for (const imported of importsOf(source.ast)) found.add(imported);
  }
  return [...found].sort();
}

function importsOf(ast: unknown): string[] {
  if (typeof ast !== "object" || ast === null || !("nodes" in ast) || !Array.isArray(ast.nodes)) return [];
  return ast.nodes
    .filter((node): node is { absolutePath: string } => node?.nodeType === "ImportDirective")
    .map(({ absolutePath }) => absolutePath);
}
