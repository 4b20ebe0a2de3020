import { checkDomain, createNetworkWriter, isRouted, type NetworkWriter } from "@worker3/sdk";
import type { Address } from "viem";
import { realDirectory } from "../bundle/detectProject.ts";
import { defineCommand, eitherFlag, flag, option, optionalArgument } from "../command.ts";
import type { CommandContext } from "../context/CommandContext.ts";
import type { Progress } from "../context/progress.ts";
import { UsageError } from "../errors.ts";
import { amount, positiveAmount } from "../inputs/amount.ts";
import { nodeIds, regions } from "../inputs/list.ts";
import { wholeNumber } from "../inputs/wholeNumber.ts";
import { notRoutedText } from "../project/domainDocument.ts";
import { domainRef } from "../project/projectRef.ts";
import { packProject } from "../upload/packProject.ts";
import { patienceOf } from "../upload/patience.ts";
import { askEarly } from "./deploy/askEarly.ts";
import { beside } from "./deploy/beside.ts";
import { checkNodes } from "./deploy/checkNodes.ts";
import { checkOwner, movedText } from "./deploy/checkOwner.ts";
import { chooseDomain } from "./deploy/chooseDomain.ts";
import { confirmPlan } from "./deploy/confirmPlan.ts";
import { deployDocument, deployText } from "./deploy/deployDocument.ts";
import { deployFirst } from "./deploy/deployFirst.ts";
import { deployNext } from "./deploy/deployNext.ts";
import { dryRunDocument, dryRunText } from "./deploy/dryRun.ts";
import { findTarget } from "./deploy/findTarget.ts";
import { checkOptions, type DeployOptions } from "./deploy/options.ts";
import { planFirst, STAND_IN } from "./deploy/planFirst.ts";
import { planNext } from "./deploy/planNext.ts";
import { routeOf } from "./deploy/routeOf.ts";

