import type { Network, NetworkClient, NetworkWriter, WriteOptions } from "@worker3/sdk";
import type { Address } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import type { Progress } from "./progress.ts";

/** What a command gets besides its own arguments: the only way to terminal, chain and key. */
export interface CommandContext {
  /** Whether stdout is one JSON document. */
  readonly json: boolean;
  /** Aborts at the first SIGINT or SIGTERM. Hand it to whatever can hang. */
  readonly signal: AbortSignal;
  /** What every write of the sdk takes: the signal, and a note of the hash as soon as a transaction is on its way. */
  readonly writes: WriteOptions;

  /**
   * The command's outcome, on stdout: the document with `--json` (bigint as decimal string, Date as ISO 8601), else the
   * text. Once per command, or once per line for a command that follows something.
   *
   * @param failed The command ends with exit code 1 although it has a document (`verify`).
   * @param nothing There was nothing to do it with: exit code 3.
   */
  out(
    document: object,
    human: string,
    options?: { failed?: boolean | undefined; nothing?: boolean | undefined },
  ): void;
  /** A line for the person on stderr: a warning, a price, what comes next. */
  note(text: string): void;
  /** Says on stderr what takes longer than a second. End it with `done` or `using`. */
  progress(text: string): Progress;

  /** The network of `--network`, `WORKER3_NETWORK`, `defaultNetwork` or the devnet of this folder. */
  network(): Promise<Network>;
  /** What to take where nobody named a network: a node knows its own. Before anything asks for it. */
  defaultNetwork(network: Network): void;
  /** Reads the chain; the RPC was checked to speak for the network. */
  client(): Promise<NetworkClient>;
  /** Reads and writes; asks for the key. */
  writer(): Promise<NetworkWriter>;
  /** The key of `--key`, `WORKER3_PRIVATE_KEY` or `--keystore`. */
  account(): Promise<PrivateKeyAccount>;
  /**
   * Whose key that is, as far as it is known without a password; undefined without a key. For what is not worth asking for one:
   * whose project is meant by a domain, whether a balance is enough.
   */
  knownAddress(): Promise<Address | undefined>;

  /**
   * Asks before something is spent or destroyed. Shows what it costs, also when `--yes` answers.
   *
   * @param cost What is spent, as a person reads it: `5 USD`.
   * @throws {UsageError} `CONFIRMATION_NEEDED` without a terminal and without `--yes`; {CliError} `DECLINED`.
   */
  confirm(question: string, options?: { cost?: string | undefined }): Promise<void>;
}
