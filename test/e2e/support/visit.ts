import { Agent, request } from "undici";

export interface Visit {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Asks a node for a page of a domain, by `Host`. */
export async function visit(
  http: string,
  host: string,
  path = "/",
  options: {
    method?: "GET" | "HEAD" | "POST";
    body?: string;
    headers?: Record<string, string>;
    dispatcher?: Agent;
  } = {},
): Promise<Visit> {
  const { headers = {}, ...rest } = options;
  const answer = await request(`${http}${path}`, { ...rest, headers: { ...headers, host } });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: Buffer.from(await answer.body.arrayBuffer()),
  };
}

export interface Load {
  /** How many were answered so far. */
  readonly answered: number;
  /** Ends it; what was asked and what failed. */
  stop(): Promise<{
    requests: number;
    bytes: number;
    failures: string[];
    versions: ReadonlyMap<string, number>;
  }>;
}

/**
 * A steady load on one node: `connections` visitors on keep-alive connections, each asking again as soon as it got an
 * answer and `pauseMs` passed.
 */
export function startLoad(
  http: string,
  host: string,
  path: string,
  { connections = 2, pauseMs = 20 } = {},
): Load {
  const dispatcher = new Agent({ connections, pipelining: 1 });
  const failures: string[] = [];
  const versions = new Map<string, number>();
  let isOver = false;
  let requests = 0;
  let bytes = 0;
  async function run(): Promise<void> {
    while (!isOver) {
      requests += 1;
      try {
        const { status, headers, body } = await visit(http, host, path, { dispatcher });
        bytes += body.length;
        const version = String(headers["worker3-version"]);
        versions.set(version, (versions.get(version) ?? 0) + 1);
        if (status !== 200)
          failures.push(`${http} ${status} ${headers["worker3-error"]} ${body.subarray(0, 200)}`);
      } catch (error) {
        failures.push(`${http} ${error instanceof Error ? error.message : String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  const visitors = Array.from({ length: connections }, run);
  return {
    get answered() {
      return requests - connections;
    },
    async stop() {
      isOver = true;
      await Promise.all(visitors);
      await dispatcher.close();
      return { requests, bytes, failures, versions };
    },
  };
}
