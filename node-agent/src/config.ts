import { readFile } from "node:fs/promises";
import {
  DEFAULT_LIMITS,
  type NetworkDocument,
  networkSchema,
  nodes,
  parseAmount,
  Worker3Error,
} from "@worker3/sdk";
import { CID } from "multiformats/cid";
import { z } from "zod";

/** The configuration of a node is not valid, or cannot be read. `value` is the field or the path. */
export class ConfigError extends Worker3Error {}

const GiB = 1_073_741_824;
const whole = (min: number, max = 2 ** 31 - 1) => z.int().min(min).max(max);

function isCid(text: string): boolean {
  try {
    CID.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isLeastCap(text: string): boolean {
  try {
    return parseAmount(text) < nodes.FULL;
  } catch {
    return false;
  }
}

function isPrice(text: string): boolean {
  try {
    return parseAmount(text) > 0n;
  } catch {
    return false;
  }
}

/** `node.json` in a node's state folder. Every setting that has a unit carries it in its name. */
export const agentConfigSchema = z.strictObject({
  nodeId: whole(1, 2 ** 24 - 1),
  /** A network file's content. */
  network: z.custom<NetworkDocument>((value) => networkSchema.safeParse(value).success, "is no network file"),
  /** The operator's key, 0x and 64 hexadecimal digits, in a file of its own; relative to the state folder. */
  operatorKeyFile: z.string().default("operator.key"),
  /** Where the edge listens. Port 0 takes a free one. */
  listen: z
    .strictObject({
      host: z.string().default("127.0.0.1"),
      port: whole(0, 65_535).default(8080),
      /** Connections of visitors at once, in each edge process; and those of one address. */
      connections: whole(1).default(20_000),
      connectionsPerClient: whole(1).default(2_000),
      /** A visitor who takes nothing of what waits for it is cut after so long. */
      stalledMs: whole(1_000).default(60_000),
      /**
       * Requests a second to the node's own names, in each edge process: of one visitor address and of all; and of those
       * for which the agent may have to sign, to look whose a signature is, or to ask the chain.
       */
      api: z
        .strictObject({
          perClient: whole(1).default(50),
          total: whole(1).default(500),
          costlyPerClient: whole(1).default(5),
          costlyTotal: whole(1).default(30),
        })
        .prefault({}),
    })
    .prefault({}),
  edgeProcesses: whole(1, 64).default(1),
  /** Whom to write about what this machine serves; in the node's document. */
  abuseContact: z.string().default(""),
  chain: z
    .strictObject({
      /** How often an RPC without WebSocket is asked. */
      pollMs: whole(50).default(4_000),
      requestTimeoutMs: whole(100).default(10_000),
      /** Blocks asked for at once in a backfill. */
      backfillBlocks: whole(1).default(10_000),
      /** Blocks above one that is taken for final; absent: the chain's own tag `finalized`. */
      confirmations: whole(0).optional(),
      /** No new block for so long: the RPC stands still, or the chain. */
      stalledMs: whole(1_000).default(120_000),
      /**
       * A block to which this node may go back although a newer one was final: only after those who run the chain set it
       * back. To be taken out again.
       */
      acceptRollbackTo: whole(0).optional(),
    })
    .prefault({}),
  content: z
    .strictObject({
      carBytes: whole(1).default(DEFAULT_LIMITS.carBytes),
      expandedBytes: whole(1).default(DEFAULT_LIMITS.expandedBytes),
      files: whole(1).default(DEFAULT_LIMITS.files),
      /** Trustless gateways besides the project's other replicas: an IPFS daemon of one's own first. */
      gateways: z.array(z.url()).default([]),
      /** An IPFS daemon (Kubo) of one's own: the last that is asked for content. */
      kubo: z
        .strictObject({
          /** Of its RPC API, with `user:password@` where it wants that. */
          url: z.url({ protocol: /^https?$/ }),
          /** Whether what this node keeps is pinned there. */
          pins: z.boolean().default(true),
          /** No answer of it, or no byte, for so long, and it is tried again later. */
          idleTimeoutMs: whole(100).default(30_000),
        })
        .optional(),
      /** No byte for so long, and the next source is asked. */
      idleTimeoutMs: whole(100).default(15_000),
      /** What all content may take on the disk: CARs, and the files written out of them. */
      totalBytes: z
        .int()
        .min(1)
        .default(50 * GiB),
      /** What that of one project may take. */
      projectBytes: z
        .int()
        .min(1)
        .default(5 * GiB),
      /** What no project wants any more stays so long. */
      graceMs: whole(0).default(86_400_000),
      /**
       * What this node sends at `/ipfs` to whoever asks: downloads at once, of all and of one visitor address, and bytes a
       * second. Other replicas of a project, who sign, have as many downloads beside them, and no limit of bytes.
       */
      downloads: z
        .strictObject({
          concurrent: whole(1).default(64),
          concurrentPerClient: whole(1).default(8),
          bytesPerSecond: whole(65_536).default(16_777_216),
          bytesPerSecondPerClient: whole(65_536).default(4_194_304),
        })
        .prefault({}),
      /** What lies on the disk is compared with its hashes at this rate, once a day at most; 0: never. */
      scrubBytesPerSecond: whole(0).default(4_194_304),
      /** Whether other nodes may have private addresses: on a devnet only. */
      allowPrivateAddresses: z.boolean().default(false),
    })
    .prefault({}),
  /** What this node does not serve: it answers 451, takes no upload of it and drops what lies here. */
  deny: z
    .strictObject({
      cids: z.array(z.string().refine((text) => isCid(text), "is no CID")).default([]),
      projects: z.array(z.int().min(1)).default([]),
    })
    .prefault({}),
  cells: z
    .strictObject({
      startTimeoutMs: whole(100).default(10_000),
      /** CPU time that a request may use: where the manifest does not say, and at most. */
      cpuMs: whole(1).default(50),
      maxCpuMs: whole(1).default(30_000),
      /** CPU time of one cell on average, in cores; absent: all cores but one, and one at least. */
      cpuCores: z.number().min(0.1).max(1_024).optional(),
      /** Memory of a worker: where the manifest does not say, and at most. */
      memoryMiB: whole(16).default(128),
      maxMemoryMiB: whole(16).default(128),
      /** From a request's head to the end of its response. WebSockets may live on. */
      requestMs: whole(1_000).default(900_000),
      /** Requests, bodies and WebSockets of one cell at once, in each edge process. */
      concurrentRequests: whole(1).default(4_096),
      /** What one visitor address may have at one project at once, in each edge process: all of these, and WebSockets. */
      concurrentPerClient: whole(1).default(256),
      webSocketsPerClient: whole(1).default(128),
      /** A request's body: where the manifest does not say, and at most. */
      bodyMiB: whole(1).default(100),
      maxBodyMiB: whole(1).default(512),
      /** The modules of a worker together. */
      scriptBytes: whole(1).default(10_485_760),
      /** A cell's console output: the last so many bytes are kept. */
      logBytes: whole(1_024).default(1_048_576),
      /** Without a request for so long, a cell is stopped; the next request starts it again. */
      idleMs: whole(1_000).default(30_000),
      /** How long a replaced cell may finish its requests. */
      drainMs: whole(0).default(30_000),
      /** How long a replaced cell lives on after its last response, for `waitUntil`. */
      lingerMs: whole(0).default(30_000),
      /** The memory that all cells together may take; absent: half of the machine's. */
      warmBytes: z
        .int()
        .min(64 * 1024 * 1024)
        .optional(),
      /** Processes started ahead; absent: 2 where `bwrap` runs, else none. */
      spares: whole(0, 64).optional(),
      /** Serves strangers' code in this machine's network; none of the cells' own is made then. */
      allowHostNetwork: z.boolean().default(false),
      /** Serves strangers' code although the sandbox does not run here. */
      allowUnsandboxed: z.boolean().default(false),
      /** Whether cells get control groups where the agent may make some. */
      controlGroups: z.boolean().default(true),
      /** Sets `net.ipv4.ip_forward` where it is off; else the operator does. */
      enableIpForward: z.boolean().default(false),
      /** Resolvers that cells ask; absent: the machine's. */
      resolvers: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .max(3)
        .optional(),
    })
    .prefault({}),
  /** What the node says of itself on chain. */
  presence: z
    .strictObject({
      /**
       * That it lives is said for so many epochs ahead, and again in the middle of them; 0: never by this agent. Two epochs after
       * it ran out anyone may give the node's seats to others.
       */
      epochs: whole(0, 30).default(30),
      /** The least cap of new seats, in the asset, such as "0.25": what one of them may charge in an epoch. */
      leastCap: z.string().refine(isLeastCap, "is no amount of the asset such as 0.25").default("0"),
      /** Takes no new seats; those that it has stay. */
      full: z.boolean().default(false),
    })
    .prefault({}),
  settlement: z
    .strictObject({
      /** Matured epochs are claimed as soon as there are so many; 0: never by itself. */
      claimEveryEpochs: whole(0).default(7),
      /**
       * The receipts of so many epochs go out in one transaction, which halves their gas. Fewer where the deadline of receipts
       * leaves no time for that; 1: none waits for others.
       */
      epochsPerTransaction: whole(1, 3).default(3),
      /**
       * What one of the chain's own coin is worth, in the asset, such as "2500.50": a receipt that costs more gas than it pays
       * waits for others, and is dropped at its deadline if it never pays. Absent: everything is handed in.
       */
      assetPerGasToken: z.string().refine(isPrice, "is no amount above 0, such as 2500.50").optional(),
      /** Whether to serve on what is not paid: a project without credit, or beyond its cap. */
      serveUnpaid: z.boolean().default(false),
      /** A transaction that is not mined after so long is sent again with a higher fee. */
      bumpAfterMs: whole(100).default(60_000),
    })
    .prefault({}),
});

export type AgentConfig = z.output<typeof agentConfigSchema> & {
  /** Where everything of this node lies: ledger, content, cells, sockets. Absolute. */
  readonly stateDirectory: string;
};

/** What `node.json` holds, as JSON. */
export type AgentConfigDocument = z.input<typeof agentConfigSchema>;

/**
 * Checks a configuration.
 *
 * @throws {ConfigError} `CONFIG_INVALID`, with the first field that is wrong.
 */
export function parseAgentConfig(value: unknown, stateDirectory: string): AgentConfig {
  const result = agentConfigSchema.safeParse(value);
  if (result.success) return { ...result.data, stateDirectory };
  const issue = result.error.issues[0];
  const field =
    issue?.code === "unrecognized_keys"
      ? issue.keys.map((key) => [...issue.path, key].join(".")).join(", ")
      : issue?.path.join(".");
  throw new ConfigError({
    code: "CONFIG_INVALID",
    message: `the node's configuration is not valid: ${field || "the document"}: ${issue?.message ?? "wrong"}`,
    value: field || "node.json",
    next: `mend node.json in ${stateDirectory}`,
    cause: result.error,
  });
}

/**
 * Reads `node.json` of a state folder.
 *
 * @throws {ConfigError} `CONFIG_UNREADABLE`, `CONFIG_INVALID`.
 */
export async function readAgentConfig(path: string, stateDirectory: string): Promise<AgentConfig> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new ConfigError({
      code: "CONFIG_UNREADABLE",
      message: `the node's configuration cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      value: path,
      next: "write one: worker3 node init",
      cause,
    });
  }
  return parseAgentConfig(value, stateDirectory);
}
