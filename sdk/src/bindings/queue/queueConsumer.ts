import * as z from "zod/mini";
import { Worker3Error } from "../../errors/Worker3Error.ts";
import type { BindingKind } from "../BindingKind.ts";
import { present, storeId, whole } from "../values.ts";
import { queueFields } from "./fields.ts";

export interface QueueConsumerConfig {
  readonly queues: {
    readonly consumers?:
      | readonly {
          readonly queue: string;
          readonly type?: string | undefined;
          readonly max_batch_size?: number | undefined;
          readonly max_batch_timeout?: number | undefined;
          readonly max_retries?: number | undefined;
          readonly retry_delay?: number | undefined;
          readonly dead_letter_queue?: string | undefined;
        }[]
      | undefined;
  };
}

/** A queue whose messages the worker's `queue` gets. */
export const queueConsumer = {
  kind: "queue_consumer",
  entry: z.strictObject({
    type: z.literal("queue_consumer"),
    queue: storeId,
    maxBatchSize: z.optional(whole(1, 100)),
    maxBatchTimeoutSeconds: z.optional(whole(0, 60)),
    maxRetries: z.optional(whole(0, 100)),
    retryDelaySeconds: z.optional(whole(0, 43_200)),
    deadLetterQueue: z.optional(storeId),
  }),
  calledBy: "queue",
  placement: "home",
  fields: queueFields,
  fromWrangler: ({ queues }) => ({
    bindings: (queues.consumers ?? []).map((consumer, index) => {
      const { type = "worker", queue } = consumer;
      if (type !== "worker") throw pulling(index, type);
      return present({
        type: "queue_consumer" as const,
        queue,
        maxBatchSize: consumer.max_batch_size,
        maxBatchTimeoutSeconds: consumer.max_batch_timeout,
        maxRetries: consumer.max_retries,
        retryDelaySeconds: consumer.retry_delay,
        deadLetterQueue: consumer.dead_letter_queue,
      });
    }),
  }),
} as const satisfies BindingKind<object, QueueConsumerConfig>;

function pulling(index: number, type: string): Worker3Error {
  return new Worker3Error({
    code: "UNSUPPORTED_FIELD",
    message: `Consumer ${index} of a queue is of type ${type}; nodes know workers only.`,
    value: `queues.consumers[${index}].type`,
    next: "consume the queue by the worker",
  });
}
