import type { Manifest } from "@worker3/sdk";
import type { CellLimits } from "./CellLimits.ts";

/** What the node's operator allows; `node.json`. */
export interface LimitSettings {
  /** For a version whose manifest does not say. */
  readonly cpuMs: number;
  readonly maxCpuMs: number;
  readonly cpuCores: number;
  readonly memoryMiB: number;
  readonly maxMemoryMiB: number;
  readonly bodyMiB: number;
  readonly maxBodyMiB: number;
}

const MIB = 1_048_576;
/** The soft limit has to leave room for finishing what is under way. */
const HARD_SHARE = 1.5;

/** The limits of a version: what its manifest asks for, at most what the node gives. */
export function limitsOf(limits: Manifest["limits"], settings: LimitSettings): CellLimits {
  const cpuMs = Math.min(limits?.cpuMs ?? settings.cpuMs, settings.maxCpuMs);
  const memoryBytes = Math.min(limits?.memoryMiB ?? settings.memoryMiB, settings.maxMemoryMiB) * MIB;
  const bodyBytes = Math.min(limits?.bodyMiB ?? settings.bodyMiB, settings.maxBodyMiB) * MIB;
  const { cpuCores } = settings;
  const hardMemoryBytes = Math.floor(memoryBytes * HARD_SHARE);
  return { cpuMs, cpuCores, memoryBytes, hardMemoryBytes, bodyBytes };
}
