import {
  contractError,
  createNetworkClient,
  epochAt,
  type Network,
  type NetworkClient,
  readLogs,
} from "@worker3/sdk";
import { type Address, erc20Abi } from "viem";
import type { Parameters } from "../../ignition/parameters.ts";
import { DEVNET_CHAIN_ID } from "../../ignition/rolesOf.ts";
import { answerOf } from "./answerOf.ts";
import { compareCode } from "./compareCode.ts";
import { compareCreation, compareMaker } from "./compareCreation.ts";
import { compareNetwork } from "./compareNetwork.ts";
import { compareRoles } from "./compareRoles.ts";
import { compareView } from "./compareView.ts";
import { type ContractName, contractNames, isOfViews, madeAddress, makerNameOf } from "./contracts.ts";
import { type Declared, declare } from "./declare.ts";
import { type Created, declaredImmutables } from "./declaredImmutables.ts";
import { declaredRoles, type Roles } from "./declaredRoles.ts";
import { declaredViews } from "./declaredViews.ts";
import type { Build } from "./readBuild.ts";
import { readCreation } from "./readCreation.ts";
import { readRoles } from "./readRoles.ts";
import { roleKeys } from "./roleKeys.ts";
import { type Row, row } from "./row.ts";

export interface CheckDeploymentParameters {
  readonly network: Network;
  readonly parameters: Parameters;
  readonly build: Build;
}

export interface CheckedDeployment {
  /** Its state was read. */
  readonly block: bigint;
  readonly rows: readonly Row[];
}

/** What the steps of a check share. */
interface Check {
  readonly client: NetworkClient;
  readonly build: Build;
  readonly declared: Declared;
  readonly blockNumber: bigint;
  /** Of the block, in Unix seconds. */
  readonly now: number;
}

/**
 * Compares a deployment with the build and with its declared parameters: code and how it came there, immutables,
 * bindings, parameters, roles; all of it as of one block.
 *
 * @throws {DeploymentError} The declaration has gaps. {RpcError} The chain cannot be asked.
 */
export async function checkDeployment(parameters: CheckDeploymentParameters): Promise<CheckedDeployment> {
  const { network, build } = parameters;
  const client = createNetworkClient({ network });
  try {
    const chainId = await client.publicClient.getChainId();
    const { number: blockNumber, timestamp } = await client.publicClient.getBlock();
    const rightChain = row("RPC: chain id", String(network.chainId), String(chainId));
    if (!rightChain.ok) return { block: blockNumber, rows: [rightChain] };

    const accounts = chainId === DEVNET_CHAIN_ID ? await readAccounts(client) : [];
    const declared = declare(network, parameters.parameters, accounts);
    const check: Check = { client, build, declared, blockNumber, now: Number(timestamp) };

    const created = await checkCreations(check);
    const rows = [
      rightChain,
      ...compareNetwork(network, declared),
      ...created.rows,
      ...(await checkCode(check, created)),
      ...(await checkViews(check)),
      ...(await checkRoles(check, created.deployer)),
    ];
    return { block: blockNumber, rows };
  } catch (cause) {
    throw contractError(cause);
  }
}

/** Those that a devnet's chain signs for. */
async function readAccounts({ publicClient }: NetworkClient): Promise<readonly Address[]> {
  return publicClient.request<{ Method: "eth_accounts"; Parameters?: undefined; ReturnType: Address[] }>({
    method: "eth_accounts",
  });
}

async function checkCreations({
  client,
  build,
  declared,
}: Check): Promise<Created & { readonly rows: readonly Row[] }> {
  const creations = await Promise.all(
    contractNames
      .filter((name) => !isOfViews(build[name].abi) && makerNameOf(name) === undefined)
      .map(async (name) => ({
        name,
        creation: await readCreation(client, name, declared.contracts[name]),
      })),
  );
  const manager = creations.find(({ name }) => name === "AccessManager")?.creation;
  const made = contractNames.flatMap((name) => {
    const maker = makerNameOf(name);
    if (maker === undefined) return [];
    const isMade = declared.contracts[name] === madeAddress(declared.contracts[maker]);
    return [compareMaker(name, { maker, isMade })];
  });
  const names = creations.find(({ name }) => name === makerNameOf("NameRegistry"))?.creation;
  return {
    rows: [
      ...creations.map(({ name, creation }) => compareCreation(name, build[name].creationCode, creation)),
      ...made,
    ],
    deployer: manager !== undefined && "creator" in manager ? manager.creator : undefined,
    namesAt: names !== undefined && "creator" in names ? await timeOf(client, names.blockNumber) : undefined,
  };
}

/** Of a block, in Unix seconds. */
async function timeOf({ publicClient }: NetworkClient, blockNumber: bigint): Promise<number> {
  return Number((await publicClient.getBlock({ blockNumber })).timestamp);
}

async function checkCode(check: Check, created: Created): Promise<Row[]> {
  const { client, build, declared, blockNumber } = check;
  const rows = await Promise.all(
    contractNames.map(async (name) => {
      const found = await client.publicClient.getCode({ address: declared.contracts[name], blockNumber });
      return compareCode({ ...build[name], found, declared: declaredImmutables(name, declared, created) });
    }),
  );
  return rows.flat();
}

async function checkViews({ client, build, declared, blockNumber, now }: Check): Promise<Row[]> {
  const { genesis, parameters, asset } = declared;
  const epoch = now < genesis ? 0 : epochAt({ ...parameters.times, genesis }, BigInt(now));
  const { publicClient } = client;
  const decimals = { address: asset, abi: erc20Abi, functionName: "decimals", blockNumber } as const;
  const [answer, ...rows] = await Promise.all([
    answerOf(publicClient.readContract(decimals)),
    ...declaredViews(declared, build, epoch).map(async (view) => {
      const { contract, functionName, args = [] } = view;
      const question = {
        address: declared.contracts[contract],
        abi: build[contract].abi,
        functionName,
        args,
      };
      return compareView(view, await answerOf(publicClient.readContract({ ...question, blockNumber })));
    }),
  ]);
  const found = "refusal" in answer ? answer.refusal : String(answer.value);
  return [row("asset.decimals()", "6", found), ...rows.flat()];
}

async function checkRoles(
  { client, build, declared, blockNumber, now }: Check,
  deployer: Address | undefined,
): Promise<Row[]> {
  const wanted = declaredRoles(declared);
  const accessManager = declared.contracts.AccessManager;
  const keys = roleKeys(await readLogs(client, { address: accessManager }));
  const answer = await answerOf(
    readRoles(client, { accessManager, keys, declared: wanted, blockNumber, now }),
  );
  if ("refusal" in answer) return [row("roles", "readable", answer.refusal)];
  const contracts = contractNames.map((name: ContractName) => ({
    name,
    address: declared.contracts[name],
    abi: build[name].abi,
  }));
  return compareRoles({ declared: wanted, found: answer.value as Roles, deployer, contracts });
}
