import type { WriteOptions } from "./send.ts";

/** What each of several writes came to, in their order. */
export type Settled<results extends readonly unknown[]> = {
  readonly [index in keyof results]: PromiseSettledResult<results[index]>;
};

/**
 * Makes writes of one account of which none needs what another does: each is simulated, signed and handed over as soon as the
 * one before was, so that one block may have all of them. One that is refused before it leaves keeps those behind it back; one
 * that fails later does not.
 *
 * @param writes Each is given what it has to hand on to what it sends.
 * @returns What became of each, once that is known of all; those that were kept back fail as the one that kept them.
 */
export async function sendInARow<const results extends readonly unknown[]>(
  writes: {
    readonly [index in keyof results]: (
      options: Pick<WriteOptions, "onHandedOver">,
    ) => Promise<results[index]>;
  },
): Promise<Settled<results>> {
  const begun: Promise<unknown>[] = [];
  for (const write of writes) {
    const handedOver = Promise.withResolvers<void>();
    const writing = write({ onHandedOver: handedOver.resolve });
    begun.push(writing);
    try {
      await Promise.race([handedOver.promise, writing]);
    } catch {
      while (begun.length < writes.length) begun.push(writing);
      break;
    }
  }
  return (await Promise.allSettled(begun)) as Settled<results>;
}
