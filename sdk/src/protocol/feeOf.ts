/**
 * The network's fee on an amount, in base units: rounded up, against the node.
 *
 * Source: `Price.feeOf` in contracts/libraries/Price.sol.
 *
 * @param feeBps In 1/10000.
 */
export function feeOf(amount: bigint, feeBps: number): bigint {
  return (amount * BigInt(feeBps) + 9_999n) / 10_000n;
}
