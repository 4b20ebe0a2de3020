import type { Address } from "viem";
import { storedMiBOf } from "./storedMiBOf.ts";
import { STATEMENT_PROTOCOL, type UsageStatement } from "./usageStatement.ts";

/** One minute of usage as a meter counts it. */
export interface MeteredMinute {
  /** Any moment of the minute, in Unix milliseconds. */
  readonly unixMs: number;
  readonly requests: bigint;
  readonly cpuMs: bigint;
  readonly egressBytes: bigint;
}

/** What a seat had to hold in one epoch, as a meter adds it up. */
export interface MeteredStorage {
  /** Bytes times the seconds for which they were held while the project was served and funded. */
  readonly byteSeconds: bigint;
  /** Those seconds; at most the epoch's. */
  readonly seconds: number;
}

export interface CreateStatementParameters {
  readonly chainId: number;
  /** The usage settlement's address, checksummed. */
  readonly settlement: Address;
  readonly projectId: bigint;
  readonly nodeId: number;
  readonly epoch: number;
  /** In any order; several of one minute are added up, those without usage are left out. */
  readonly minutes: readonly MeteredMinute[];
  readonly storage: MeteredStorage;
  /** The length of the epoch. */
  readonly epochSeconds: number;
}

const MINUTE_MS = 60_000;

/** The usage statement of metered minutes, with their sums as totals. */
export function createStatement({
  minutes,
  storage: { byteSeconds, seconds },
  epochSeconds,
  projectId,
  ...names
}: CreateStatementParameters): UsageStatement {
  const byMinute = new Map<number, { requests: bigint; cpuMs: bigint; egressBytes: bigint }>();
  const sum = { requests: 0n, cpuMs: 0n, egressBytes: 0n };
  for (const { unixMs, requests, cpuMs, egressBytes } of minutes) {
    const start = Math.floor(unixMs / MINUTE_MS) * MINUTE_MS;
    const minute = byMinute.get(start) ?? { requests: 0n, cpuMs: 0n, egressBytes: 0n };
    byMinute.set(start, minute);
    for (const into of [minute, sum]) {
      into.requests += requests;
      into.cpuMs += cpuMs;
      into.egressBytes += egressBytes;
    }
  }
  return {
    protocol: STATEMENT_PROTOCOL,
    ...names,
    projectId: String(projectId),
    totals: {
      requests: String(sum.requests),
      cpuMs: String(sum.cpuMs),
      egressKiB: String(sum.egressBytes / 1024n),
      storedMiB: String(storedMiBOf(byteSeconds, epochSeconds)),
    },
    storage: { byteSeconds: String(byteSeconds), seconds, epochSeconds },
    minutes: [...byMinute]
      .filter(([, m]) => m.requests !== 0n || m.cpuMs !== 0n || m.egressBytes !== 0n)
      .sort(([a], [b]) => a - b)
      .map(([start, m]) => ({
        minute: new Date(start).toISOString().replace(".000Z", "Z"),
        requests: String(m.requests),
        cpuMs: String(m.cpuMs),
        egressBytes: String(m.egressBytes),
      })),
  };
}
