import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NetworkDocument } from "@worker3/sdk";
import type { Hex } from "viem";
import type { AgentConfigDocument } from "../../node-agent/src/config.ts";
import { nodeDirectory } from "./stateFolder.ts";

export interface WriteNodeStateParameters {
  readonly stateDirectory: string;
  readonly network: NetworkDocument & { readonly rpcUrl: string };
  readonly nodeId: number;
  readonly port: number;
  readonly operatorKey: Hex;
  readonly confirmations: number | undefined;
}

/** Writes what an agent starts from: `node.json` and the operator's key. */
export async function writeNodeState(parameters: WriteNodeStateParameters): Promise<void> {
  const { stateDirectory, network, nodeId, port, operatorKey, confirmations } = parameters;
  const { rpcUrl, ...rest } = network;
  const config: AgentConfigDocument = {
    nodeId,
    // A subscription tells of a block at once; where there is only http, it is asked for.
    network: { ...rest, rpcUrls: [rpcUrl.replace(/^http/, "ws"), rpcUrl] },
    operatorKeyFile: "operator.key",
    listen: { host: "127.0.0.1", port },
    chain: { pollMs: 250, ...(confirmations === undefined ? {} : { confirmations }) },
    content: { allowPrivateAddresses: true },
    // A devnet runs its own code, on any machine, and leaves nothing behind however it ends.
    cells: { allowHostNetwork: true, allowUnsandboxed: true, controlGroups: false },
    settlement: { claimEveryEpochs: 1 },
  };
  const directory = nodeDirectory(stateDirectory, nodeId);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "operator.key"), `${operatorKey}\n`, { mode: 0o600 });
  await writeFile(join(directory, "node.json"), `${JSON.stringify(config, undefined, 2)}\n`);
}
