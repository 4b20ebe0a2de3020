/**
 * How many times longer than usual things may take: tests multiply their limits of time by it. On a processor that is
 * emulated, what starts the tests sets it.
 */
export const SLOWNESS: number = Number(process.env.TEST_SLOWNESS ?? 1);
