import { childrenOf, parseSolidity, placeOf, type SyntaxNode } from "./parseSolidity.ts";

/** A place where execution can go two ways, or one of the blocks of a `try`. Bytes of UTF-8; `end` is exclusive. */
export interface Branch {
  readonly kind: "condition" | "block";
  readonly start: number;
  readonly end: number;
}

const YUL_BRANCHES = ["YulIf", "YulForLoop", "YulSwitch"];

/**
 * The branches of a file in the order of its source. A condition is what `if`, `?:`, `while` and `for` test, taken apart
 * at `&&` and `||`: each operand can be true and false. A `try` has a block for each outcome.
 *
 * Throws where inline assembly branches, which no probe could see.
 */
export function findBranches(source: string): Branch[] {
  const found: Branch[] = [];
  const visit = (node: SyntaxNode): void => {
    if (YUL_BRANCHES.includes(node.nodeType)) {
      throw new Error(`inline assembly branches at byte ${placeOf(node).start}: coverage cannot see that`);
    }
    const tested = testedBy(node);
    if (tested !== undefined && !isLogical(tested)) found.push({ kind: "condition", ...placeOf(tested) });
    if (isLogical(node)) {
      for (const operand of [node.leftExpression, node.rightExpression] as SyntaxNode[]) {
        if (!isLogical(inner(operand))) found.push({ kind: "condition", ...placeOf(operand) });
      }
    }
    if (node.nodeType === "TryCatchClause") {
      found.push({ kind: "block", ...placeOf(node.block as SyntaxNode) });
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parseSolidity(source));
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The whole condition of a statement or a `?:`, without parentheses around it. */
function testedBy(node: SyntaxNode): SyntaxNode | undefined {
  const branches = ["IfStatement", "Conditional", "WhileStatement", "DoWhileStatement", "ForStatement"];
  const condition = node.condition as SyntaxNode | null | undefined;
  return branches.includes(node.nodeType) && condition ? inner(condition) : undefined;
}

function isLogical(node: SyntaxNode): boolean {
  return node.nodeType === "BinaryOperation" && (node.operator === "&&" || node.operator === "||");
}

/** What parentheses hold. */
function inner(node: SyntaxNode): SyntaxNode {
  const components = node.components as SyntaxNode[] | undefined;
  const [only] = components ?? [];
  return node.nodeType === "TupleExpression" && components?.length === 1 && only ? inner(only) : node;
}
