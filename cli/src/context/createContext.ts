import { relative } from "node:path";
import {
  type Call,
  checkNetwork,
  createNetworkClient,
  createNetworkWriter,
  createOwnWrites,
  type Network,
  type NetworkClient,
  type NetworkWriter,
  RpcError,
  untilAborted,
} from "@worker3/sdk";
import type { Address, Hash } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { describeCall } from "../chain/describeCall.ts";
import { CliError, UsageError } from "../errors.ts";
import { toJson } from "../text/toJson.ts";
import { visibleText } from "../text/visibleText.ts";
import type { CommandContext } from "./CommandContext.ts";
import { findNetwork } from "./findNetwork.ts";
import { isLocalNetwork, rpcHosts } from "./localNetwork.ts";
import { parseKey } from "./parseKey.ts";
import { startProgress } from "./progress.ts";
import type { Prompts } from "./prompts.ts";
import type { Settings } from "./settings.ts";
import type { ToldTransaction, TransactionLog } from "./transactionLog.ts";

export interface CreateContextParameters {
  readonly settings: Settings;
  /** Where relative paths and the search for a network begin. */
  readonly directory: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WriteStream;
  readonly prompts: Prompts;
  readonly signal: AbortSignal;
  /** Called when a command has its document and does not end with 0 all the same. */
  readonly onFailed: (exitCode: 1 | 3) => void;
  /** Where the command's transactions are noted. */
  readonly transactions: Pick<TransactionLog, "note" | "rename">;
}

/** An RPC that said nothing useful for so long is given up; its transport would try for half a minute and longer. */
const FIRST_ANSWERS_MS = 15_000;

/** The context of one run of one command. What is asked for twice is made once. */
export function createContext(parameters: CreateContextParameters): CommandContext {
  const { settings, directory, stdout, stderr, prompts, signal, onFailed, transactions } = parameters;
  const note = (text: string): void => void stderr.write(`${visibleText(text)}\n`);
  let byDefault: Network | undefined;
  let known: Network | undefined;
  let file: string | undefined;
  const network = once(async () => {
    const found = await networkOf(settings, directory, byDefault);
    ({ network: known, file } = found);
    return found.network;
  });
  const wordsFor = (call: Call): string =>
    known === undefined ? call.functionName : describeCall(call, known);
  const noted =
    (status: ToldTransaction["status"]) =>
    (txHash: Hash, call: Call): void =>
      transactions.note({ txHash, what: wordsFor(call), status });
  // What one client writes, the other reads.
  const ownWrites = createOwnWrites();
  let opened: Address | undefined;
  const account = once(async () => {
    const made = await accountOf(settings, prompts, signal);
    opened = made.address;
    return made;
  });
  const client = once(async (): Promise<NetworkClient> => {
    const made = createNetworkClient({ network: await network(), ownWrites });
    const { successor } = await inTime(checkNetwork(made), made.network);
    if (successor !== undefined) {
      note(
        `This network moves: its settlement names ${successor} as the one after it. Ask whoever runs it for the new network file; names are kept for their owners for a while.`,
      );
    }
    return made;
  });
  return {
    json: settings.json,
    signal,
    writes: {
      signal,
      onSent(txHash, call) {
        noted("sent")(txHash, call);
        note(`Sent ${txHash} (${wordsFor(call)})`); // the hash first: scripts read it
      },
      onRepriced(txHash, instead) {
        transactions.rename(instead, txHash);
        note(`Its fee was raised elsewhere: it was mined as ${txHash}`);
      },
      onMined: noted("mined"),
      onReverted: noted("reverted"),
    },
    out(document, human, { failed = false, nothing = false } = {}) {
      stdout.write(`${settings.json ? toJson(document) : visibleText(human)}\n`);
      if (failed || nothing) onFailed(failed ? 1 : 3);
    },
    note,
    progress: (text) => startProgress(stderr, text),
    network,
    defaultNetwork(network) {
      byDefault = network;
    },
    client,
    account,
    knownAddress: async () => opened ?? (await addressOf(settings)),
    writer: once(async (): Promise<NetworkWriter> => {
      const sender = await account();
      const { network: known } = await client();
      return createNetworkWriter({ network: known, account: sender, ownWrites });
    }),
    async confirm(question, { cost } = {}) {
      const priced = cost === undefined ? question : `${question} It costs ${cost}.`;
      // A file of the folder may name the chain: whose money moves where is seen before it does.
      const whole = known === undefined ? priced : `${priced}${whereText(known, file, directory)}`;
      if (settings.yes) return note(whole);
      if (!prompts.interactive) {
        throw new UsageError({
          code: "CONFIRMATION_NEEDED",
          message: `This has to be confirmed, and there is no terminal to ask at: ${whole}`,
          value: cost,
          next: "add --yes to the command",
        });
      }
      if (await prompts.confirm(visibleText(whole), signal)) return;
      throw new CliError({ code: "DECLINED", message: "Nothing was done: the answer was no." });
    },
  };
}

