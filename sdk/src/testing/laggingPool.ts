import { type RpcCall, type RpcProxy, RpcRefusal } from "./rpcProxy.ts";

/** Which parameter names the block of a question about a state. */
const BLOCK_PLACE: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getBlockByNumber: 0,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
  eth_simulateV1: 1,
};

/**
 * Makes a proxy a pool of machines of which all but the first are behind: they answer as geth does that has not heard of
 * the newest blocks. They take turns, question by question.
 *
 * @param behind For how many questions to a machine that is behind the newest block stays unknown there; each block anew.
 */
export function lagBehind(proxy: RpcProxy, { behind }: { readonly behind: number }): void {
  let turn = 0;
  /** How often a machine that is behind was asked since a block came, by the block. */
  const patience = new Map<bigint, number>();
  proxy.answer = async (call, ask) => {
    turn += 1;
    if (turn % 2 === 0) return ask(call);
    const head = BigInt(String(await ask({ method: "eth_blockNumber", params: [] })));
    const asked = (patience.get(head) ?? 0) + 1;
    patience.set(head, asked);
    const known = asked > behind ? head : head - 1n;
    return answerAt(known, call, ask);
  };
}

async function answerAt(
  known: bigint,
  { method, params }: RpcCall,
  ask: (call: RpcCall) => Promise<unknown>,
): Promise<unknown> {
  const tag = `0x${known.toString(16)}`;
  if (method === "eth_blockNumber") return tag;
  const given = Array.isArray(params) ? [...params] : [];
  if (method === "eth_getLogs") {
    const [filter] = given;
    const logs = (await ask({ method, params: [filter] })) as { blockNumber: string }[];
    return logs.filter(({ blockNumber }) => BigInt(blockNumber) <= known);
  }
  if (method === "eth_getTransactionReceipt") {
    const receipt = (await ask({ method, params })) as { blockNumber: string } | null;
    return receipt !== null && BigInt(receipt.blockNumber) > known ? null : receipt;
  }
  const place = BLOCK_PLACE[method];
  if (place === undefined) return ask({ method, params });
  const block: unknown = given[place] ?? "latest";
  const isNumber = typeof block === "string" && block.startsWith("0x");
  if (isNumber && BigInt(block) > known) {
    if (method === "eth_getBlockByNumber") return null;
    throw new RpcRefusal(-32000, "header not found");
  }
  given[place] = isNumber ? block : tag;
  return ask({ method, params: given });
}
