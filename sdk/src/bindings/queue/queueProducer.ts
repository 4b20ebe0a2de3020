import * as z from "zod/mini";
import type { BindingKind } from "../BindingKind.ts";
import { jsIdentifier, present, storeId, whole } from "../values.ts";
import { queueFields } from "./fields.ts";

export interface QueueProducerConfig {
  readonly queues: {
    readonly producers?:
      | readonly {
          readonly binding: string;
          readonly queue?: unknown;
          readonly delivery_delay?: number | undefined;
        }[]
      | undefined;
  };
}

/** A queue that the worker sends to. */
export const queueProducer = {
  kind: "queue_producer",
  entry: z.strictObject({
    type: z.literal("queue_producer"),
    name: jsIdentifier,
    queue: storeId,
    deliveryDelaySeconds: z.optional(whole(0, 43_200)),
  }),
  calledBy: "name",
  placement: "home",
  fields: queueFields,
  fromWrangler: ({ queues }) => ({
    bindings: (queues.producers ?? []).map(({ binding, queue, delivery_delay }) =>
      present({
        type: "queue_producer" as const,
        name: binding,
        queue: typeof queue === "string" ? queue : binding,
        deliveryDelaySeconds: delivery_delay,
      }),
    ),
  }),
} as const satisfies BindingKind<object, QueueProducerConfig>;
