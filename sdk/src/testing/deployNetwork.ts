import {
  type Abi,
  type Account,
  type Address,
  type ContractConstructorArgs,
  createTestClient,
  createWalletClient,
  type DeployContractParameters,
  defineChain,
  getAddress,
  type Hex,
  http,
  publicActions,
} from "viem";
import {
  accessManagerBytecode,
  creditEscrowBytecode,
  mockUSDBytecode,
  nodeRegistryBytecode,
  projectRegistryBytecode,
  usageSettlementBytecode,
} from "../abi/bytecode.ts";
import {
  accessManagerAbi,
  creditEscrowAbi,
  mockUSDAbi,
  nodeRegistryAbi,
  projectRegistryAbi,
  usageSettlementAbi,
} from "../abi/index.ts";
import { priceList } from "../contracts/settlement/priceList.ts";
import type { Network } from "../network/network.ts";
import type { Prices } from "../protocol/prices.ts";
import type { Times } from "../protocol/times.ts";
import { testAccount } from "./accounts.ts";

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
};

/** Deploys the asset and the contracts, and binds them to each other. Endpoints may be plain http. */
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
    late: 3,
    dispute: 3,
    decide: 5,
    creditThaw: 5,
    stakeThaw: 14,
    ...parameters.times,
  };

  async function deploy<const abi extends Abi>(
    abi: abi,
    bytecode: Hex,
    args: ContractConstructorArgs<abi>,
  ): Promise<Address> {
    const hash = await wallet.deployContract({ abi, bytecode, args } as unknown as DeployContractParameters<
      abi,
      typeof chain,
      Account
    >);
    const { contractAddress } = await reader.waitForTransactionReceipt({ hash, pollingInterval: 20 });
    if (contractAddress === null || contractAddress === undefined) throw new Error("nothing was deployed");
    return getAddress(contractAddress);
  }

  const asset = await deploy(mockUSDAbi, mockUSDBytecode, []);
  const accessManager = await deploy(accessManagerAbi, accessManagerBytecode, [deployer.address]);
  const nodeRegistry = await deploy(nodeRegistryAbi, nodeRegistryBytecode, [
    accessManager,
    asset,
    times,
    parameters.minStake ?? 100_000_000n,
    true,
  ]);
  const projectRegistry = await deploy(projectRegistryAbi, projectRegistryBytecode, [
    accessManager,
    nodeRegistry,
    zone,
    deployer.address,
    Number(parameters.defaultCap ?? 1_000_000n),
    Number(parameters.maxCap ?? 10_000_000n),
  ]);
  const creditEscrow = await deploy(creditEscrowAbi, creditEscrowBytecode, [
    accessManager,
    asset,
    projectRegistry,
    feeReceiver,
  ]);
  const usageSettlement = await deploy(usageSettlementAbi, usageSettlementBytecode, [
    accessManager,
    nodeRegistry,
    projectRegistry,
    creditEscrow,
    priceList({ ...TEST_PRICES, ...parameters.prices }),
    parameters.minBond ?? 5_000_000n,
    parameters.maxSlash ?? 50_000_000n,
    arbiter,
  ]);
  for (const address of [nodeRegistry, projectRegistry, creditEscrow]) {
    const hash = await wallet.writeContract({
      address,
      abi: nodeRegistryAbi, // the three share `bind`
      functionName: "bind",
      args: [usageSettlement],
    });
    await reader.waitForTransactionReceipt({ hash, pollingInterval: 20 });
  }
  return {
    chainId,
    rpcUrls: [rpcUrl],
    zone,
    contracts: { asset, accessManager, nodeRegistry, projectRegistry, creditEscrow, usageSettlement },
    deploymentBlock: newest.number,
    times,
  };
}
