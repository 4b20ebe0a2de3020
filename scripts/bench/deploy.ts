import { spawn } from "node:child_process";
import { appendFile, rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { playUploads } from "../../cli/src/testing/playUploads.ts";
import { copyOfExample } from "../../cli/src/testing/projectFolder.ts";
import { startTestChain } from "../../cli/src/testing/startTestChain.ts";
import { quantile } from "./support/quantile.ts";
import type { Result } from "./table.ts";

/** `BENCH_ROUNDS=3` for a quick look. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 9);
/** Above what `wrangler deploy --dry-run` alone takes. */
const GOAL_MS = 500;

const WORKER3 = fileURLToPath(new URL("../../cli/bin/worker3.js", import.meta.url));
const WRANGLER = fileURLToPath(new URL("../../node_modules/wrangler/bin/wrangler.js", import.meta.url));
const DOMAIN = "bench.worker3.localhost";

/**
 * How long a next version takes until there is something to sign: the example with hono, changed each time, on a chain of
 * this machine with two nodes that are played. Beside it what wrangler's own dry run takes, one after the other in turns:
 * so both meet the same machine. Where nobody is there to be asked, the command ends with its question, just before the
 * first signature.
 */
export async function deploy(): Promise<Result> {
  const load = loadavg()[0] ?? 0;
  await using first = await playUploads();
  await using second = await playUploads();
  await using chain = await startTestChain([first.endpoint, second.endpoint]);
  for (const double of [first, second]) double.client = chain.admin;
  await using project = await copyOfExample("hono", 0);
  const line = ["deploy", project.path, "--domain", DOMAIN];
  const environment = {
    WORKER3_NETWORK: join(chain.worker3.directory, "network.json"),
    WORKER3_PRIVATE_KEY: chain.ownerKey.key,
  };
  const worker3 = (...more: string[]) => timed([WORKER3, ...line, ...more], project.path, environment);
  const out = join(project.path, "out");
  const wrangler = () => timed([WRANGLER, "deploy", "--dry-run", "--outdir", out], project.path, {});

  const made = await worker3("--deposit", "50", "--yes");
  if (made.code !== 0) throw new Error(`the first version was not deployed: ${made.output}`);
  const ours: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await appendFile(join(project.path, "src", "index.ts"), `\nconsole.log("version", ${round});\n`);
    const dry = await wrangler();
    if (dry.code !== 0) throw new Error(`wrangler failed: ${dry.output}`);
    await rm(out, { recursive: true });
    const asked = await worker3();
    if (!asked.output.includes("CONFIRMATION_NEEDED")) throw new Error(`it did not ask: ${asked.output}`);
    alone.push(dry.ms);
    ours.push(asked.ms);
  }
  const median = (values: readonly number[]): number => Math.round(quantile(values, 0.5));
  const more = ours.map((ms, round) => ms - (alone[round] ?? 0));
  return {
    bench: `deploy: ${ROUNDS} next versions until the first signature; load of the machine before ${load.toFixed(1)}`,
    rows: [
      { what: "wrangler deploy --dry-run", value: median(alone), unit: "ms" },
      { what: "worker3 deploy", value: median(ours), unit: "ms", goal: median(alone) + GOAL_MS },
      {
        what: "more than wrangler beside it, median of pairs",
        value: median(more),
        unit: "ms",
        goal: GOAL_MS,
      },
    ],
  };
}

interface Timed {
  readonly ms: number;
  readonly code: number | null;
  readonly output: string;
}

/** A program of Node's in a process of its own, from its start to its end. */
async function timed(
  line: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<Timed> {
  const begun = performance.now();
  const child = spawn(process.execPath, line, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { ms: performance.now() - begun, code, output };
}
