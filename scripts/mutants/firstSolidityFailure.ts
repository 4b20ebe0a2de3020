import type { FailedTest } from "./Outcome.ts";

const CONTRACT = /^ {2}(\S+\.sol):(\w+)$/;
const FAILED = /^ {4}\d+\) (.+)$/;

/** The first test that failed by what Hardhat's runner of Solidity tests prints; `undefined` where it names none. */
export function firstSolidityFailure(output: string): FailedTest | undefined {
  let contract: { file: string; name: string } | undefined;
  for (const line of output.split("\n")) {
    const [, file, name] = CONTRACT.exec(line) ?? [];
    if (file !== undefined && name !== undefined) contract = { file, name };
    const [, title] = FAILED.exec(line) ?? [];
    if (contract && title !== undefined) return { file: contract.file, title: `${contract.name} ${title}` };
  }
  return undefined;
}
