import { type EpochUsage, readUsage } from "@worker3/sdk";
import { argument, defineCommand, option } from "../command.ts";
import { wholeNumber } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { table } from "../text/table.ts";
import { usd } from "../text/usd.ts";

const EPOCHS = 7;

/** `worker3 usage P [--epochs N]` */
export const usage = defineCommand({
  name: "usage",
  summary: "what a project used, by epoch and node",
  description:
    "What a project used, newest epoch first: from the chain what it counted, from the nodes what may still come. What only a node saw is its claim, not a proof.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    epochs: option(
      "--epochs <number>",
      `how many, the running one included; default: ${EPOCHS}`,
      wholeNumber(1, 1_000),
    ),
  },
  examples: ["worker3 usage shop.worker3.dev --epochs 30"],
  async run(context, { project, epochs: count = EPOCHS }) {
    const client = await context.client();
    const { signal } = context;
    using progress = context.progress("Asking the chain and the nodes");
    const projectId = await findProject(client, { project, context });
    const epochs = await readUsage(client, { projectId, count, signal });
    progress.done();

    for (const line of silenceOf(epochs)) context.note(line);
    const rows = epochs.flatMap(({ epoch, nodes }) =>
      nodes.map(({ nodeId, requests, cpuMs, egressKiB, storedMiB, amount, state }) => [
        epoch,
        nodeId,
        requests,
        cpuMs,
        egressKiB,
        storedMiB,
        usd(amount),
        state,
      ]),
    );
    const document = {
      projectId,
      epochs: epochs.map(({ epoch, nodes, silent }) => ({
        epoch,
        nodes,
        silent: silent.map(({ nodeId, error }) => ({ nodeId, code: error.code })),
      })),
    };
    const head = ["epoch", "node", "requests", "CPU ms", "KiB out", "MiB stored", "amount", "state"];
    const isKnown = epochs.every(({ silent }) => silent.length === 0);
    const nothing = isKnown
      ? "Nothing was used."
      : "What was used is not known: the chain has nothing, and not every node tells.";
    context.out(document, rows.length === 0 ? nothing : table(head, rows));
  },
});

/** A line for each node that did not tell, however many epochs it was asked about. */
function silenceOf(epochs: readonly EpochUsage[]): string[] {
  const all = epochs.flatMap(({ epoch, silent }) => silent.map((one) => ({ ...one, epoch })));
  return [...Map.groupBy(all, ({ nodeId }) => nodeId)].map(([nodeId, silences]) => {
    const asked = silences.map(({ epoch }) => epoch).reverse();
    return `Node ${nodeId} does not tell what it served in epoch ${asked.join(", ")}: ${silences[0]?.error.message ?? ""}`;
  });
}
