import { tmpdir } from "node:os";
import { resolve, sep } from "node:path";
import type { ErrorDocument } from "@worker3/sdk";

/** Codes of the system that say something of the machine, not of this program. Source: errno(3). */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: "it may not",
  EPERM: "it may not",
  ENOENT: "it is not there",
  ENOTDIR: "what stands above it is no folder",
  EISDIR: "it is a folder",
  EEXIST: "it is there already",
  EROFS: "the disk may only be read",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EIO: "the disk fails",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  EBUSY: "somebody else uses it",
};
const FULL = new Set(["ENOSPC", "EDQUOT"]);

/**
 * What the system refused, with the path: `DISK_FULL` or `DISK_UNUSABLE`.
 *
 * @param error Whatever was thrown.
 * @param temporary The folder for temporary files.
 * @returns undefined where that is no word of the system about a path.
 */
export function systemFailure(error: unknown, temporary: string = tmpdir()): ErrorDocument | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("path" in error)) return undefined;
  const { code = "", syscall, path: from, dest } = error as NodeJS.ErrnoException & { dest?: string };
  const words = WORDS[code];
  // Of a copy it is the target that has no room.
  const path = FULL.has(code) ? (dest ?? from) : from;
  if (words === undefined || path === undefined) return undefined;
  const isTemporary = resolve(path) === resolve(temporary) || path.startsWith(`${resolve(temporary)}${sep}`);
  return {
    code: FULL.has(code) ? "DISK_FULL" : "DISK_UNUSABLE",
    message: `The system does not let worker3 use a file or folder (${syscall}): ${words}.`,
    value: path,
    next: isTemporary
      ? "name a folder for temporary files in TMPDIR that is there, may be written to and has room"
      : nextFor(code),
  };
}

function nextFor(code: string): string {
  if (FULL.has(code)) return "make room on the disk, and run it again";
  return "see that it is there and may be read and written, and run it again";
}
