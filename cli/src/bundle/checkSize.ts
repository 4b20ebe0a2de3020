import { type ContentLimits, DEFAULT_LIMITS } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";

export interface ContentSize {
  readonly files: number;
  /** Of all files. */
  readonly bytes: number;
  readonly blocks?: number | undefined;
  readonly carBytes?: number | undefined;
}

/**
 * Makes sure that nodes take a deployment of this size, before it is sent to any.
 *
 * @throws {BundleError} `CONTENT_TOO_LARGE`; `value` is the number that is too large.
 */
export function checkSize(size: ContentSize, limits: ContentLimits = DEFAULT_LIMITS): void {
  const { files, bytes, blocks = 0, carBytes = 0 } = size;
  checkLimit("files", files, limits.files);
  checkLimit("bytes in its files", bytes, limits.expandedBytes);
  checkLimit("blocks", blocks, limits.blocks);
  checkLimit("bytes packed", carBytes, limits.carBytes);
}

function checkLimit(what: string, value: number, limit: number): void {
  if (value <= limit) return;
  throw new BundleError({
    code: "CONTENT_TOO_LARGE",
    message: `The deployment has ${value} ${what}; nodes take at most ${limit}.`,
    value: String(value),
    next: "leave files out by .assetsignore, or keep large ones elsewhere",
  });
}
