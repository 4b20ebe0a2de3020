import { createRequire } from "node:module";

/** A node of solc's syntax tree. `src` is `start:length:file`, in bytes of UTF-8. */
export interface SyntaxNode {
  readonly nodeType: string;
  readonly src: string;
  readonly [key: string]: unknown;
}

const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };

/** The syntax tree of one file on its own: nothing is imported or resolved. Throws what solc says of a file that it cannot read. */
export function parseSolidity(source: string): SyntaxNode {
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: { file: { content: source } },
        settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
      }),
    ),
  );
  const ast = output.sources?.file?.ast;
  if (ast !== undefined) return ast;
  const messages = (output.errors ?? []).map((error: { formattedMessage: string }) => error.formattedMessage);
  throw new Error(`solc cannot parse the file:\n${messages.join("\n")}`);
}

/** Where a node stands, in bytes. */
export function placeOf({ src }: SyntaxNode): { start: number; end: number } {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return { start, end: start + length };
}

/** What stands directly below a node, in the order of the source. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Object.values(node)
    .flat()
    .filter(
      (value): value is SyntaxNode => typeof value === "object" && value !== null && "nodeType" in value,
    )
    .sort((a, b) => placeOf(a).start - placeOf(b).start);
}
