/** A parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new RangeError(`a whole number from ${least} to ${most} is needed`);
  };
}

/** A node's id: 1 to 2^24 - 1. */
export const nodeId = wholeNumber(1, 2 ** 24 - 1);
/** A version's number, from 1. */
export const versionNumber = wholeNumber(1, 2 ** 32 - 1);
/** An epoch's number, from 0. */
export const epochNumber = wholeNumber(0, 2 ** 24 - 1);
