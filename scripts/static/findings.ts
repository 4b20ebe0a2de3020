/** What a tool complains of. */
export interface Finding {
  readonly tool: string;
  /** The tool's name of the complaint. */
  readonly check: string;
  readonly file: string;
  /** For people: a line or a function, and what is there. */
  readonly place: string;
}

/** A row of `docs/static-analysis.md`: so many findings of one kind in one file have this answer. */
export interface Answer {
  readonly tool: string;
  readonly check: string;
  readonly file: string;
  readonly count: number;
  readonly answer: string;
}

/**
 * The rows `| tool | check | file and count, ... | answer |` of a Markdown document, one for each file; check and files in
 * backticks.
 */
export function parseAnswers(markdown: string): Answer[] {
  const rows = markdown.matchAll(/^\| ([\w ]+) \| `([^`]+)` \| ((?:`[^`]+` x\d+(?:, )?)+) \| (.*\S.*) \|$/gm);
  return [...rows].flatMap(([, tool = "", check = "", where = "", answer = ""]) =>
    [...where.matchAll(/`([^`]+)` x(\d+)/g)].map(([, file = "", count = ""]) => ({
      tool,
      check,
      answer,
      file: `contracts/${file}.sol`,
      count: Number(count),
    })),
  );
}

/** Findings without an answer, with their places, and answers to what is not found any more. Empty where all is answered. */
export function unanswered(findings: readonly Finding[], answers: readonly Answer[]): string[] {
  const keyOf = ({ tool, check, file }: Finding | Answer) => `${tool}: ${check} in ${file}`;
  const found = Map.groupBy(findings, keyOf);
  const answered = new Map<string, number>();
  for (const answer of answers)
    answered.set(keyOf(answer), (answered.get(keyOf(answer)) ?? 0) + answer.count);

  const problems: string[] = [];
  for (const key of new Set([...found.keys(), ...answered.keys()])) {
    const places = found.get(key) ?? [];
    const count = answered.get(key) ?? 0;
    if (places.length === count) continue;
    problems.push(`${key}: ${places.length} found, ${count} answered in docs/static-analysis.md`);
    problems.push(...places.map(({ place }) => `    ${place}`));
  }
  return problems;
}
