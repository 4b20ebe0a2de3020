import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { createNetworkClient, epochStart, nodes, parseNetwork, stakeWindow } from "@worker3/sdk";
import { formatEther, isAddressEqual } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { readNetwork } from "../../chain/readNetwork.ts";
import type { AgentConfig } from "../../config.ts";
import { readOperatorKey } from "../../operatorKey.ts";
import { answerWithin } from "../answerWithin.ts";
import { type Check, check } from "../Check.ts";

/** A transaction of the agent costs far less on any chain that a node would be put on; below it nothing can be sent. */
const LEAST_GAS_WEI = 10n ** 14n;
const TIMEOUT_MS = 5_000;
/** What others than the file's owner may do with it. */
const OTHERS = 0o077;

/**
 * The node of this folder: whether its key is there, is nobody else's to read and is the one that the chain names, whether
 * that account can pay for transactions, and whether the node is about to leave. An unregistered one has only its key.
 */
export async function checkNode(
  config: Pick<AgentConfig, "operatorKeyFile" | "stateDirectory" | "network">,
  nodeId: number | undefined,
): Promise<Check[]> {
  const { operatorKeyFile, stateDirectory, network } = config;
  let key: Awaited<ReturnType<typeof readOperatorKey>>;
  try {
    key = await readOperatorKey(config);
  } catch (error) {
    return [
      check("operator's key", false, messageOf(error), { fix: "put back the copy that you made of it" }),
    ];
  }
  const path = isAbsolute(operatorKeyFile) ? operatorKeyFile : join(stateDirectory, operatorKeyFile);
  const { address } = privateKeyToAccount(key);
  const isOpen = ((await stat(path)).mode & OTHERS) !== 0;
  const file = check("operator's key", !isOpen, isOpen ? `${path} may be read by others` : address, {
    fix: `chmod 600 ${path}`,
  });
  try {
    const client = createNetworkClient({ network: readNetwork(parseNetwork(network)) });
    return [file, ...(await answerWithin(onChain(client, { nodeId, address }), TIMEOUT_MS))];
  } catch (error) {
    return [file, check("node", false, messageOf(error), { fix: "see the line of the chain" })];
  }
}

async function onChain(
  client: ReturnType<typeof createNetworkClient>,
  { nodeId, address }: { readonly nodeId: number | undefined; readonly address: `0x${string}` },
): Promise<Check[]> {
  const wei = await client.publicClient.getBalance({ address });
  const gas = check("gas", wei >= LEAST_GAS_WEI, `${address} has ${formatEther(wei)} of the chain's coin`, {
    fix: `send some to ${address}: it pays for the node's own transactions`,
  });
  if (nodeId === undefined) return [gas];
  const { operator, retiredFrom, thawing, thawEpoch } = await nodes.nodeOf(client, { nodeId });
  const { times } = client.network;
  const isOwnKey = isAddressEqual(operator, address);
  const leaves = new Date(
    epochStart(times, stakeWindow(times, thawEpoch).firstWithdraw) * 1000,
  ).toISOString();
  return [
    gas,
    check("node", isOwnKey, isOwnKey ? `${nodeId}` : `the chain names ${operator} for node ${nodeId}`, {
      fix: `put that key there, or have the owner name ${address}: NodeRegistry.setOperator`,
    }),
    check(
      "stake",
      retiredFrom === undefined && thawing === 0n,
      retiredFrom !== undefined
        ? `retired: receipts from epoch ${retiredFrom} on do not count`
        : thawing > 0n
          ? `some is asked back and leaves from ${leaves} on`
          : "stays",
      {
        fix:
          retiredFrom === undefined
            ? "worker3 node unstake --cancel, unless that is meant"
            : "nothing: retirement is final. A new node can be registered",
      },
    ),
  ];
}

function messageOf(error: unknown): string {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return first;
}
