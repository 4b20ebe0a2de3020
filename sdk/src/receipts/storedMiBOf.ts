const MIB = 1n << 20n;

/**
 * What a receipt says was stored: the average over the whole epoch, in units of 2^20 bytes, rounded down once.
 *
 * @param byteSeconds Bytes that the seat had to hold, times the seconds for which it served the project funded.
 * @param epochSeconds The length of the epoch; more than 0.
 */
export function storedMiBOf(byteSeconds: bigint, epochSeconds: number): bigint {
  return byteSeconds / (BigInt(epochSeconds) * MIB);
}
