import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseNetwork } from "@worker3/sdk";
import { putMulticall } from "@worker3/sdk/testing";
import type { NetworkFile } from "../../ignition/deployWorker3.ts";
import { type DevnetAccounts, devnetAccounts } from "./accounts.ts";
import type { Processes } from "./createProcesses.ts";
import type { Progress } from "./createProgress.ts";
import { DevnetError } from "./DevnetError.ts";
import { deploySample } from "./deploySample.ts";
import type { DevnetOptions } from "./parseOptions.ts";
import { type NodeDocument, type ReadyDocument, readyDocument } from "./readyDocument.ts";
import { type RegisteredNode, registerNodes } from "./registerNodes.ts";
import { type Command, startAgent } from "./startAgent.ts";
import { mineEverySecond, startChain } from "./startChain.ts";
import { adminSocket } from "./stateFolder.ts";
import { writeNodeState } from "./writeNodeState.ts";

/** What a devnet is made of besides its own scripts. */
export interface DevnetParts {
  /** The project's root. */
  readonly root: string;
  /** The agent of a node. */
  readonly agent: Command;
  /** The `worker3` command. */
  readonly worker3: Command;
}

export interface StartNetworkParameters {
  readonly options: DevnetOptions;
  readonly parts: DevnetParts;
  readonly processes: Processes;
  readonly progress: Progress;
  /** Aborted when all of it is to stop. */
  readonly signal: AbortSignal;
  /** Called if the chain ends, without which nothing goes on. */
  readonly onChainEnd: (how: string) => void;
  /** Deploys the contracts to the chain behind an RPC. */
  readonly deploy: (rpcUrl: string) => Promise<NetworkFile>;
}

/** From the chain on: contracts, nodes, agents, sample, `devnet.json`. */
export async function startNetwork(parameters: StartNetworkParameters): Promise<ReadyDocument> {
  const { options, processes, progress, signal, onChainEnd, deploy } = parameters;
  const { rpcPort: port, stateDirectory } = options;
  const chain = await progress.step("chain", "the chain runs", async () => {
    const started = await startChain({ processes, port, stateDirectory, signal });
    // As on nearly every real chain: agents hand in several epochs by one transaction.
    await putMulticall(started.rpcUrl);
    return started;
  });
  // Never rejects.
  void chain.process.ended.then((how) => {
    if (!processes.stopping) onChainEnd(how);
  });
  const accounts = devnetAccounts(options.nodes);
  const network = await progress.step("contracts", "the contracts are deployed", () => deploy(chain.rpcUrl));
  const endpoints = accounts.nodes.map((_, i) => endpointOf(parameters, i + 1));
  const registered = await progress.step("register", "the nodes are registered", () =>
    registerNodes({ network: parseNetwork(network), accounts, endpoints }),
  );
  await mineEverySecond(chain.rpcUrl);
  const networkFile = join(stateDirectory, "network.json");
  await writeJson(networkFile, network);
  // At once: the command bundles the sample while the agents load, and waits for nodes that do not answer yet.
  const [nodes, sample] = await Promise.all([
    progress.step("agents", "the nodes serve", () =>
      Promise.all(registered.map((node) => startNode(parameters, network, accounts, node))),
    ),
    options.sample ? startSample(parameters, networkFile, network.zone, accounts) : undefined,
  ]);
  signal.throwIfAborted();

  const document = readyDocument({
    network,
    accounts: accounts.documents,
    nodes,
    timings: progress.timings,
    ...(sample === undefined ? {} : { sample }),
  });
  await writeJson(join(stateDirectory, "devnet.json"), document);
  return document;
}

async function startNode(
  { options, parts, processes, progress, signal }: StartNetworkParameters,
  network: NetworkFile,
  accounts: DevnetAccounts,
  { nodeId, region }: RegisteredNode,
): Promise<NodeDocument> {
  const { stateDirectory, portBase, confirmations } = options;
  const port = portBase + nodeId;
  const operator = accounts.documents[`operator${nodeId}`];
  if (operator === undefined) throw new Error(`node ${nodeId} has no operator`);
  const operatorKey = operator.privateKey;
  await writeNodeState({ stateDirectory, network, nodeId, port, operatorKey, confirmations });
  const { pid } = await startAgent({
    processes,
    stateDirectory,
    nodeId,
    signal,
    command: parts.agent,
    onCrash: progress.say,
  });
  const host = `n${nodeId}.nodes.${network.zone}`;
  const http = `http://127.0.0.1:${port}`;
  return { nodeId, http, host, admin: adminSocket(stateDirectory, nodeId), region, pid };
}

/** Nothing else depends on the sample: if it cannot be deployed, the devnet says so and runs without it. */
async function startSample(
  { options, parts, processes, progress }: StartNetworkParameters,
  networkFile: string,
  zone: string,
  accounts: DevnetAccounts,
): Promise<NonNullable<ReadyDocument["sample"]>> {
  const { stateDirectory, portBase } = options;
  const domain = `hello.${zone}`;
  const { deployer } = accounts.documents;
  if (deployer === undefined) throw new Error("there is no deployer");
  try {
    const sample = await progress.step("sample", "the sample project is deployed", () =>
      deploySample({
        processes,
        domain,
        networkFile,
        stateDirectory,
        key: deployer.privateKey,
        command: parts.worker3,
        project: join(parts.root, "test/projects/sample"),
        nodeIds: accounts.nodes.map((_, i) => i + 1),
      }),
    );
    return { ...sample, url: `http://${domain}:${portBase + 1}` };
  } catch (error) {
    if (!(error instanceof DevnetError) || processes.stopping) throw error;
    const { message, value, next } = error;
    progress.say(`the sample project could not be deployed: ${message}\n  ${value ?? ""}\n  ${next ?? ""}`);
    return { error: error.toJSON() };
  }
}

function endpointOf({ options }: StartNetworkParameters, nodeId: number): string {
  return `http://127.0.0.1:${options.portBase + nodeId}`;
}

/** Whoever waits for the file never reads half of it. */
async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.tmp`, `${JSON.stringify(value, undefined, 2)}\n`);
  await rename(`${file}.tmp`, file);
}
