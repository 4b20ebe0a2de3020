import { contractError, parseAmount, untilAborted } from "@worker3/sdk";
import type { SettlementParts } from "./SettlementParts.ts";

const WEI_PER_TOKEN = 10n ** 18n;

/**
 * What some gas costs now in base units of the asset, rounded up; undefined where the operator does not say what the
 * chain's own coin is worth.
 *
 * @throws {RpcError} The chain cannot be asked.
 */
export async function gasCost(
  { client, settings }: Pick<SettlementParts, "client" | "settings">,
  signal: AbortSignal,
): Promise<((gas: bigint) => bigint) | undefined> {
  const { assetPerGasToken } = settings;
  if (assetPerGasToken === undefined) return undefined;
  const unitsPerToken = parseAmount(assetPerGasToken);
  try {
    const weiPerGas = await untilAborted(client.publicClient.getGasPrice(), signal);
    return (gas) => (gas * weiPerGas * unitsPerToken + WEI_PER_TOKEN - 1n) / WEI_PER_TOKEN;
  } catch (cause) {
    throw contractError(cause);
  }
}
