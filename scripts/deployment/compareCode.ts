import { type Hex, keccak256, size, slice } from "viem";
import type { CodeRange, Immutable } from "./immutablesOf.ts";
import { type Row, row } from "./row.ts";
import { wordText } from "./wordText.ts";

export interface CompareCodeParameters {
  readonly name: string;
  /** Of the build, with zeros where immutables stand. */
  readonly runtimeCode: Hex;
  readonly immutables: readonly Immutable[];
  /** On the chain; undefined where there is none. */
  readonly found: Hex | undefined;
  /** The declared value of every immutable, as `wordText` writes it. */
  readonly declared: Readonly<Record<string, string>>;
}

/**
 * Compares the code at an address with the build: all of it but the immutables, the metadata hash at its end included;
 * and every immutable with its declared value. An immutable that nothing was declared for is wrong.
 */
export function compareCode({
  name,
  runtimeCode,
  immutables,
  found,
  declared,
}: CompareCodeParameters): Row[] {
  const what = `${name}: code`;
  const expected = codeText(runtimeCode);
  if (found === undefined || found === "0x") return [row(what, expected, "no code")];
  if (size(found) !== size(runtimeCode)) return [row(what, expected, codeText(found))];

  const ranges = immutables.flatMap((immutable) => immutable.ranges);
  const masked = withZeros(found, ranges);
  const wanted = withZeros(runtimeCode, ranges);
  const code =
    masked === wanted
      ? row(what, expected, expected)
      : row(what, expected, `other code from byte ${firstDifference(masked, wanted)} on`);
  if (!code.ok) return [code]; // in other code, other things stand in the immutables' places

  return [
    code,
    ...immutables.map(({ name: immutable, type, ranges: places }) => {
      const words = new Set(places.map(({ start, length }) => slice(found, start, start + length)));
      const values = [...words].map((word) => wordText(word, type));
      return row(
        `${name}: immutable ${immutable}`,
        declared[immutable] ?? "(undeclared)",
        values.join(" and "),
      );
    }),
  ];
}

/** What a reader can compare: as long as it is short, and as good as the code itself. */
function codeText(code: Hex): string {
  return `${size(code)} bytes, ${keccak256(code).slice(0, 18)}`;
}

function withZeros(code: Hex, ranges: readonly CodeRange[]): Hex {
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of ranges) bytes.fill(0, start, start + length);
  return `0x${bytes.toString("hex")}`;
}

function firstDifference(a: Hex, b: Hex): number {
  let at = 2;
  while (a[at] === b[at]) at++;
  return (at - 2) >> 1;
}
