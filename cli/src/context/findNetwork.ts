import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { type Network, parseNetwork } from "@worker3/sdk";
import { CliError, UsageError } from "../errors.ts";
import { shellWord } from "../text/shellWord.ts";
import { isLocalNetwork, rpcHosts } from "./localNetwork.ts";

/** A network, and the file that says what it is. */
export interface FoundNetwork {
  readonly network: Network;
  /** Its path, absolute. */
  readonly file: string;
}

/**
 * The network that a name or a file means: `networks/<name>.json` here or in a folder above; without a name the devnet
 * that runs in this folder or one above (`.worker3/devnet.json`). What nobody named decides about nothing but this machine: such a file
 * may have come with a stranger's repository.
 *
 * @param name As given; undefined for the devnet.
 * @throws {UsageError} `NO_NETWORK`, `NETWORK_NOT_LOCAL`; {CliError} `NETWORK_UNREADABLE`; {NetworkError} `NETWORK_INVALID`.
 */
export async function findNetwork(name: string | undefined, directory: string): Promise<FoundNetwork> {
  for (const file of candidates(name, directory)) {
    const text = await readIfThere(file);
    if (text === undefined) continue;
    const network = parseNetwork(parseJson(text, file));
    if (name === undefined && !isLocalNetwork(network)) throw notLocal(network, file);
    return { network, file };
  }
  throw name === undefined
    ? new UsageError({
        code: "NO_NETWORK",
        message: "There is no devnet in this folder, and no network is named.",
        value: directory,
        next: "name a network with --network, or start a devnet: npm run devnet",
      })
    : new UsageError({
        code: "NO_NETWORK",
        message: "There is no such network: neither a file, nor networks/<name>.json here or above.",
        value: name,
        next: namesText(await namesAt(directory)),
      });
}

/** The names that `--network` takes here, the nearest first; not how many there may be. */
async function namesAt(directory: string): Promise<string[]> {
  const folders = await Promise.all(
    above(directory, "networks").map((folder) => readdir(folder).catch((): string[] => [])),
  );
  const names = folders.flatMap((files) =>
    files
      .filter((file) => extname(file) === ".json")
      .map((file) => basename(file, ".json"))
      .sort(),
  );
  return [...new Set(names)];
}

/** So many are told. */
const MAX_NAMES = 10;

function namesText(names: readonly string[]): string {
  if (names.length === 0) return "name a network file with --network";
  const told = names.slice(0, MAX_NAMES).join(", ");
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
  return `name one of these with --network: ${told}${more}; or a network file`;
}

function notLocal(network: Network, file: string): UsageError {
  return new UsageError({
    code: "NETWORK_NOT_LOCAL",
    message: `No network is named, and the devnet of this folder is none: its chain is ${network.chainId}, by ${rpcHosts(network)}.`,
    value: file,
    next: `if you trust that file, name it with --network ${shellWord(file)}`,
  });
}

function candidates(name: string | undefined, directory: string): string[] {
  if (name === undefined) return above(directory, join(".worker3", "devnet.json"));
  const file = resolve(directory, name);
  if (/[\\/]/.test(name) || extname(name) === ".json") return [file];
  return above(directory, join("networks", `${name}.json`));
}

/** The path in this folder and in each above it. */
function above(directory: string, path: string): string[] {
  const here = resolve(directory);
  const parent = dirname(here);
  return [join(here, path), ...(parent === here ? [] : above(parent, path))];
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CliError({
      code: "NETWORK_UNREADABLE",
      message: `The network file cannot be read: ${message}.`,
      value: path,
      cause,
    });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError({
      code: "NETWORK_UNREADABLE",
      message: "The network file is not JSON.",
      value: path,
      next: "name another with --network",
      cause,
    });
  }
}
