import { type Address, getAddress, isAddress } from "viem";
import { z } from "zod";
import { optionalContracts, recordOf, requiredContracts } from "../contracts/table.ts";

const address = z
  .string()
  .refine((text) => isAddress(text), "is no address, or its checksum is wrong")
  .transform((text): Address => getAddress(text));
const rpcUrl = z.url({ protocol: /^(https?|wss?)$/, error: "is no http(s) or ws(s) URL" });
const epochs = z.int().min(0).max(255);

/**
 * A network file. The `ready` document of `npm run devnet` is one; fields that are not listed here may stand in it.
 * `rpcUrl` and `rpcUrls` may both be there; one of them has to.
 */
export const networkSchema = z
  .object({
    chainId: z.int().positive(),
    rpcUrl: rpcUrl.optional(),
    rpcUrls: z.array(rpcUrl).optional(),
    zone: z.string().min(3).max(31),
    decimals: z.literal(6),
    contracts: z.object({
      ...recordOf(requiredContracts, () => address),
      ...recordOf(optionalContracts, () => address.optional()),
      multicall3: address.optional(),
    }),
    deploymentBlock: z.int().min(0).default(0),
    epochSeconds: z.int().positive(),
    genesis: z.iso.datetime({ error: "is no time in ISO 8601 and UTC" }),
    times: z.object({
      late: epochs,
      dispute: epochs,
      decide: epochs,
      creditThaw: epochs,
      stakeThaw: epochs,
    }),
  })
  .refine(({ rpcUrl, rpcUrls = [] }) => rpcUrl !== undefined || rpcUrls.length > 0, {
    path: ["rpcUrl"],
    message: "is missing, and so is rpcUrls",
  });

/** What a network file holds, as JSON. */
export type NetworkDocument = z.input<typeof networkSchema>;
