import { createHash } from "node:crypto";
import { findBranches } from "./findBranches.ts";

/** The library that the probes call; it hands on to Hardhat's, whose hits the simulated chain reports. */
export const PROBES = {
  fileName: "__BranchProbes.sol",
  content: (hitLibrary: string): string => `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.0;
import "${hitLibrary}";
library __BranchProbes {
    function see(uint256 tag, bool outcome) internal pure returns (bool) {
        __NomicFoundationCoverage.sendHit(outcome ? tag | 1 : tag);
        return outcome;
    }
}
`,
};

/** What one run of the tests may or may not have seen. */
export interface Outcome {
  /** 64 hexadecimal digits: what the chain reports when it was seen. */
  readonly tag: string;
  /** Of the file as it is in git. */
  readonly line: number;
  /** What is tested, on one line; of a `try` the block. */
  readonly text: string;
  readonly outcome: "true" | "false" | "entered";
}

/**
 * Adds a probe to every branch of a file.
 * @param original The file as it is in git: it says where a branch stands.
 * @param instrumented The same file, to which others may have added statements but no branches.
 */
export function addBranchProbes(options: { file: string; original: string; instrumented: string }): {
  source: string;
  outcomes: Outcome[];
} {
  const { file, original, instrumented } = options;
  const originalBytes = Buffer.from(original);
  const branches = findBranches(original);
  const places = findBranches(instrumented);
  if (places.length !== branches.length) {
    throw new Error(`${file} has ${branches.length} branches, and with other probes ${places.length}`);
  }

  const outcomes: Outcome[] = [];
  const insertions: { at: number; text: string; order: number }[] = [];
  for (const [i, { kind, start, end }] of branches.entries()) {
    const place = places[i];
    if (place === undefined || place.kind !== kind)
      throw new Error(`${file}: branch ${i} is another with other probes`);
    const tag = tagOf(`${file}#${i}`);
    const at = {
      line: originalBytes.subarray(0, start).toString().split("\n").length,
      text: originalBytes.subarray(start, end).toString().replace(/\s+/g, " "),
    };
    if (kind === "block") {
      outcomes.push({ tag, ...at, outcome: "entered" });
      insertions.push({
        at: place.start + 1,
        text: `__NomicFoundationCoverage.sendHit(0x${tag});`,
        order: i,
      });
      continue;
    }
    outcomes.push({ tag: `${tag.slice(0, -1)}1`, ...at, outcome: "true" }, { tag, ...at, outcome: "false" });
    insertions.push({ at: place.start, text: `__BranchProbes.see(0x${tag}, `, order: i });
    insertions.push({ at: place.end, text: ")", order: -i });
  }

  return { source: `${insert(instrumented, insertions)}\nimport "${PROBES.fileName}";\n`, outcomes };
}

/** Ends in 0: the outcome `true` has the same tag ending in 1. */
const tagOf = (name: string): string => `${createHash("sha256").update(name).digest("hex").slice(0, 63)}0`;

/** At one place, what ends there goes before what begins there; what is nested ends first and begins last. */
function insert(source: string, insertions: { at: number; text: string; order: number }[]): string {
  const bytes = Buffer.from(source);
  const parts: Buffer[] = [];
  let last = 0;
  for (const { at, text } of insertions.toSorted((a, b) => a.at - b.at || a.order - b.order)) {
    parts.push(bytes.subarray(last, at), Buffer.from(text));
    last = at;
  }
  return Buffer.concat([...parts, bytes.subarray(last)]).toString();
}
