import { randomInt } from "node:crypto";
import type { PlannedFile } from "./planFiles.ts";

/** So many files are compared unless told otherwise. */
export const SAMPLE_FILES = 200;

/**
 * All files where they are few; else all pages, and as many of the rest as fit, drawn at random: a node cannot know which
 * ones are looked at.
 */
export function sampleFiles(files: readonly PlannedFile[], most = SAMPLE_FILES): PlannedFile[] {
  if (files.length <= most) return [...files];
  const pages = files.filter(({ path }) => path.endsWith(".html"));
  const rest = files.filter(({ path }) => !path.endsWith(".html"));
  return [...drawn(pages, most), ...drawn(rest, most - Math.min(most, pages.length))];
}

/** The first part of a Fisher-Yates shuffle. */
function drawn<item>(items: readonly item[], count: number): item[] {
  const pool = [...items];
  const length = Math.min(count, pool.length);
  for (let i = 0; i < length; i++) {
    const j = randomInt(i, pool.length);
    [pool[i], pool[j]] = [pool[j] as item, pool[i] as item];
  }
  return pool.slice(0, length);
}
