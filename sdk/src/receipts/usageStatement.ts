import { isAddress } from "viem";
import { z } from "zod";
import { storedMiBOf } from "./storedMiBOf.ts";

/** Version of the statement's shape. */
export const STATEMENT_PROTOCOL = 2;

const uint64 = z
  .string()
  .regex(/^(0|[1-9]\d{0,19})$/, "is a decimal number without leading zeros")
  .refine((text) => !/^(0|[1-9]\d{0,19})$/.test(text) || BigInt(text) < 1n << 64n, "is at most 2^64 - 1");
const byteSeconds = z.string().regex(/^(0|[1-9]\d{0,38})$/, "is a decimal number without leading zeros");
const uint32 = z.int().min(0).max(0xffff_ffff);
const minuteText = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/, "is the begin of a minute in UTC, ISO 8601");

/**
 * What one node served for one project in one epoch, minute by minute: what a receipt is the sum of, and what its owner
 * checks before a release or a dispute. Numbers of 64 bits are decimal strings, for JSON knows doubles only.
 *
 * - `settlement` and `chainId` name the network, so that a statement is evidence in one of them only.
 * - `minutes` are in order, each once, and hold no minute without usage. A minute that an epoch's edge cuts stands in
 *   both epochs, with what fell into each.
 * - `storage` is what the seat had to hold: bytes times seconds, and the seconds in which it served the project funded, so that
 *   `byteSeconds / seconds` is how much it held while it did.
 * - `totals` are the sums: `requests` and `cpuMs` exactly, `egressKiB` of all bytes rounded down once, `storedMiB` the
 *   average over the whole epoch rounded down once.
 */
export const usageStatementSchema = z
  .strictObject({
    protocol: z.literal(STATEMENT_PROTOCOL),
    chainId: z.int().positive(),
    settlement: z.string().refine((text) => isAddress(text), "is a checksummed address"),
    projectId: uint64,
    nodeId: uint32,
    epoch: uint32,
    totals: z.strictObject({ requests: uint64, cpuMs: uint64, egressKiB: uint64, storedMiB: uint64 }),
    storage: z.strictObject({
      byteSeconds,
      seconds: z.int().min(0),
      epochSeconds: z.int().positive(),
    }),
    minutes: z.array(
      z.strictObject({ minute: minuteText, requests: uint64, cpuMs: uint64, egressBytes: uint64 }),
    ),
  })
  .superRefine(({ totals, minutes, storage }, context) => {
    if (storage.seconds > storage.epochSeconds) {
      context.addIssue({
        code: "custom",
        path: ["storage", "seconds"],
        message: `is more than the epoch's ${storage.epochSeconds}`,
      });
    }
    if (storage.seconds === 0 && storage.byteSeconds !== "0") {
      context.addIssue({ code: "custom", path: ["storage", "byteSeconds"], message: "is of no second" });
    }
    for (const [i, { minute }] of minutes.entries()) {
      const before = minutes[i - 1]?.minute;
      if (before !== undefined && before >= minute) {
        context.addIssue({
          code: "custom",
          path: ["minutes", i, "minute"],
          message: "is not after the one before",
        });
      }
    }
    const sums = {
      requests: minutes.reduce((sum, m) => sum + BigInt(m.requests), 0n),
      cpuMs: minutes.reduce((sum, m) => sum + BigInt(m.cpuMs), 0n),
      egressKiB: minutes.reduce((sum, m) => sum + BigInt(m.egressBytes), 0n) / 1024n,
      storedMiB: storedMiBOf(BigInt(storage.byteSeconds), storage.epochSeconds),
    };
    for (const name of ["requests", "cpuMs", "egressKiB", "storedMiB"] as const) {
      if (BigInt(totals[name]) !== sums[name]) {
        context.addIssue({
          code: "custom",
          path: ["totals", name],
          message: `is not ${sums[name]}, what ${name === "storedMiB" ? "storage gives" : "the minutes add up to"}`,
        });
      }
    }
  });

export type UsageStatement = z.infer<typeof usageStatementSchema>;
export type UsageMinute = UsageStatement["minutes"][number];