/** Where a transaction goes; nothing where no money is. */
function whereText(network: Network, file: string | undefined, directory: string): string {
  if (isLocalNetwork(network)) return "";
  const by = file === undefined ? "" : `, by ${shortened(file, directory)}`;
  return ` It is sent to chain ${network.chainId} through ${rpcHosts(network)}${by}.`;
}

/** A path as it is read most easily: from this folder, where it is below. */
function shortened(path: string, directory: string): string {
  const here = relative(directory, path);
  return here.startsWith("..") ? path : here;
}

async function networkOf(
  { network: name, rpc }: Settings,
  directory: string,
  byDefault: Network | undefined,
): Promise<{ readonly network: Network; readonly file: string | undefined }> {
  const found =
    name === undefined && byDefault !== undefined
      ? { network: byDefault, file: undefined }
      : await findNetwork(name, directory);
  if (rpc === undefined) return found;
  if (!URL.canParse(rpc) || !/^(https?|wss?):/.test(rpc)) {
    throw new UsageError({ message: "--rpc takes an http(s) or ws(s) URL.", value: rpc });
  }
  return { ...found, network: { ...found.network, rpcUrls: [rpc] } };
}

async function accountOf(
  { key, keystore, keystorePassword }: Settings,
  prompts: Prompts,
  signal: AbortSignal,
): Promise<PrivateKeyAccount> {
  if (key !== undefined && keystore !== undefined) {
    throw new UsageError({ message: "--key and --keystore exclude each other.", next: "give one of them" });
  }
  if (key !== undefined) return parseKey(key);
  if (keystore === undefined) {
    throw new UsageError({
      code: "NO_ACCOUNT",
      message: "This needs an account to act as, and no key is given.",
      next: "give a key with --key or WORKER3_PRIVATE_KEY, or an encrypted key file with --keystore",
    });
  }
  // What opens it is loaded for it alone: every command would wait for that.
  const { openKeystore } = await import("./openKeystore.ts");
  return openKeystore(keystore, async () => {
    if (keystorePassword !== undefined) return keystorePassword;
    if (prompts.interactive) return prompts.password("Password of the encrypted key:", signal);
    throw new UsageError({
      code: "PASSWORD_NEEDED",
      message: "The encrypted key needs its password, and there is no terminal to ask at.",
      next: "set WORKER3_KEYSTORE_PASSWORD",
    });
  });
}

/** A key that is wrong is told where it is needed. */
async function addressOf({ key, keystore }: Settings): Promise<Address | undefined> {
  if (key !== undefined) {
    try {
      return parseKey(key).address;
    } catch {
      return undefined;
    }
  }
  if (keystore === undefined) return undefined;
  const { keystoreAddress } = await import("./openKeystore.ts");
  return keystoreAddress(keystore);
}

async function inTime<answer>(asked: Promise<answer>, { rpcUrls }: Network): Promise<answer> {
  const timeout = AbortSignal.timeout(FIRST_ANSWERS_MS);
  try {
    return await untilAborted(asked, timeout);
  } catch (cause) {
    if (cause !== timeout.reason) throw cause;
    throw new RpcError({
      code: "RPC_TIMEOUT",
      message: `The RPC did not answer within ${FIRST_ANSWERS_MS / 1000} seconds.`,
      // The host alone: the path of an RPC's address often holds a key.
      value: rpcHosts({ rpcUrls }),
      next: "try again, or name another RPC: --rpc, or in the network file",
    });
  }
}

function once<value>(make: () => Promise<value>): () => Promise<value> {
  let made: Promise<value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
