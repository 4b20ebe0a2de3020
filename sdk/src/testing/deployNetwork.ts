import {
  type Abi,
  type Account,
  type Address,
  createTestClient,
  createWalletClient,
  defineChain,
  encodeDeployData,
  encodeFunctionData,
  getAddress,
  type Hash,
  http,
  publicActions,
  zeroAddress,
} from "viem";
import { bytecodeOf } from "../abi/bytecode.ts";
import { contractByKey } from "../abi/contracts.ts";
import { accessManagerAbi } from "../abi/index.ts";
import { priceList } from "../contracts/settlement/epochs.ts";
import {
  type ContractKey,
  contractKeys,
  contractTable,
  makerOf,
  ownContracts,
  recordOf,
} from "../contracts/table.ts";
import type { Network } from "../network/network.ts";
import type { Prices } from "../protocol/prices.ts";
import type { Times } from "../protocol/times.ts";
import { testAccount } from "./accounts.ts";
import { minedReceipt } from "./minedReceipt.ts";

export interface DeployNetworkParameters {
  readonly rpcUrl: string;
  /** Deploys, binds and administers; anvil's first account. */
  readonly deployer?: Account | undefined;
  readonly arbiter?: Address | undefined;
  readonly feeReceiver?: Address | undefined;
  readonly zone?: string | undefined;
  /** What differs from 1-hour epochs that began at the newest block, and PROTOCOL's windows. */
  readonly times?: Partial<Times> | undefined;
  readonly prices?: Partial<Prices> | undefined;
  /** Base units, as the others. */
  readonly minStake?: bigint | undefined;
  readonly defaultCap?: bigint | undefined;
  readonly maxCap?: bigint | undefined;
  readonly minBond?: bigint | undefined;
  readonly maxSlash?: bigint | undefined;
  /** How many times its cap a seat needs of stake; 10. */
  readonly seatStakeFactor?: number | undefined;
}

/** What a test network charges unless told otherwise. */
export const TEST_PRICES: Prices = {
  fromEpoch: 0,
  feeBps: 500,
  included: 10n,
  base: 1_000n,
  perMRequests: 300_000_000n,
  perMCpuMs: 20_000_000n,
  perGiB: 50_000n,
  perGiBStored: 1_000n,
};

/** Deploys the contracts of the table, and binds them to each other. Endpoints may be plain http. */
export async function deployNetwork(parameters: DeployNetworkParameters): Promise<Network> {
  const { rpcUrl, deployer = testAccount(0), zone = "worker3.localhost" } = parameters;
  const { arbiter = deployer.address, feeReceiver = deployer.address } = parameters;
  const reader = createTestClient({ mode: "anvil", transport: http(rpcUrl) }).extend(publicActions);
  const chainId = await reader.getChainId();
  const newest = await reader.getBlock();
  const chain = defineChain({
    id: chainId,
    name: zone,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const wallet = createWalletClient({ account: deployer, chain, transport: http(rpcUrl) });
  const times: Times = {
    genesis: Number(newest.timestamp),
    epochSeconds: 3600,
    late: 4,
    dispute: 3,
    decide: 5,
    creditThaw: 6,
    stakeThaw: 19,
    ...parameters.times,
  };

  const contracts: Record<ContractKey, Address> = recordOf(contractKeys, () => zeroAddress);
  const values: Record<string, unknown> = {
    initialAdmin: deployer.address,
    times,
    minStake: parameters.minStake ?? 100_000_000n,
    seatStakeFactor: parameters.seatStakeFactor ?? 10,
    maxSlashShareBps: 5_000,
    allowHttp: true,
    names: { zone, nameKeeper: deployer.address, predecessor: zeroAddress, keptEpochs: 0 },
    defaultCap: Number(parameters.defaultCap ?? 1_000_000n),
    maxCap: Number(parameters.maxCap ?? 10_000_000n),
    feeReceiver,
    prices: priceList({ ...TEST_PRICES, ...parameters.prices }),
    parameters: {
      minBond: parameters.minBond ?? 5_000_000n,
      maxSlash: parameters.maxSlash ?? 50_000_000n,
      slashFloor: 5_000_000n,
      slashFactor: 1_000,
      rewardFactor: 10,
      arbiter,
    },
  };
  const mined = (hash: Hash) => minedReceipt(reader, hash);

  for (const key of contractKeys) {
    const { name, alias } = contractTable[key];
    const abi = abiOf(key);
    const maker = makerOf(key);
    if (maker !== undefined) {
      // Whoever makes another contract tells where it is by a view of that one's name.
      const question = { address: contracts[maker], abi: abiOf(maker), functionName: key };
      contracts[key] = (await reader.readContract(question)) as Address;
      continue;
    }
    const data = encodeDeployData({ abi, bytecode: bytecodeOf[key], args: argumentsOf(name, abi, values) });
    const { contractAddress } = await mined(await wallet.sendTransaction({ data }));
    if (contractAddress == null) throw new Error(`${name} was not deployed`);
    contracts[key] = getAddress(contractAddress);
    values[alias] = contracts[key];
  }
  for (const key of ownContracts) {
    const abi = abiOf(key);
    if (!abi.some((item) => item.type === "function" && item.name === "bind")) continue;
    const data = encodeFunctionData({ abi, functionName: "bind", args: [contracts.usageSettlement] });
    await mined(await wallet.sendTransaction({ to: contracts[key], data }));
  }
  return { chainId, rpcUrls: [rpcUrl], zone, contracts, deploymentBlock: newest.number, times };
}

function abiOf(key: ContractKey): Abi {
  return key === "accessManager" ? accessManagerAbi : contractByKey[key].abi;
}

/** What a constructor takes, by the names of its parameters. Of other contracts it takes those deployed before. */
function argumentsOf(contract: string, abi: Abi, values: Readonly<Record<string, unknown>>): unknown[] {
  const creation = abi.find((item) => item.type === "constructor");
  return (creation?.inputs ?? []).map(({ name = "" }) => {
    const value = values[name.replace(/_$/, "")]; // the underscore keeps a parameter apart from a view
    if (value === undefined)
      throw new Error(`a test network has no ${name} for the constructor of ${contract}`);
    return value;
  });
}
