import type { StoredContent } from "./ContentStore.ts";

export interface Runner {
  readonly signal?: AbortSignal | undefined;
  /** What is there already. */
  stored(): Promise<StoredContent | undefined>;
  /** Brings the content in; rejects with the signal's reason when it aborts. */
  land(signal: AbortSignal): Promise<void>;
  /** Lets go of a source that is not needed. */
  close(): Promise<void>;
}

/** Lets several puts of one CID run at the same time, until the first of them is done. */
export interface PutRaces {
  run(cid: string, runner: Runner): Promise<StoredContent>;
}

interface Race {
  runners: number;
  /** Aborted when one of them is done. */
  readonly done: AbortController;
}

/** One finish line for each CID that is on its way. Nobody can hold a content back by sending it slowly. */
export function putRaces(): PutRaces {
  const races = new Map<string, Race>();
  const leave = (cid: string, race: Race): void => {
    if (races.get(cid) === race) races.delete(cid);
  };
  return {
    async run(cid, runner) {
      const there = await runner.stored();
      if (there !== undefined) {
        await runner.close();
        return there;
      }
      const race = races.get(cid) ?? { runners: 0, done: new AbortController() };
      races.set(cid, race);
      race.runners += 1;
      const signals = runner.signal === undefined ? [] : [runner.signal];
      try {
        await runner.land(AbortSignal.any([race.done.signal, ...signals]));
      } catch (error) {
        const isBeaten = race.done.signal.aborted && runner.signal?.aborted !== true;
        const stored = isBeaten ? await runner.stored() : undefined;
        if (stored === undefined) throw error;
        return stored;
      } finally {
        race.runners -= 1;
        if (race.runners === 0) leave(cid, race);
      }
      leave(cid, race);
      race.done.abort();
      const stored = await runner.stored();
      if (stored === undefined) throw new TypeError(`the content ${cid} was removed while it was stored`);
      return stored;
    },
  };
}
