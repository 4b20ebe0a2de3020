import { asset, findOwnedIds, type NetworkClient, nodes, QueryError } from "@worker3/sdk";
import { type Address, formatUnits, isAddressEqual } from "viem";
import { pricesNow, pricesText } from "../chain/prices.ts";
import { defineCommand } from "../command.ts";
import { usd } from "../text/usd.ts";

/** Of so many projects it is told how many there are. */
const MOST_PROJECTS = 1_000;
/** Of so many nodes it is looked whose they are, the newest ones; and so many at a time. */
const MOST_NODES = 5_000;
const WINDOW = 100;
const COIN_DECIMALS = 18;

/** `worker3 whoami` */
export const whoami = defineCommand({
  name: "whoami",
  summary: "tells which account acts, on which network, and what it has there",
  description:
    "Tells the account of the given key, the network and its RPC, what the account holds, what the contracts may take of it, which nodes it owns or operates, and how many projects are its own.",
  async run(context) {
    const { address } = await context.account();
    const client = await context.client();
    const { network } = client;
    using progress = context.progress("Asking the chain");
    const { creditEscrow, nodeRegistry } = network.contracts;
    const allowance = (spender: Address) => asset.allowanceOf(client, { owner: address, spender });
    const [native, token, forCredit, forStake, prices, nodeIds, owned] = await Promise.all([
      client.publicClient.getBalance({ address }),
      asset.balanceOf(client, { who: address }),
      allowance(creditEscrow),
      allowance(nodeRegistry),
      pricesNow(client),
      nodesOf(client, address, context.signal),
      findOwnedIds(client, { owner: address, limit: MOST_PROJECTS, signal: context.signal }).catch(
        (error: unknown) => {
          if (error instanceof QueryError) return error;
          throw error;
        },
      ),
    ]);
    progress.done();
    if (owned instanceof QueryError) context.note(`${owned.message} How many projects it has is not known.`);
    const projects = owned instanceof QueryError ? null : owned.projectIds.length;
    const isMore = !(owned instanceof QueryError) && owned.isMore;
    // The host alone: the path of an RPC's address often holds a key.
    const rpc = new URL(network.rpcUrls[0]).host;
    context.out(
      {
        address,
        network: { chainId: network.chainId, zone: network.zone, rpc },
        balances: { native, token, allowances: { creditEscrow: forCredit, nodeRegistry: forStake } },
        prices,
        nodes: nodeIds,
        projects,
        moreProjects: isMore,
      },
      [
        `account    ${address}`,
        `network    ${network.zone}, chain ${network.chainId}, by ${rpc}`,
        `holds      ${usd(token)}, and ${formatUnits(native, COIN_DECIMALS)} of the chain's coin for gas`,
        `allows     ${usd(forCredit)} to credit, ${usd(forStake)} to stakes`,
        `prices     ${pricesText(prices)}`,
        `nodes      ${nodeIds.join(", ") || "none"}`,
        `projects   ${projects === null ? "not known" : `${projects}${isMore ? " and more" : ""}`}${projects === 0 || projects === null ? "" : ": worker3 projects"}`,
      ].join("\n"),
    );
  },
});

/** The nodes that an account owns or operates. */
async function nodesOf(client: NetworkClient, who: Address, signal: AbortSignal): Promise<number[]> {
  const count = await nodes.nodeCount(client);
  const found: number[] = [];
  for (let first = Math.max(1, count - MOST_NODES + 1); first <= count; first += WINDOW) {
    signal.throwIfAborted();
    const nodeIds = Array.from({ length: Math.min(WINDOW, count - first + 1) }, (_, index) => first + index);
    for (const node of await nodes.readNodes(client, { nodeIds })) {
      if (node === undefined) continue;
      if (isAddressEqual(node.owner, who) || isAddressEqual(node.operator, who)) found.push(node.nodeId);
    }
  }
  return found;
}
