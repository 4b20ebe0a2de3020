import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Network, parseNetwork } from "@worker3/sdk";
import { z } from "zod";
import { CliError } from "../errors.ts";
import type { Listen } from "../inputs/listen.ts";

/** Name of a node's configuration in its folder. */
export const NODE_FILE = "node.json";

/** What the command knows of `node.json`; the agent knows the rest. */
const nodeFileSchema = z.looseObject({
  /** Absent until the node is registered. */
  nodeId: z.int().positive().optional(),
  network: z.unknown(),
  operatorKeyFile: z.string().default("operator.key"),
  /** The agent's own defaults hold where something is absent: what is read here is written back as it stands. */
  listen: z.looseObject({ host: z.string().optional(), port: z.int().optional() }).optional(),
});

/** Where an agent listens that was not told, as `node-agent/src/config.ts` has it. */
export const DEFAULT_LISTEN: Listen = { host: "127.0.0.1", port: 8080 };

export interface NodeFile {
  readonly nodeId: number | undefined;
  readonly network: Network;
  /** Absolute. */
  readonly operatorKeyFile: string;
  readonly listen: Listen;
  /** All that stands in it, as it stands. */
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Reads a node's configuration, whether it is registered or not; undefined where the folder has none.
 *
 * @throws {CliError} `CONFIG_INVALID`, `CONFIG_UNREADABLE`; {NetworkError} `NETWORK_INVALID`.
 */
export async function findNodeFile(state: string): Promise<NodeFile | undefined> {
  const path = join(state, NODE_FILE);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CliError({
      code: "CONFIG_UNREADABLE",
      message: "The node's configuration cannot be read.",
      value: path,
      next: "check who may read the folder",
      cause,
    });
  }
  const content = parseJson(text, path);
  const result = nodeFileSchema.safeParse(content);
  if (!result.success) throw invalid(path, result.error.issues[0]?.path.join(".") || "the document");
  const { nodeId, network, operatorKeyFile, listen } = result.data;
  return {
    nodeId,
    network: parseNetwork(network),
    operatorKeyFile: join(state, operatorKeyFile),
    listen: { host: listen?.host ?? DEFAULT_LISTEN.host, port: listen?.port ?? DEFAULT_LISTEN.port },
    content: result.data,
  };
}

/**
 * The same for a node that has to be there.
 *
 * @throws {CliError} `NODE_NOT_SET_UP` too.
 */
export async function readNodeFile(state: string): Promise<NodeFile> {
  const file = await findNodeFile(state);
  if (file !== undefined) return file;
  throw new CliError({
    code: "NODE_NOT_SET_UP",
    message: "There is no node in this folder.",
    value: state,
    next: "worker3 node init, or name the folder with --state",
  });
}

/**
 * Writes a node's configuration so that it is either the old or the new one.
 *
 * @throws {CliError} `CONFIG_UNWRITABLE`.
 */
export async function writeNodeFile(state: string, content: object): Promise<void> {
  const path = join(state, NODE_FILE);
  const temporary = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`, {
      mode: 0o600,
      flag: "wx",
      flush: true,
    });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new CliError({
      code: "CONFIG_UNWRITABLE",
      message: "The node's configuration cannot be written.",
      value: path,
      next: "check that the folder may be written and has room",
      cause,
    });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(path, "it is no JSON");
  }
}

function invalid(path: string, what: string): CliError {
  return new CliError({
    code: "CONFIG_INVALID",
    message: `The node's configuration is not valid: ${what}.`,
    value: path,
    next: "mend it, or set the node up in another folder: worker3 node init --state <dir>",
  });
}
