import { lens, nodes, readReceiptStates, readReceipts, readSeatNodes } from "@worker3/sdk";
import { defineCommand, option, optionalArgument } from "../command.ts";
import { UsageError } from "../errors.ts";
import { nodeId } from "../inputs/wholeNumber.ts";
import { findProject } from "../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../project/projectRef.ts";
import { table } from "../text/table.ts";
import { usd } from "../text/usd.ts";

/** `worker3 receipts P`, `worker3 receipts --node N` */
export const receipts = defineCommand({
  name: "receipts",
  summary: "the receipts that the chain counted",
  description: "The receipts that the chain counted: of a project, of a node, or of one for the other.",
  arguments: { project: optionalArgument("[project]", PROJECT_SUMMARY, projectRef) },
  options: { node: option("--node <id>", "of this node only", nodeId) },
  examples: ["worker3 receipts shop.worker3.dev", "worker3 receipts --node 4"],
  async run(context, { project, node }) {
    if (project === undefined && node === undefined) {
      throw new UsageError({
        message: "Whose receipts? Neither a project nor a node is named.",
        next: "worker3 receipts <project>, or worker3 receipts --node <id>",
      });
    }
    const client = await context.client();
    const { signal } = context;
    using progress = context.progress("Reading the chain");
    const projectId = project === undefined ? undefined : await findProject(client, { project, context });
    // An unknown id is an error, not an empty list.
    if (projectId !== undefined) await lens.projectOf(client, { projectId });
    if (node !== undefined) await nodes.nodeOf(client, { nodeId: node });
    let nodeIds = node === undefined ? undefined : [node];
    if (projectId !== undefined) nodeIds ??= await readSeatNodes(client, { projectId, signal });
    const found = await readReceipts(client, { projectId, nodeIds, signal });
    const states = await readReceiptStates(client, { receipts: found, signal });
    progress.done();

    const document = found.map(({ nodeId, epoch, line, txHash }, i) => ({
      projectId: line.projectId,
      nodeId,
      epoch,
      requests: line.requests,
      cpuMs: line.cpuMs,
      egressKiB: line.egressKiB,
      storedMiB: line.storedMiB,
      charged: line.amount,
      state: states[i],
      txHash,
    }));
    const rows = document.map((receipt) => [
      receipt.projectId,
      receipt.nodeId,
      receipt.epoch,
      receipt.requests,
      receipt.cpuMs,
      receipt.egressKiB,
      receipt.storedMiB,
      usd(receipt.charged),
      receipt.state,
    ]);
    const head = [
      "project",
      "node",
      "epoch",
      "requests",
      "CPU ms",
      "KiB out",
      "MiB stored",
      "charged",
      "state",
    ];
    context.out({ receipts: document }, rows.length === 0 ? "There are no receipts." : table(head, rows));
  },
});
