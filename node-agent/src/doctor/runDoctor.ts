import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Enforces } from "../cells/CellRunner.ts";
import { type Minimum, missingMinimum } from "../cells/missingMinimum.ts";
import { type AgentConfig, ConfigError, parseAgentConfig } from "../config.ts";
import type { Check } from "./Check.ts";
import { checkChain } from "./checks/checkChain.ts";
import { checkConfinement } from "./checks/checkConfinement.ts";
import { checkKubo } from "./checks/checkKubo.ts";
import { checkNode } from "./checks/checkNode.ts";
import { checkPort } from "./checks/checkPort.ts";
import { checkState } from "./checks/checkState.ts";
import { checkSystem } from "./checks/checkSystem.ts";

/** What a machine can hold strangers' code to, and what a node on it lacks. */
export interface DoctorReport {
  /** Whether the minimum holds: a sandbox, and a network of the cells' own. */
  readonly ok: boolean;
  readonly missing: readonly Minimum[];
  /** What of `missing` the folder's `node.json` does without: `node start` serves for all that. */
  readonly allowed: readonly Minimum[];
  readonly checks: readonly Check[];
  /** As `node status` would tell; null where workerd does not run. */
  readonly enforces: Enforces | null;
}

/**
 * Looks at this machine by trying, as the user that asks. Needs no node; one in the folder is looked at too, whether it
 * runs or not.
 */
export async function runDoctor({
  stateDirectory,
}: {
  readonly stateDirectory: string;
}): Promise<DoctorReport> {
  const config = await findConfig(stateDirectory);
  const { cells, content, listen, network } = config.value ?? {};
  const [system, confinement, state, ...more] = await Promise.all([
    checkSystem(),
    checkConfinement({ enableIpForward: cells?.enableIpForward ?? false, resolvers: cells?.resolvers }),
    checkState(stateDirectory),
    ...(listen === undefined ? [] : [checkPort(listen)]),
    ...(network === undefined ? [] : [checkChain(network)]),
    ...(config.value === undefined ? [] : [checkNode(config.value, config.nodeId)]),
    ...(content?.kubo === undefined ? [] : [checkKubo(content.kubo)]),
  ]);
  const { enforces } = confinement;
  const missing: readonly Minimum[] = enforces === undefined ? ["sandbox"] : missingMinimum(enforces);
  const without = { sandbox: cells?.allowUnsandboxed, network: cells?.allowHostNetwork };
  return {
    ok: missing.length === 0,
    missing,
    allowed: missing.filter((what) => without[what] === true),
    checks: [...confinement.checks, ...system, ...state, ...config.checks, ...more.flat()],
    enforces: enforces ?? null,
  };
}

async function findConfig(
  stateDirectory: string,
): Promise<{ value?: AgentConfig; nodeId?: number | undefined; checks: readonly Check[] }> {
  const name = "node.json";
  const text = await readFile(join(stateDirectory, name), "utf8").catch(() => undefined);
  if (text === undefined) return { checks: [] };
  try {
    // A node that is not registered yet has no id.
    const document = JSON.parse(text);
    const value = parseAgentConfig({ nodeId: 1, ...document }, stateDirectory);
    return { value, nodeId: document.nodeId === undefined ? undefined : value.nodeId, checks: [] };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const fix = (error instanceof ConfigError ? error.next : undefined) ?? `mend ${name}`;
    return { checks: [{ name, ok: false, needed: true, detail, fix }] };
  }
}
