import * as nodes from "../contracts/nodes/index.ts";
import type { NetworkClient } from "../network/createNetworkClient.ts";
import { NodeError } from "../nodeApi/NodeError.ts";
import type { Replica } from "../nodeApi/replicas.ts";

export interface AskNodesParameters<answer> {
  /** Asked in this order, a few at once. */
  readonly nodes: readonly Replica[];
  readonly ask: (node: Replica, signal: AbortSignal) => Promise<answer>;
  /** So many answers are enough. */
  readonly enough: number;
  /** After so long without enough answers another node is asked besides, in milliseconds. */
  readonly hedgeMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface NodesAnswers<answer> {
  readonly answers: readonly { readonly nodeId: number; readonly answer: answer }[];
  /** Those that did not answer, or not as a node does. */
  readonly failed: readonly { readonly nodeId: number; readonly error: NodeError }[];
}

const HEDGE_MS = 1_000;

/**
 * Asks several nodes the same until enough have answered: as many as are enough at once, one more for each that fails or is
 * slow. What comes after that is not waited for.
 *
 * @throws what `ask` throws that is no `NodeError`; the signal's reason.
 */
export async function askNodes<answer>(
  parameters: AskNodesParameters<answer>,
): Promise<NodesAnswers<answer>> {
  const { nodes: all, ask, enough, hedgeMs = HEDGE_MS, signal } = parameters;
  signal?.throwIfAborted();
  const ending = new AbortController();
  const inner = AbortSignal.any(signal === undefined ? [ending.signal] : [ending.signal, signal]);
  const answers: { nodeId: number; answer: answer }[] = [];
  const failed: { nodeId: number; error: NodeError }[] = [];
  const waiting = [...all];
  const done = Promise.withResolvers<void>();
  let open = 0;

  const next = (): void => {
    const node = waiting.shift();
    if (node === undefined) {
      if (open === 0) done.resolve();
      return;
    }
    open += 1;
    ask(node, inner).then(
      (answer) => {
        open -= 1;
        answers.push({ nodeId: node.nodeId, answer });
        if (answers.length >= enough || (open === 0 && waiting.length === 0)) done.resolve();
      },
      (error: unknown) => {
        open -= 1;
        if (!(error instanceof NodeError)) return done.reject(error);
        failed.push({ nodeId: node.nodeId, error });
        next();
      },
    );
  };

  const timer = setInterval(next, hedgeMs);
  try {
    for (let begun = 0; begun < Math.max(1, enough); begun += 1) next();
    await done.promise;
    return { answers: answers.slice(0, enough), failed: [...failed] };
  } finally {
    clearInterval(timer);
    ending.abort();
  }
}

/** Nodes are read so many at a time. */
const WINDOW = 50;

/**
 * Some nodes of the network that say where they are reached and did not retire, in an order that chance decides.
 *
 * @param most How many.
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function someNodes(
  client: NetworkClient,
  { most, random = Math.random }: { readonly most: number; readonly random?: (() => number) | undefined },
): Promise<Replica[]> {
  const count = await nodes.nodeCount(client);
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  const found: Replica[] = [];
  while (ids.length > 0 && found.length < most) {
    const nodeIds = Array.from({ length: Math.min(WINDOW, ids.length) }, () => {
      const [id = 0] = ids.splice(Math.floor(random() * ids.length), 1);
      return id;
    });
    for (const node of await nodes.readNodes(client, { nodeIds })) {
      if (node === undefined || node.endpoint === "" || node.retiredFrom !== undefined) continue;
      found.push({ nodeId: node.nodeId, endpoint: node.endpoint });
    }
  }
  return found.slice(0, most);
}
