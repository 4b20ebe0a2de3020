import { checkDomain, projects, zoneLabel } from "@worker3/sdk";
import type { Address } from "viem";
import { defineCommand, flag, option, optionalArgument, requiredOption } from "../command.ts";
import type { CommandContext } from "../context/CommandContext.ts";
import type { Progress } from "../context/progress.ts";
import { amount, positiveAmount } from "../inputs/amount.ts";
import { nodeIds, regions } from "../inputs/list.ts";
import { wholeNumber } from "../inputs/wholeNumber.ts";
import { domainRef } from "../project/projectRef.ts";
import { packProject } from "../upload/packProject.ts";
import { beside } from "./deploy/beside.ts";
import { checkNodes } from "./deploy/checkNodes.ts";
import { confirmPlan } from "./deploy/confirmPlan.ts";
import { deployDocument, deployText } from "./deploy/deployDocument.ts";
import { deployFirst } from "./deploy/deployFirst.ts";
import { deployNext } from "./deploy/deployNext.ts";
import { checkOptions, type DeployOptions } from "./deploy/options.ts";
import { patienceOf } from "./deploy/patience.ts";
import { planFirst } from "./deploy/planFirst.ts";
import { planNext } from "./deploy/planNext.ts";

/** Where a deployment goes: what the chain says of its domain. */
async function findTarget(context: CommandContext, domain: string, who: Address) {
  const client = await context.writer();
  checkDomain(domain);
  const isOwn = zoneLabel(domain, client.network.zone) === undefined;
  return { client, projectId: await projects.projectAt(client, { domain, who }), isOwn };
}

/** `worker3 deploy [dir] --domain D` */
export const deploy = defineCommand({
  name: "deploy",
  summary: "puts a project on the network, or its next version",
  description:
    "Bundles a project, brings it to the project's nodes and points the domain at it. The first deployment to a domain makes the project: nodes are drawn, or named by --nodes, and --deposit pays for them.",
  arguments: { directory: optionalArgument("[dir]", "the project's folder; default: this one") },
  options: {
    domain: requiredOption(
      "--domain <domain>",
      "where it is served: <name>.<zone>, or a domain of your own",
      domainRef,
    ),
    cap: option("--cap <amount>", "what one node may charge in one epoch; for a new project", positiveAmount),
    deposit: option("--deposit <amount>", "paid into the project's credit", amount),
    replicas: option(
      "--replicas <n>",
      "how many nodes are drawn, 1 to 8; for a new project",
      wholeNumber(1, 8),
    ),
    regions: option("--regions <codes>", "where they are drawn from; for a new project", regions),
    nodes: option("--nodes <ids>", "the nodes, the home first; for a new project", nodeIds),
    env: option("-e, --env <name>", "an environment of the wrangler configuration"),
    message: option("-m, --message <text>", "told in the document only: the chain has no place for it"),
    uploadTimeout: option(
      "--upload-timeout <seconds>",
      "how long to try to reach a node; default: 60",
      wholeNumber(0, 86_400),
    ),
    waitTimeout: option(
      "--wait-timeout <seconds>",
      "how long to wait until nodes serve it; default: 120",
      wholeNumber(1, 86_400),
    ),
    trial: flag("--no-trial", "do not start the worker here first, to see whether it starts at all"),
    wait: flag("--no-wait", "return when the transaction is mined, not when the version is served"),
  },
  examples: [
    "worker3 deploy --domain shop.worker3.dev --deposit 10",
    "worker3 deploy dist --domain shop.example.org --nodes 4,9 --cap 0.5 --deposit 5 --yes",
  ],
  async run(context, { directory = ".", env, message, trial, wait, uploadTimeout, waitTimeout, ...chosen }) {
    const options: DeployOptions = { directory, ...chosen };
    checkOptions(options);
    let progress: Progress | undefined;
    const onProgress = (text: string): void => progress?.update(text);
    try {
      const [packing, asking] = await beside(
        context.signal,
        (signal) => packProject({ directory, environment: env, signal, onProgress, trial }),
        async () => {
          // First, as it may ask for a password.
          const { address: who } = await context.account();
          progress = context.progress("Bundling");
          // A name of somebody else, a missing right: bundling need not end first.
          return { who, ...(await findTarget(context, options.domain, who)) };
        },
      );
      await using packed = packing;
      const { client, who, projectId, isOwn } = asking;
      progress?.update("Asking the chain");
      const { cid } = packed.car;
      const plan =
        projectId === undefined
          ? await planFirst(client, { options, who, cid })
          : await planNext(client, { options, projectId, who, cid });
      progress?.update("Asking the nodes");
      const { signal } = context;
      const told = await checkNodes(client, { nodeIds: plan.nodeIds, packed, signal });
      progress?.done();
      const notices = [...packed.notices, ...plan.notices, ...told];
      if (isOwn)
        notices.push(`nodes do not route domains of your own yet: ${options.domain} will not be served`);
      if (message !== undefined)
        notices.push("--message is told in the document only: the chain has no place for it");
      for (const notice of notices) context.note(notice);
      await confirmPlan(context, plan, options);
      const patience = patienceOf({ uploadTimeout, waitTimeout });
      const parameters = { context, client, options, packed, wait, patience };
      const outcome =
        plan.kind === "first"
          ? await deployFirst({ ...parameters, plan })
          : await deployNext({ ...parameters, plan });
      const document = deployDocument({ outcome, packed, options, notices, message });
      context.out(document, deployText(document, wait));
    } finally {
      progress?.done();
    }
  },
});
