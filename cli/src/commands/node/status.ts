import { z } from "zod";
import { defineCommand } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { registerLine } from "../../nodeState/nodeEndpoint.ts";
import { readNodeFile } from "../../nodeState/nodeFile.ts";
import { readAdmin } from "../../nodeState/readAdmin.ts";
import { stateDirectory, stateOption } from "../../nodeState/stateOption.ts";
import { table } from "../../text/table.ts";
import { usd } from "../../text/usd.ts";

const amount = z.string().regex(/^\d+$/).transform(BigInt);
const failure = z.looseObject({ code: z.string(), message: z.string(), next: z.string().optional() });
const part = z.looseObject({ error: failure.nullish() });
const kuboSchema = z.looseObject({
  url: z.string(),
  version: z.string().nullable(),
  pins: z.looseObject({ pinned: z.int(), waiting: z.int(), ofOthers: z.int(), refused: z.int() }).nullable(),
  error: failure.nullable(),
});
/** What the text shows; the document is the agent's own. */
const statusSchema = z.looseObject({
  nodeId: z.int(),
  /** Of an agent that says it: what the chain names, and what came of asking there last. */
  endpoint: z.looseObject({ url: z.string().nullable(), error: failure.nullable() }).optional(),
  /** Where the agent listens. */
  url: z.string().optional(),
  /** Null while the chain cannot be asked, as with `earned`. */
  stake: amount.nullable(),
  epoch: z.int(),
  retiredFrom: z.int().nullish(),
  unstaking: z.looseObject({ amount, thawsAt: z.string() }).nullish(),
  /** Of an agent that says it. */
  chain: z
    .looseObject({
      head: z.int().nullish(),
      target: z.int().nullish(),
      isSynced: z.boolean().optional(),
      error: failure.nullish(),
      providers: z
        .array(z.looseObject({ name: z.string(), isSlow: z.boolean().optional(), error: failure.nullish() }))
        .default([]),
    })
    .optional(),
  /** Of an agent that says it, as the two behind it. */
  presence: z.looseObject({ untilEpoch: z.int(), leastCap: amount, isFull: z.boolean() }).optional(),
  exposure: z.looseObject({ current: amount, highestCap: amount, mostCap: amount.nullable() }).optional(),
  liftable: z.looseObject({ addStake: amount.nullable(), untilEpoch: z.int() }).nullish(),
  enforces: z.record(z.string(), z.unknown()),
  /** What does not go well now. */
  identity: part.optional(),
  outbox: part.optional(),
  content: z
    .looseObject({
      damaged: z.array(z.looseObject({ cid: z.string(), what: z.string() })).default([]),
      kubo: kuboSchema.nullish(),
    })
    .optional(),
  projects: z.array(
    z.looseObject({
      projectId: z.string(),
      state: z.string(),
      version: z.int().nullish(),
      rssBytes: z.number().nullish(),
      code: z.string().nullish(),
      split: z.looseObject({ version: z.int(), bps: z.int() }).nullish(),
      cells: z
        .array(z.looseObject({ version: z.int(), state: z.string(), rssBytes: z.number() }))
        .default([]),
    }),
  ),
  receipts: z
    .object({ waiting: z.int(), waitingForGas: z.int(), lost: z.int(), lostForGas: z.int() })
    .optional(),
  earned: z.object({ pending: amount, claimable: amount, claimed: amount }).nullable(),
});

/** `worker3 node status` */
export const status = defineCommand({
  name: "status",
  summary: "what the running node serves, enforces and earns",
  options: { state: stateOption },
  async run(context, { state: given }) {
    const state = stateDirectory(given);
    const document = await readAdmin(state, { path: "/status", signal: context.signal }).catch(
      async (error) => {
        throw await whyNotRunning(state, error);
      },
    );
    const result = statusSchema.safeParse(document);
    if (!result.success) {
      const issue = result.error.issues[0];
      throw new CliError({
        code: "NODE_ANSWER",
        message: `The agent's status is not what it should be: ${issue?.path.join(".")} ${issue?.message}.`,
        next: "command and agent should be of one version",
      });
    }
    context.out(Object(document), textOf(result.data));
  },
});

