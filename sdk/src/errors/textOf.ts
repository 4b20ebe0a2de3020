import { BaseError } from "viem";

/** Errors have causes that have causes; what is deeper says nothing new. */
const DEPTH = 10;

/** Everything that an error and its causes say, without the request that viem's errors quote. */
export function textOf(cause: unknown): string {
  const texts: string[] = [];
  for (let at: unknown = cause; at instanceof Error && texts.length < DEPTH; at = at.cause) {
    texts.push(at instanceof BaseError ? `${at.shortMessage} ${at.details}` : at.message);
  }
  return texts.join(" ");
}
