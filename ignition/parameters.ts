import { readFile } from "node:fs/promises";
import { getAddress, isAddress, zeroAddress } from "viem";
import { z } from "zod";

const amount = z.union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)]).transform(BigInt);
const address = z
  .string()
  .refine((text) => isAddress(text), "is not an address, or its checksum is wrong")
  .refine((text) => text !== zeroAddress, "is still the zero address: fill it in")
  .transform((text) => getAddress(text));
const spans = z.number().int().min(1).max(255);

/** Who holds what; on a devnet the deployment fills in what is missing. */
export const roleNames = ["nameKeeper", "feeReceiver", "arbiter", "guardian", "admin"] as const;

const parametersSchema = z.strictObject({
  /** An ERC-20 with 6 decimals. Missing: a mock, on a devnet. */
  asset: address.optional(),
  times: z.strictObject({
    /** Unix seconds at which epoch 0 began; a UTC midnight suits epochs of a day. Missing: the latest block's, on a devnet. */
    genesis: z.number().int().positive().optional(),
    epochSeconds: z.number().int().positive(),
    late: spans,
    dispute: spans,
    decide: spans,
    creditThaw: spans,
    stakeThaw: spans,
  }),
  zone: z.string().min(3).max(31),
  /** The name registry of the network that this one succeeds, and for how many epochs it keeps that one's names. */
  predecessor: address.optional(),
  keptEpochs: z.number().int().min(0).max(90).optional(),
  allowHttp: z.boolean(),
  minStake: amount,
  /** How many times its cap a seat needs of stake. */
  seatStakeFactor: z.number().int().nonnegative(),
  /** The most that all slashes of one epoch take of a stake, in 1/10000. */
  maxSlashShareBps: z.number().int(),
  defaultCap: amount,
  maxCap: amount,
  prices: z.strictObject({
    fromEpoch: z.literal(0),
    feeBps: z.number().int(),
    included: z.number().int(),
    base: amount,
    perMRequests: amount,
    perMCpuMs: amount,
    perGiB: amount,
    perGiBStored: z.number().int().nonnegative(),
  }),
  minBond: amount,
  maxSlash: amount,
  slashFloor: amount,
  slashFactor: z.number().int(),
  rewardFactor: z.number().int(),
  parameterDelaySeconds: z.number().int().nonnegative(),
  adminDelaySeconds: z.number().int().nonnegative(),
  nameKeeper: address.optional(),
  feeReceiver: address.optional(),
  arbiter: address.optional(),
  guardian: address.optional(),
  admin: address.optional(),
});

export type Parameters = z.output<typeof parametersSchema>;

/** Reads a file of `ignition/parameters`. Throws with the path of every field that is missing or wrong. */
export async function readParameters(file: string): Promise<Parameters> {
  const parsed = z
    .strictObject({ Worker3: parametersSchema })
    .safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.Worker3;
}

/** Parameters as the text of a file that `readParameters` reads. */
export function parametersToJson(parameters: Parameters): string {
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return `${JSON.stringify({ Worker3: parameters }, plain, 2)}\n`;
}
