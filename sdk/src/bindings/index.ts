import { assets } from "./assets/assets.ts";
import { crons } from "./crons/crons.ts";
import { d1 } from "./d1/d1.ts";
import { durableObject } from "./durableObject/durableObject.ts";
import { kv } from "./kv/kv.ts";
import { type Intersection, merged } from "./merged.ts";
import { queueConsumer } from "./queue/queueConsumer.ts";
import { queueProducer } from "./queue/queueProducer.ts";
import { service } from "./service/service.ts";
import { vars } from "./vars/vars.ts";
import { workflow } from "./workflow/workflow.ts";

export type { BindingKind, Located, PartIssue } from "./BindingKind.ts";
export { cronProblem } from "./crons/cronProblem.ts";
export { type FieldRule, type FieldRules, REFUSALS } from "./fieldRules.ts";
export type { JsonValue } from "./vars/vars.ts";

/**
 * All kinds that a manifest knows. Their order is that of a manifest's `bindings` as the command writes them, so a new
 * kind goes behind the others with entries, and that in which names of `env` are taken.
 */
export const bindingKinds = [
  vars,
  kv,
  d1,
  durableObject,
  queueProducer,
  queueConsumer,
  workflow,
  service,
  crons,
  assets,
] as const;

/** What one of them is called. */
export type BindingKindName = (typeof bindingKinds)[number]["kind"];

/** The fields of wrangler's configuration that the kinds are written by, with what becomes of each. */
export const bindingFields = merged(bindingKinds.map(({ fields }) => fields));

/** What the kinds read of wrangler's configuration. */
export type KindsConfig = Intersection<Parameters<(typeof bindingKinds)[number]["fromWrangler"]>[0]>;
