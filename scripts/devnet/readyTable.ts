import { relative } from "node:path";
import type { ReadyDocument } from "./readyDocument.ts";

export interface ReadyTableParameters {
  readonly document: ReadyDocument;
  readonly stateDirectory: string;
  readonly currentDirectory: string;
  readonly seconds: string;
}

/** What a person sees when the devnet is ready: where things are, and what to try. */
export function readyTable(parameters: ReadyTableParameters): string {
  const { document, stateDirectory, currentDirectory, seconds } = parameters;
  const { nodes, accounts, rpcUrl, chainId, epochSeconds } = document;
  const inside = relative(currentDirectory, stateDirectory) || ".";
  const state = inside.startsWith("..") ? stateDirectory : inside;
  const file = `${state}/devnet.json`;
  return [
    `The devnet is ready (${seconds} s).`,
    "",
    ...sampleLines(document),
    ...columns([
      ["node", "region", "address", "pid"],
      ...nodes.map(({ nodeId, region, http, pid }) => [String(nodeId), region, http, String(pid)]),
    ]),
    "",
    ...columns([
      ["chain", `${rpcUrl}, id ${chainId}, a block a second, epochs of ${epochSeconds} s`],
      ["deployer", `${accounts.deployer?.address}, its key and those of the others are in ${file}`],
      ["logs", `${state}/n<node>/agent.log`],
    ]),
    "",
    "Try, in another terminal:",
    "",
    ...tryLines(document, state === ".worker3" ? undefined : file),
    "",
    "Ctrl-C stops all of it.",
    "",
  ].join("\n");
}

function sampleLines({ sample }: ReadyDocument): string[] {
  if (sample === undefined) return [];
  if ("error" in sample) return [`  The sample project is not there: ${sample.error.message}`, ""];
  return [`  ${sample.url}`, ""];
}

function tryLines(
  { accounts, sample, nodes, zone }: ReadyDocument,
  networkFile: string | undefined,
): string[] {
  const port = new URL(nodes[0]?.http ?? "http://127.0.0.1").port;
  const live = sample !== undefined && !("error" in sample) ? sample : undefined;
  return [
    ...(networkFile === undefined ? [] : [`export WORKER3_NETWORK=${networkFile}`]),
    `export WORKER3_PRIVATE_KEY=${accounts.deployer?.privateKey}`,
    `npx worker3 deploy test/projects/sample --domain mine.${zone} --deposit 10 --yes`,
    ...(live === undefined
      ? []
      : [
          `curl -i http://${live.domain}:${port}/api/hello`,
          `npx worker3 verify ${live.domain} --all`,
          `npx worker3 usage ${live.domain}`,
        ]),
  ].map((line) => `  ${line}`);
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd((widths[i] ?? 0) + 2)).join("")}`.trimEnd());
}
