import * as z from "zod/mini";
import type { BindingKind } from "../BindingKind.ts";
import { REFUSALS } from "../fieldRules.ts";
import { jsIdentifier, storeId } from "../values.ts";

export interface WorkflowConfig {
  readonly workflows: readonly {
    readonly binding: string;
    readonly name: string;
    readonly class_name: string;
  }[];
}

/** A workflow: a class of the worker whose steps are kept. */
export const workflow = {
  kind: "workflow",
  entry: z.strictObject({
    type: z.literal("workflow"),
    name: jsIdentifier,
    workflow: storeId,
    className: jsIdentifier,
  }),
  calledBy: "name",
  placement: "home",
  fields: {
    workflows: {
      items: {
        binding: "taken",
        name: "taken",
        class_name: "taken",
        script_name: REFUSALS.otherWorker,
        limits: REFUSALS.noLimit,
        concurrency: REFUSALS.noLimit,
        schedules: { refused: "is not known to nodes; start the workflow from a cron trigger" },
        default_retention: { refused: "is not known to nodes" },
        jurisdiction: REFUSALS.noPlace,
      },
    },
  },
  fromWrangler: ({ workflows }) => ({
    bindings: workflows.map(({ binding, name, class_name }) => ({
      type: "workflow" as const,
      name: binding,
      workflow: name,
      className: class_name,
    })),
  }),
} as const satisfies BindingKind<object, WorkflowConfig>;
