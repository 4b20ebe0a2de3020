import { lens, projects } from "@worker3/sdk";
import { epochTime } from "../../chain/epochTime.ts";
import { argument, defineCommand, requiredOption } from "../../command.ts";
import { nodeIds as parseNodeIds } from "../../inputs/list.ts";
import { findProject } from "../../project/findProject.ts";
import { PROJECT_SUMMARY, projectRef } from "../../project/projectRef.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 project nodes P --nodes 1,2` */
export const nodes = defineCommand({
  name: "nodes",
  summary: "names the nodes that serve a project, from the next epoch on",
  description:
    "Names the nodes that serve a project; the first is the home, where storage and time live. They serve and are paid from the next epoch on; more nodes at once: worker3 project grow. Storage stays where it is: with another home the project begins without. Nobody refills seats that were named, unless the project's rule of refill was set.",
  arguments: { project: argument("<project>", PROJECT_SUMMARY, projectRef) },
  options: {
    nodes: requiredOption("--nodes <ids>", "1 to 8 node ids between commas, the home first", parseNodeIds),
  },
  examples: ["worker3 project nodes shop.worker3.dev --nodes 4,9,12"],
  async run(context, { project: ref, nodes: nodeIds }) {
    const client = await context.writer();
    const projectId = await findProject(client, { project: ref, context });
    const { nodeIds: before, cap } = await lens.projectOf(client, { projectId });
    const moves = before[0] !== undefined && before[0] !== 0 && before[0] !== nodeIds[0];
    const home = moves
      ? ` The home moves from node ${before[0]} to ${nodeIds[0]}; storage does not move with it.`
      : "";
    await context.confirm(
      `Serve project ${projectId} from the nodes ${nodeIds.join(", ")}, from the next epoch on?${home}`,
      {
        cost: `at most ${usd(cap * BigInt(nodeIds.length))} an epoch`,
      },
    );
    const { txHash, fromEpoch } = await projects.setReplicas(client, {
      projectId,
      nodeIds,
      ...context.writes,
    });
    const from = epochTime(client.network.times, fromEpoch);
    context.out(
      { projectId, nodeIds, fromEpoch, from, txHash },
      `Project ${projectId} is served from the nodes ${nodeIds.join(", ")} (home: ${nodeIds[0]}) from epoch ${fromEpoch} on (${from.toISOString()}).`,
    );
  },
});