/** `worker3 deploy [dir] [--domain D]` */
export const deploy = defineCommand({
  name: "deploy",
  summary: "puts a project on the network, or its next version",
  description:
    "Bundles a project, brings it to the project's nodes and points the domain at it. The first deployment to a domain makes the project: nodes are drawn, or named by --nodes, and a deposit into its credit pays for them; what is reserved of it, and why, is told before. It is paid once the project is there and yours. The folder then remembers the domain. --dry-run does all that needs no signature, and tells what it would cost.",
  arguments: { directory: optionalArgument("[dir]", "the project's folder; default: this one") },
  options: {
    domain: option(
      "--domain <domain>",
      "where it is served: <name>.<zone>, or a domain of your own; default: where this folder was deployed first",
      domainRef,
    ),
    cap: option("--cap <amount>", "what one node may charge in one epoch; for a new project", positiveAmount),
    deposit: option(
      "--deposit <amount>",
      "paid into the project's credit; default for a new project: twice what is reserved",
      amount,
    ),
    replicas: option(
      "--replicas <n>",
      "how many nodes are drawn, 1 to 8; for a new project",
      wholeNumber(1, 8),
    ),
    regions: option("--regions <codes>", "where they are drawn from; for a new project", regions),
    nodes: option("--nodes <ids>", "the nodes, the home first; for a new project", nodeIds),
    env: option("-e, --env <name>", "an environment of the wrangler configuration"),
    spa: eitherFlag(
      "--spa",
      "of a folder of files: index.html answers every address without one; the folder remembers it",
    ),
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
    propose: flag(
      "--propose",
      "add the version and leave visitors with the one before: for a key that may propose, and for whoever looks first",
    ),
    dryRun: flag("--dry-run", "send nothing; tell what it would do and cost. Needs no key"),
    trial: flag("--no-trial", "do not start the worker here first, to see whether it starts at all"),
    wait: flag("--no-wait", "return when the transaction is mined, not when the version is served"),
  },
  examples: [
    "worker3 deploy --domain shop.worker3.dev --dry-run",
    "worker3 deploy --domain shop.worker3.dev",
    "worker3 deploy",
    "worker3 deploy --propose --yes",
    "worker3 deploy dist --domain shop.example.org --nodes 4,9 --cap 0.5 --deposit 5 --yes",
  ],
  async run(
    context,
    { directory = ".", env, spa: saidSpa, message, trial, wait, uploadTimeout, waitTimeout, ...chosen },
  ) {
    checkOptions(chosen);
    // First: a domain for a folder that is not there is no help.
    await realDirectory(directory);
    const { domain, spa, remembered, remember } = await chooseDomain(context, {
      named: chosen.domain,
      directory,
      environment: env,
      spa: saidSpa,
    });
    const options: DeployOptions = { directory, ...chosen, domain, spa };
    const patience = patienceOf({ uploadTimeout, waitTimeout });
    const { signal } = context;
    let progress: Progress | undefined;
    const onProgress = (text: string): void => progress?.update(text);
    try {
      const [target, packing] = await beside(
        signal,
        async (either) => {
          const { client, who } = await actor(context, options); // first, as it may ask for a password
          progress = context.progress("Bundling");
          checkDomain(domain);
          // A name of somebody else, a missing right: bundling need not end first.
          const question = { domain, who, propose: chosen.propose, signal: either };
          return { client, who, projectId: await findTarget(client, question) };
        },
        (either, found) =>
          packProject({
            directory,
            environment: env,
            spa,
            signal: either,
            onProgress,
            // What nodes cannot run is told before anything is built.
            onManifest: async (manifest) => {
              const { client, projectId } = await found;
              const { askMs: patienceMs } = patience;
              await askEarly(client, { options, projectId, patienceMs, signal: either })(manifest);
            },
            trial,
          }),
      );
      await using packed = packing;
      const { client, who, projectId } = target;
      const { network } = client;
      const moved = movedText(remembered, { domain, projectId });
      if (moved !== undefined) context.note(moved);
      const isOwn = !isRouted(network, domain);
      if (projectId === undefined && options.propose) throw nothingThere(domain);
      progress?.update("Asking the chain");
      const { cid } = packed.car;
      const plan =
        projectId === undefined
          ? await planFirst(client, { options, who, cid })
          : await planNext(client, { options, projectId, who, cid });
      const otherOwner =
        plan.kind === "first" ? undefined : checkOwner({ project: plan.project, who, options });
      progress?.update("Asking the nodes");
      const told = await checkNodes(client, {
        nodeIds: plan.nodeIds,
        packed,
        patienceMs: patience.askMs,
        signal,
      });
      progress?.done();
      const notices = [...packed.notices, ...plan.notices, ...told];
      if (otherOwner !== undefined)
        notices.push(
          `project ${projectId} at ${domain} is not yours: it belongs to ${otherOwner}, who made you a delegate; the version is added by the project's number`,
        );
      if (isOwn) notices.push(notRoutedText(network.zone, domain));
      if (message !== undefined)
        notices.push("--message is told in the document only: the chain has no place for it");
      for (const notice of notices) context.note(notice);
      const planned = await routeOf(client, { domain, projectId, signal });
      const soon = projectId === undefined ? ", if it is the next project that is made" : "";
      for (const record of planned.records) context.note(`Set in the DNS${soon}: ${record}`);
      if (options.dryRun) {
        const document = dryRunDocument({
          client,
          options,
          plan,
          packed,
          route: planned,
          notices,
          payerKnown: who !== undefined,
        });
        return context.out(document, dryRunText(document));
      }
      await confirmPlan(context, { plan, options, routed: !isOwn, otherOwner });
      const parameters = { context, client, options, packed, wait, patience, onProject: remember };
      const outcome =
        plan.kind === "first"
          ? await deployFirst({ ...parameters, plan })
          : await deployNext({ ...parameters, plan });
      const route = isOwn ? await routeOf(client, { domain, projectId: outcome.projectId, signal }) : planned;
      const document = deployDocument({ outcome, packed, options, route, notices, message });
      context.out(document, deployText(document, wait, network.zone));
    } finally {
      progress?.done();
    }
  },
});

/** A project is made by whoever pays for it. */
function nothingThere(domain: string): UsageError {
  return new UsageError({
    code: "NOTHING_TO_PROPOSE_TO",
    message: `There is no project at ${domain} to propose a version to.`,
    value: domain,
    next: "deploy the first version without --propose",
  });
}

/** Who deploys. Of a dry run only the address is needed, and where there is none somebody's: nothing is signed. */
async function actor(
  context: CommandContext,
  { dryRun }: DeployOptions,
): Promise<{ client: NetworkWriter; who: Address | undefined }> {
  if (!dryRun) return { client: await context.writer(), who: (await context.account()).address };
  const { network } = await context.client();
  const who = await context.knownAddress();
  return { client: createNetworkWriter({ network, account: who ?? STAND_IN }), who };
}