/** No agent runs in a folder that is not set up, or whose node is not on chain: that comes first. */
async function whyNotRunning(state: string, error: unknown): Promise<unknown> {
  if (!(error instanceof CliError) || error.code !== "NODE_NOT_RUNNING") return error;
  const file = await readNodeFile(state);
  if (file.nodeId !== undefined) return error;
  return new CliError({
    code: error.code,
    message: "No agent answers in this folder, and its node is not on chain yet.",
    value: state,
    next: registerLine(file),
  });
}

/** Nothing where nothing waits and nothing was lost. */
function receiptLines({ receipts }: z.output<typeof statusSchema>): string[] {
  if (receipts === undefined || receipts.waiting + receipts.lost === 0) return [];
  const { waiting, waitingForGas, lost, lostForGas } = receipts;
  const of = (count: number, gas: number) => (gas === 0 ? `${count}` : `${count} (${gas} for their gas)`);
  return [
    `receipts   ${of(waiting, waitingForGas)} wait to be handed in${lost === 0 ? "" : `, ${of(lost, lostForGas)} lost`}`,
  ];
}

function textOf(status: z.output<typeof statusSchema>): string {
  const { nodeId, stake, epoch, chain, enforces, projects, earned } = status;
  const rows = projects.flatMap(projectRows);
  return [
    `Node ${nodeId}, epoch ${epoch}${stake === null ? "" : `, stake ${usd(stake)}`}`,
    earned === null
      ? "The chain cannot be asked: what it earned is not known."
      : `earned     ${usd(earned.claimed)} claimed, ${usd(earned.claimable)} claimable, ${usd(earned.pending)} pending`,
    ...receiptLines(status),
    ...endpointLines(status),
    ...presenceLines(status),
    ...leavingLines(status),
    ...chainLines(chain),
    ...kuboLines(status.content?.kubo),
    ...problemLines(status),
    ...enforcedLines(enforces),
    rows.length === 0 ? "It serves no project." : table(["project", "state", "version", "RSS"], rows),
  ].join("\n");
}

/** Where others reach the node, and where its agent listens. */
function endpointLines({ endpoint, url }: z.output<typeof statusSchema>): string[] {
  if (!endpoint?.url) return [];
  return [`endpoint   ${endpoint.url}${url === undefined ? "" : `, the agent listens at ${url}`}`];
}

/** Until when the chain takes the node for alive, which new seats it takes, and what its stake stands for. */
function presenceLines({ epoch, presence, exposure }: z.output<typeof statusSchema>): string[] {
  const lines: string[] = [];
  if (presence !== undefined) {
    const { untilEpoch, leastCap, isFull } = presence;
    const lives =
      untilEpoch < epoch
        ? "NOT PRESENT: others may take its seats two epochs after that"
        : `until epoch ${untilEpoch}`;
    const takes = isFull
      ? "takes no new seats"
      : leastCap === 0n
        ? "takes new seats"
        : `takes new seats with a cap of ${usd(leastCap)} or more`;
    lines.push(`present    ${lives}, ${takes}`);
  }
  if (exposure !== undefined) {
    const { current, highestCap, mostCap } = exposure;
    const most = mostCap === null ? "" : `; its stake is enough for a cap of ${usd(mostCap)}`;
    lines.push(
      `seats      may charge ${usd(current)} in this epoch, the highest cap is ${usd(highestCap)}${most}`,
    );
    if (mostCap !== null && highestCap > mostCap)
      lines.push("STAKE      too small for that cap: others may take those seats; add stake");
  }
  return lines;
}

