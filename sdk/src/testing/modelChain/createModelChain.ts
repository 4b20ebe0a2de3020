import {
  type Address,
  encodeFunctionData,
  formatLog,
  type Hash,
  type Hex,
  isHex,
  keccak256,
  maxUint256,
  parseEventLogs,
  type RpcLog,
  toHex,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { projectRegistryAbi, usageSettlementAbi } from "../../abi/index.ts";
import { approve } from "../../contracts/asset/index.ts";
import { type EncodedCall, encodeCall } from "../../contracts/call.ts";
import { revertError } from "../../errors/revertError.ts";
import {
  drawSeed,
  type ModelAccount,
  type ModelAction,
  type ModelOutcome,
  type ModelParameters,
  receiptKey,
} from "../../model/index.ts";
import type { Network } from "../../network/network.ts";
import { decodeLines } from "../../receipts/decodeLines.ts";
import { testAccount } from "../accounts.ts";
import { deployNetwork } from "../deployNetwork.ts";
import { startAnvil } from "../startAnvil.ts";
import { type CountedLine, callOf } from "./callOf.ts";
import { createRpc, type Rpc } from "./createRpc.ts";

/** What became of a call on the chain. */
export interface Performed {
  /** The call as it was made: what the chain drew, it drew by the seed in here. */
  readonly action: ModelAction;
  readonly outcome: ModelOutcome;
}

/** The contracts on a chain of their own, driven by the calls of the pure model. */
export interface ModelChain {
  readonly network: Network;
  accountOf(name: ModelAccount): PrivateKeyAccount;
  /** Makes a call in a block of its own, so many seconds after the genesis; each call later than the one before. */
  perform(action: ModelAction, sinceGenesisSeconds: number): Promise<Performed>;
  /** Calls views at the newest block, in one request. */
  view(calls: readonly EncodedCall[]): Promise<readonly Hex[]>;
  stop(): Promise<void>;
}

/** What draws nodes. */
type Seeded = Extract<ModelAction, { readonly seed: bigint }>;

/** More than any call of the model takes. */
const GAS = toHex(12_000_000n);

const MINED_WITHIN_MS = 10_000;

interface Receipt {
  readonly status: Hex;
  readonly blockNumber: Hex;
  readonly logs: readonly RpcLog[];
}

/**
 * Starts a chain and deploys the contracts with the model's parameters; only the genesis is the chain's own.
 *
 * @param accounts Everyone who will act: they get coin for gas and allow the contracts everything.
 */
export async function createModelChain(
  parameters: ModelParameters,
  accounts: Iterable<ModelAccount>,
): Promise<ModelChain> {
  const anvil = await startAnvil({ args: ["--auto-impersonate", "--gas-limit", "100000000"] });
  try {
    const rpc = createRpc(anvil.rpcUrl);
    const keys = new Map<ModelAccount, PrivateKeyAccount>([[parameters.admin, testAccount(0)]]);
    const accountOf = (name: ModelAccount): PrivateKeyAccount => {
      const account = keys.get(name) ?? privateKeyToAccount(keccak256(toHex(`worker3 model ${name}`)));
      keys.set(name, account);
      return account;
    };
    const { genesis: _, ...times } = parameters.times;
    const { prices, minStake, defaultCap, maxCap } = parameters;
    const network = await deployNetwork({
      rpcUrl: anvil.rpcUrl,
      times,
      prices,
      minStake,
      defaultCap,
      maxCap,
      feeReceiver: accountOf(parameters.feeReceiver).address,
    });
    const counted = new Map<string, CountedLine>();
    const send = (from: Address, call: EncodedCall): Promise<Hash> =>
      rpc<Hash>("eth_sendTransaction", { from, ...call, gas: GAS });

    /** What the registry drew by in this block; a project that was created in it is the last one of before. */
    const seedOf = async (action: Seeded, blockNumber: Hex): Promise<bigint> => {
      const { mixHash } = await rpc<{ mixHash: Hex }>("eth_getBlockByNumber", blockNumber, false);
      const projectId = "projectId" in action ? action.projectId : 1n + (await projectCount(blockNumber));
      return drawSeed(BigInt(mixHash), BigInt(blockNumber), projectId);
    };
    const projectCount = async (blockNumber: Hex): Promise<bigint> => {
      const call = {
        to: network.contracts.projectRegistry,
        data: encodeFunctionData({ abi: projectRegistryAbi, functionName: "projectCount" }),
      };
      return BigInt(await rpc<Hex>("eth_call", call, toHex(BigInt(blockNumber) - 1n)));
    };

    // What the admin may set at any time, it sets before anything happens.
    const { admin: by } = parameters;
    for (const action of [
      { kind: "setNodeParameters", by, ...parameters },
      { kind: "setParameters", by, ...parameters },
    ] as const) {
      await send(accountOf(by).address, await callOf(action, { network, accountOf, counted }));
    }
    for (const name of new Set([...accounts, parameters.admin])) {
      const { address } = accountOf(name);
      await rpc("anvil_setBalance", address, toHex(10n ** 22n));
      for (const spender of [network.contracts.nodeRegistry, network.contracts.creditEscrow]) {
        await send(address, encodeCall(approve.call({ network }, { spender, amount: maxUint256 })));
      }
    }

    return {
      network,
      accountOf,
      async perform(action, sinceGenesisSeconds) {
        const call = await callOf(action, { network, accountOf, counted });
        const from = accountOf(action.by).address;
        await rpc("evm_setNextBlockTimestamp", network.times.genesis + sinceGenesisSeconds);
        const hash = await send(from, call);
        const { status, blockNumber, logs } = await mined(rpc, hash);
        const performed = "seed" in action ? { ...action, seed: await seedOf(action, blockNumber) } : action;
        if (status !== "0x1") {
          // What reverted changed nothing: asked again in its own block, it says why.
          const error = await rpc.failure("eth_call", { from, ...call, gas: GAS }, blockNumber);
          return { action: performed, outcome: { refused: revertError(dataIn(error)).code } };
        }
        if (action.kind === "submit") remember(counted, logs);
        return { action: performed, outcome: {} };
      },
      view: (calls) => rpc.batch<Hex>(calls.map((call) => ["eth_call", call, "latest"])),
      stop: () => anvil.stop(),
    };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}

/** Each transaction has its block at once; its receipt comes a moment after its hash. */
async function mined(rpc: Rpc, hash: Hash): Promise<Receipt> {
  const deadline = Date.now() + MINED_WITHIN_MS;
  for (;;) {
    const receipt = await rpc<Receipt | null>("eth_getTransactionReceipt", hash);
    if (receipt !== null) return receipt;
    if (Date.now() > deadline) throw new Error(`${hash} was not mined within ${MINED_WITHIN_MS} ms`);
  }
}

/** Keeps where each counted line stands: `release` and `dispute` prove it by that. */
function remember(counted: Map<string, CountedLine>, logs: readonly RpcLog[]): void {
  const events = parseEventLogs({
    abi: usageSettlementAbi,
    eventName: "BatchCounted",
    logs: logs.map((log) => formatLog(log)) as Parameters<typeof parseEventLogs>[0]["logs"],
  });
  for (const { args } of events) {
    decodeLines(args.lines).forEach(({ projectId, amount }, index) => {
      const { statements, lines } = args;
      counted.set(receiptKey(projectId, args.nodeId, args.epoch), { statements, lines, index, amount });
    });
  }
}

function dataIn(error: unknown): Hex | undefined {
  const data = (error as { data?: unknown }).data;
  return isHex(data) ? data : undefined;
}
