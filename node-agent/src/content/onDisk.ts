import { ContentError } from "./ContentError.ts";

/**
 * Waits for work on the store's disk.
 *
 * @throws {ContentError} `DISK_FULL` where there is no room, else `DISK_UNUSABLE`; `value` is `path`.
 */
export async function onDisk<result>(path: string, work: Promise<result>): Promise<result> {
  try {
    return await work;
  } catch (cause) {
    throw diskError(path, cause);
  }
}

function diskError(path: string, cause: unknown): ContentError {
  const errno = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (errno === "ENOSPC" || errno === "EDQUOT") {
    return new ContentError({
      code: "DISK_FULL",
      message: "the node's disk has no room for the content",
      value: path,
      next: "free space on the disk that holds this path; the node tries again by itself",
      cause,
    });
  }
  return new ContentError({
    code: "DISK_UNUSABLE",
    message: `the node's content cannot be written or read: ${cause instanceof Error ? cause.message : String(cause)}`,
    value: path,
    next: "check that the path's folder is there and that the agent may write to it",
    cause,
  });
}
