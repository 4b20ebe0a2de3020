import type { NetworkClient } from "@worker3/sdk";
import type { Hex } from "viem";

/** `PREVRANDAO PUSH0 MSTORE PUSH1 32 PUSH0 RETURN`: run as the code that makes a contract, it answers with the value of a block. */
const PREVRANDAO: Hex = "0x445f5260205ff3";
/** Farther apart than the blocks that share a value because they stand on one block of another chain; nodes without an archive know them. */
const DISTANCE = 32n;
const LOOKS = 3n;

/**
 * What to know of a draw on a chain whose `prevrandao` is constant; undefined on any other, and where the chain does not tell. The
 * header of a block need not say it (on Arbitrum it says something else), so the EVM is asked.
 */
export async function foreseenDraw({ publicClient }: NetworkClient): Promise<string | undefined> {
  try {
    const newest = await publicClient.getBlockNumber();
    if (newest < DISTANCE * (LOOKS - 1n)) return undefined;
    const values = await Promise.all(
      Array.from({ length: Number(LOOKS) }, async (_, look) => {
        const { data } = await publicClient.call({
          data: PREVRANDAO,
          blockNumber: newest - DISTANCE * BigInt(look),
        });
        return data;
      }),
    );
    return isConstant(values) ? FORESEEN : undefined;
  } catch {
    return undefined;
  }
}

/** Whether blocks far from each other have one value. */
function isConstant(values: readonly (Hex | undefined)[]): boolean {
  const [first] = values;
  return first !== undefined && values.length > 1 && values.every((value) => value === first);
}

/** The block's number and the project's alone choose then. */
export const FORESEEN =
  "this chain has no random value for a draw (its prevrandao is constant): whoever looks knows which nodes are drawn, and may have placed them; --nodes names them yourself";
