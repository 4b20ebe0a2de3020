import type { Logger } from "pino";
import { ContentError } from "./ContentError.ts";
import type { ContentStore } from "./ContentStore.ts";
import { type DenyList, deniesContent } from "./denyList.ts";
import { UNNAMED_LIFETIME_MS } from "./dropUnnamed.ts";
import {
  type ContentUse,
  decideRetention,
  type HeldContent,
  type RetentionLimits,
  roomOf,
} from "./retention.ts";

export interface HousekeepingParts {
  readonly store: Pick<ContentStore, "list" | "remove" | "setUnwanted">;
  /** What this node's projects want of a content, as the newest block says. */
  readonly uses: (cid: string) => readonly ContentUse[];
  readonly denied: DenyList;
  readonly limits: RetentionLimits;
  /** See `RetentionParameters`. */
  readonly finalMs: () => number | undefined;
  readonly nowMs: () => number;
  readonly logger: Pick<Logger, "info">;
}

/** Gives disk back, and says how much there is. */
export interface Housekeeping {
  /**
   * Drops what `decideRetention` says, and at once what the operator denies. One that cannot be dropped keeps no other.
   *
   * @param isInUse - whether visitors get a content, or a process of it runs.
   * @returns the CIDs that are gone.
   * @throws {AggregateError} Some could not be dropped.
   */
  tidy(isInUse: (cid: string) => boolean): Promise<string[]>;
  /**
   * How many bytes of a CAR a project may bring now.
   *
   * @throws {ContentError} `NO_ROOM`: none at all, or fewer than `needed`.
   */
  room(projectId: bigint, needed?: number): number;
}

export function createHousekeeping(parts: HousekeepingParts): Housekeeping {
  const { store, uses, denied, limits, finalMs, nowMs, logger } = parts;

  const held = (isInUse: (cid: string) => boolean = () => false): HeldContent[] =>
    store.list().map(({ cid, carBytes, bytes, projectId, storedMs, unwantedMs }) => {
      const named = uses(cid);
      // Of what was uploaded ahead its project is known, though nothing names it yet.
      const isYoung = nowMs() - storedMs < UNNAMED_LIFETIME_MS;
      const isAhead = projectId !== undefined && named.length === 0 && isYoung;
      const use = { version: 0, isServed: true, isRouted: false, wasActive: false, newer: 0 };
      const ahead = isAhead ? [{ projectId, ...use }] : [];
      return {
        cid,
        bytes: carBytes + bytes,
        unwantedMs,
        isAhead,
        isInUse: isInUse(cid),
        uses: [...named, ...ahead],
      };
    });
  const isDenied = ({ cid, uses }: HeldContent): boolean => deniesContent(denied, cid, uses);

  async function drop(
    cids: readonly string[],
    why: string,
    isKept: (cid: string) => boolean = () => false,
  ): Promise<{ readonly gone: readonly string[]; readonly errors: readonly unknown[] }> {
    const gone: string[] = [];
    const errors: unknown[] = [];
    for (const cid of cids) {
      // The one before took its time.
      if (isKept(cid)) continue;
      try {
        await store.remove(cid);
        gone.push(cid);
        logger.info({ cid }, why);
      } catch (error) {
        errors.push(error);
      }
    }
    return { gone, errors };
  }

  return {
    async tidy(isInUse) {
      const all = held(isInUse);
      const isWantedAgain = (cid: string) =>
        isInUse(cid) || uses(cid).some(({ isServed, isRouted }) => isServed && isRouted);
      const away = all.filter(isDenied).map(({ cid }) => cid);
      const kept = all.filter((content) => !isDenied(content));
      const decision = decideRetention({ held: kept, limits, nowMs: nowMs(), finalMs: finalMs() });
      for (const [cid, sinceMs] of decision.changed) store.setUnwanted(cid, sinceMs);
      const dropped = [
        await drop(away, "content that the operator denies was dropped"),
        await drop(decision.drop, "content that nothing wants any more was dropped", isWantedAgain),
      ];
      const errors = dropped.flatMap((one) => one.errors);
      if (errors.length > 0)
        throw new AggregateError(errors, `${errors.length} contents could not be dropped`);
      return dropped.flatMap(({ gone }) => gone);
    },
    room(projectId, needed = 1) {
      const { bytes, short } = roomOf(projectId, held(), limits);
      if (bytes < needed) throw noRoom(projectId, short, { bytes, needed });
      return bytes;
    },
  };
}

function noRoom(
  projectId: bigint,
  short: "project" | "node",
  { bytes, needed }: { readonly bytes: number; readonly needed: number },
): ContentError {
  const whose = short === "project" ? "the project's share of this node's disk" : "this node's disk";
  return new ContentError({
    code: "NO_ROOM",
    message: `${whose} has ${bytes} bytes left for it, of ${needed} that are needed`,
    value: String(projectId),
    next:
      short === "project"
        ? "make the deployment smaller; versions that are not served any more are dropped as soon as that is final"
        : "try again later, or choose other nodes; the node's operator gives it more: content.totalBytes",
  });
}
