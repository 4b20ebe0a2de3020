import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

const POLL_MS = 5;
const TIMEOUT_MS = 30_000;

/** Asks a replica for a page, as visitors do. */
export interface Visitor extends Disposable {
  /**
   * Asks again and again, each time 5 ms after the answer before, until the page is that of a version.
   *
   * @returns When the head of that answer was here, as `performance.now()` tells it.
   */
  untilVersion(version: number, signal: AbortSignal): Promise<number>;
}

/** A visitor of one replica of a domain, on one connection that stays. */
export function createVisitor(nodeUrl: string, domain: string): Visitor {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  function ask(): Promise<{ status: number; version: number }> {
    return new Promise((resolve, reject) => {
      const sent = request(nodeUrl, { agent, headers: { host: domain } }, (answer) => {
        resolve({ status: answer.statusCode ?? 0, version: Number(answer.headers["worker3-version"]) });
        answer.resume();
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  return {
    async untilVersion(version, signal) {
      const deadline = performance.now() + TIMEOUT_MS;
      for (;;) {
        const answer = await ask();
        const now = performance.now();
        if (answer.version === version && answer.status === 200) return now;
        if (now > deadline)
          throw new Error(
            `${nodeUrl} answers ${answer.status} with version ${answer.version}, not ${version}`,
          );
        await wait(POLL_MS, undefined, { signal });
      }
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}
