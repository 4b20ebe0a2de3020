import { setTimeout as sleep } from "node:timers/promises";
import { lens, type NetworkClient } from "@worker3/sdk";

export interface WatchActiveParameters {
  readonly client: NetworkClient;
  readonly projectId: bigint;
  /** The version that the chain shall go on to name. */
  readonly version: number;
  readonly signal: AbortSignal;
}

/** Whether the chain still names a version. */
export interface ActiveWatch extends Disposable {
  /** Aborts when the chain names another. */
  readonly signal: AbortSignal;
  /** The one that it names instead; undefined while it does not. */
  version(): number | undefined;
}

/** A block a second is the fastest that chains of users have. */
const PERIOD_MS = 1_000;

/**
 * Watches that a version stays the one that the chain names: somebody else may deploy a newer one, or roll back. An RPC that is
 * behind names an older one for a while: an older one counts once this one was seen.
 */
export function watchActive({ client, projectId, version, signal }: WatchActiveParameters): ActiveWatch {
  const ended = new AbortController();
  const overtaken = new AbortController();
  let instead: number | undefined;
  void watch();
  return {
    signal: overtaken.signal,
    version: () => instead,
    [Symbol.dispose]: () => ended.abort(),
  };

  async function watch(): Promise<void> {
    const until = AbortSignal.any([signal, ended.signal]);
    for (let seen = false; ; ) {
      try {
        await sleep(PERIOD_MS, undefined, { signal: until });
      } catch {
        return;
      }
      const active = await activeNow();
      if (until.aborted) return;
      if (active === undefined) continue;
      if (active === version) seen = true;
      else if (seen || active > version) {
        instead = active;
        return overtaken.abort();
      }
    }
  }

  /** An RPC that does not answer says nothing about the version; whoever waits for the nodes need not end by it. */
  async function activeNow(): Promise<number | undefined> {
    try {
      return (await lens.projectOf(client, { projectId })).active;
    } catch {
      return undefined;
    }
  }
}
