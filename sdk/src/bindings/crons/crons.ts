import * as z from "zod/mini";
import type { BindingKind } from "../BindingKind.ts";
import { REFUSALS } from "../fieldRules.ts";
import { some } from "../values.ts";
import { cronProblem } from "./cronProblem.ts";

export interface CronsConfig {
  readonly triggers?: { readonly crons?: readonly string[] | undefined } | undefined;
}

const cron = z.string().check((context) => {
  const problem = cronProblem(context.value);
  if (problem !== undefined) context.issues.push({ code: "custom", message: problem, input: context.value });
});

/** When the worker's `scheduled` is called. */
export const crons = {
  kind: "crons",
  keys: { crons: z.optional(z.array(cron)) },
  distinct: ["crons"],
  placement: "home",
  fields: { triggers: { fields: { crons: "taken", events: REFUSALS.noBinding } } },
  fromWrangler: ({ triggers }) => ({ crons: some(triggers?.crons) }),
} as const satisfies BindingKind<object, CronsConfig>;
