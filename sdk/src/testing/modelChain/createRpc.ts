/** JSON-RPC to a chain of our own: one request a call, no retries, no polling. */
export interface Rpc {
  <result>(method: string, ...params: unknown[]): Promise<result>;
  /** The error object of a call that is to fail. */
  failure(method: string, ...params: unknown[]): Promise<unknown>;
  batch<result>(calls: readonly (readonly unknown[])[]): Promise<readonly result[]>;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: unknown };
}

/** Calls end after this long. */
const TIMEOUT_MS = 30_000;

/** Talks to the chain at a URL. Throws what the chain says where it refuses. */
export function createRpc(url: string): Rpc {
  async function post<answer>(body: unknown): Promise<answer> {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return (await response.json()) as answer;
  }
  const request = (method: unknown, params: readonly unknown[], id = 1) => ({
    jsonrpc: "2.0",
    id,
    method,
    params,
  });
  const resultOf = (answer: Answer, method: unknown): unknown => {
    if (answer.error === undefined) return answer.result;
    throw new Error(`${String(method)}: ${answer.error.message}`);
  };

  const rpc = async (method: string, ...params: unknown[]) =>
    resultOf(await post<Answer>(request(method, params)), method);
  return Object.assign(rpc, {
    async failure(method: string, ...params: unknown[]) {
      const { error } = await post<Answer>(request(method, params));
      if (error === undefined) throw new Error(`${method} was to fail and did not`);
      return error;
    },
    async batch(calls: readonly (readonly unknown[])[]) {
      if (calls.length === 0) return [];
      const answers = await post<Answer[]>(
        calls.map(([method, ...params], id) => request(method, params, id)),
      );
      const byId = new Map(answers.map((answer) => [answer.id, answer]));
      return calls.map(([method], id) =>
        resultOf(byId.get(id) ?? { id, error: { message: "no answer" } }, method),
      );
    },
  }) as Rpc;
}
