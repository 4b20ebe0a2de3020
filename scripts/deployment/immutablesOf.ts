/** Where a value stands in the code, in bytes. */
export interface CodeRange {
  readonly start: number;
  readonly length: number;
}

/** A value that the constructor writes into the code, in every place where it is used. */
export interface Immutable {
  /** As in the source: `ASSET`. */
  readonly name: string;
  /** As the compiler says it: `uint256`, `address`, `contract IERC20`, `ShortString`. */
  readonly type: string;
  readonly ranges: readonly CodeRange[];
}

/**
 * The immutables of a contract by name. The compiler knows them by the number of their declaration.
 *
 * @param references `immutableReferences` of the artifact.
 * @param sources The compiler's output with the syntax tree of every source.
 */
export function immutablesOf(
  references: Readonly<Record<string, readonly CodeRange[]>>,
  sources: Readonly<Record<string, { readonly ast?: unknown }>>,
): Immutable[] {
  const declarations = new Map<string, { name: string; type: string }>();
  for (const { ast } of Object.values(sources)) collect(ast, declarations);
  return Object.entries(references).map(([id, ranges]) => {
    const declaration = declarations.get(id);
    if (declaration === undefined) throw new RangeError(`the compiler's output declares no immutable ${id}`);
    return { ...declaration, ranges };
  });
}

function collect(node: unknown, into: Map<string, { name: string; type: string }>): void {
  if (Array.isArray(node)) {
    for (const child of node) collect(child, into);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  if (isImmutable(node))
    into.set(String(node.id), { name: node.name, type: node.typeDescriptions.typeString });
  for (const child of Object.values(node)) collect(child, into);
}

interface ImmutableNode {
  readonly id: number;
  readonly name: string;
  readonly typeDescriptions: { readonly typeString: string };
}

function isImmutable(node: object): node is ImmutableNode {
  return "mutability" in node && node.mutability === "immutable" && "typeDescriptions" in node;
}
