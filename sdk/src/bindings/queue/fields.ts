import type { FieldRules } from "../fieldRules.ts";

/** Producers and consumers stand in one field of wrangler's configuration. */
export const queueFields = {
  queues: {
    fields: {
      producers: { items: { binding: "taken", queue: "taken", delivery_delay: "taken", remote: "ignored" } },
      consumers: {
        items: {
          queue: "taken",
          type: "taken",
          max_batch_size: "taken",
          max_batch_timeout: "taken",
          max_retries: "taken",
          dead_letter_queue: "taken",
          retry_delay: "taken",
          max_concurrency: { notice: "one replica consumes a queue, a batch after the other" },
          visibility_timeout_ms: { refused: "is for consumers that pull" },
        },
      },
    },
  },
} as const satisfies FieldRules;