/** Whether the node or some of its stake is about to go. */
function leavingLines({ epoch, retiredFrom, liftable, unstaking }: z.output<typeof statusSchema>): string[] {
  const tense = (from: number) => (from > epoch ? "is" : "was");
  return [
    ...(retiredFrom === undefined || retiredFrom === null
      ? []
      : [`RETIRED    epoch ${retiredFrom - 1} ${tense(retiredFrom)} the last whose receipts count`]),
    ...(liftable
      ? [
          `liftable   by ${liftable.addStake === null ? "enough" : usd(liftable.addStake)} more of stake until epoch ${liftable.untilEpoch} is over`,
        ]
      : []),
    ...(unstaking
      ? [`unstaking  ${usd(unstaking.amount)} may leave from ${unstaking.thawsAt} on: worker3 node withdraw`]
      : []),
  ];
}

/** How far it has read the chain, and which RPCs fail. */
function chainLines(chain: z.output<typeof statusSchema>["chain"]): string[] {
  if (chain === undefined) return [];
  const { head, target, isSynced, providers } = chain;
  const isBehind = target !== undefined && target !== null && target > (head ?? 0);
  const progress = isBehind ? `reading, block ${head ?? 0} of ${target}` : `block ${head ?? "not known yet"}`;
  return [
    `chain      ${progress}${isSynced === false && !isBehind ? ", NOT up to date" : ""}`,
    ...providers
      .filter((provider) => provider.error || provider.isSlow)
      .map(
        ({ name, error }) =>
          `  ${name}: ${error ? `${error.code} ${error.message}` : "takes seconds to answer"}`,
      ),
  ];
}

/** The IPFS daemon beside the node. */
function kuboLines(kubo: z.output<typeof kuboSchema> | null | undefined): string[] {
  if (!kubo) return [];
  const { url, version, pins, error } = kubo;
  const is = error ? "NOT usable, tried again" : version === null ? "not asked yet" : `Kubo ${version}`;
  const counts = pins && {
    pinned: pins.pinned,
    waiting: pins.waiting,
    "pinned by others": pins.ofOthers,
    refused: pins.refused,
  };
  const told = Object.entries(counts ?? {}).flatMap(([what, count]) =>
    count === 0 && what !== "pinned" ? [] : [`${count} ${what}`],
  );
  return [
    `IPFS       ${url}, ${[is, ...told].join(", ")}`,
    ...(error ? [`  ${error.code}: ${error.message}`] : []),
  ];
}

/** What its operator should know of, and do. */
function problemLines({
  endpoint,
  identity,
  chain,
  outbox,
  content,
}: z.output<typeof statusSchema>): string[] {
  // While it does not speak for its node the outbox says no more than that.
  const held = outbox?.error?.code === identity?.error?.code ? undefined : outbox?.error;
  const errors = [identity?.error, endpoint?.error, chain?.error, held].flatMap((error) =>
    error
      ? [`${error.code}: ${error.message}`, ...(error.next === undefined ? [] : [`  ${error.next}`])]
      : [],
  );
  const damaged = (content?.damaged ?? []).map(({ cid, what }) => `damaged on the disk: ${cid}: ${what}`);
  return [...errors, ...damaged];
}

/** A project, and below it each cell that is not the one that visitors are sent to. */
function projectRows(project: z.output<typeof statusSchema>["projects"][number]): (string | number)[][] {
  const { projectId, state, version, rssBytes, code, split, cells } = project;
  const versions = split ? `${version ?? ""}, ${split.version} for ${split.bps / 100} %` : (version ?? "");
  const others = cells.filter((cell) => cell.state !== "warm" || cell.version !== version);
  return [
    [projectId, code ? `${state}: ${code}` : state, versions, mib(rssBytes)],
    ...others.map((cell) => ["", cell.state, cell.version, mib(cell.rssBytes)]),
  ];
}

function mib(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? "" : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

function enforcedLines({ notes, ...limits }: Readonly<Record<string, unknown>>): string[] {
  const told = Object.entries(limits).map(([what, how]) => {
    return `${what}: ${how === true ? "yes" : how === false ? "NO" : String(how)}`;
  });
  return [
    `enforces   ${told.join(", ")}`,
    ...(Array.isArray(notes) ? notes.map((note) => `  ${String(note)}`) : []),
  ];
}
