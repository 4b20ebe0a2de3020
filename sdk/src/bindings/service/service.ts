import * as z from "zod/mini";
import type { BindingKind } from "../BindingKind.ts";
import { REFUSALS } from "../fieldRules.ts";
import { jsIdentifier, present } from "../values.ts";

export interface ServiceConfig {
  /** The project's own, for the environment that is deployed. */
  readonly name?: string | undefined;
  readonly services?:
    | readonly {
        readonly binding: string;
        readonly service: string;
        readonly entrypoint?: string | undefined;
      }[]
    | undefined;
}

/** The worker itself, or another entry point of it, to be called by `fetch` and by its methods. No other worker is. */
export const service = {
  kind: "service",
  entry: z.strictObject({
    type: z.literal("service"),
    name: jsIdentifier,
    entrypoint: z.optional(jsIdentifier),
  }),
  calledBy: "name",
  placement: "everywhere",
  fields: { services: REFUSALS.otherWorker },
  // What names another worker is refused by the field's rule.
  fromWrangler: ({ name, services = [] }) => ({
    bindings: services
      .filter((each) => name !== undefined && each.service === name)
      .map(({ binding, entrypoint }) =>
        present({ type: "service" as const, name: binding, entrypoint: entrypoint || undefined }),
      ),
  }),
} as const satisfies BindingKind<object, ServiceConfig>;
