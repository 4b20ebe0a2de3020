import type { Binding, JsonValue, Manifest } from "@worker3/sdk";
import { BundleError } from "./BundleError.ts";
import type { WranglerConfig } from "./readConfig.ts";

/**
 * What a manifest takes from wrangler's configuration: all but the modules and whether there are assets. What the
 * configuration leaves out stays out.
 *
 * @throws {BundleError} `UNSUPPORTED_FIELD`.
 */
export function manifestOf(
  config: WranglerConfig,
): Pick<
  Manifest,
  "compatibilityDate" | "compatibilityFlags" | "vars" | "bindings" | "migrations" | "crons" | "limits"
> {
  const crons = config.triggers?.crons ?? [];
  const cpuMs = config.limits?.cpu_ms;
  return present({
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: some(config.compatibility_flags),
    vars: Object.keys(config.vars).length === 0 ? undefined : (config.vars as Record<string, JsonValue>),
    bindings: some(bindingsOf(config)),
    migrations: some(migrationsOf(config)),
    crons: some(crons),
    limits: cpuMs === undefined ? undefined : { cpuMs },
  });
}

/** How static files are served, in the manifest's words. */
export function assetsOf({ assets }: WranglerConfig): NonNullable<Manifest["assets"]> {
  return present({
    binding: assets?.binding,
    htmlHandling: assets?.html_handling,
    notFoundHandling: assets?.not_found_handling,
    // `false` is the default, and a manifest says no defaults.
    runWorkerFirst: assets?.run_worker_first || undefined,
  });
}

function bindingsOf(config: WranglerConfig): Binding[] {
  const { producers = [], consumers = [] } = config.queues;
  return [
    ...config.kv_namespaces.map(({ binding, id }) => ({
      type: "kv" as const,
      name: binding,
      // Wrangler makes a namespace where the file names none; here the binding's name is enough.
      id: typeof id === "string" ? id : binding,
    })),
    ...config.d1_databases.map(({ binding, database_id, database_name }) => ({
      type: "d1" as const,
      name: binding,
      id: (typeof database_id === "string" ? database_id : database_name) ?? binding,
    })),
    ...config.durable_objects.bindings.map(({ name, class_name }) => ({
      type: "durable_object" as const,
      name,
      className: class_name,
    })),
    ...(producers ?? []).map(({ binding, queue, delivery_delay }) =>
      present({
        type: "queue_producer" as const,
        name: binding,
        queue: typeof queue === "string" ? queue : binding,
        deliveryDelaySeconds: delivery_delay,
      }),
    ),
    ...(consumers ?? []).map((consumer, index) => {
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
    ...config.workflows.map(({ binding, name, class_name }) => ({
      type: "workflow" as const,
      name: binding,
      workflow: name,
      className: class_name,
    })),
  ];
}

function migrationsOf({ migrations }: WranglerConfig): NonNullable<Manifest["migrations"]> {
  return migrations.map((migration) =>
    present({
      tag: migration.tag,
      newClasses: migration.new_classes,
      newSqliteClasses: migration.new_sqlite_classes,
      renamedClasses: migration.renamed_classes?.map(({ from, to }) => ({ from, to })),
      deletedClasses: migration.deleted_classes,
    }),
  );
}

function pulling(index: number, type: string): BundleError {
  return new BundleError({
    code: "UNSUPPORTED_FIELD",
    message: `Consumer ${index} of a queue is of type ${type}; nodes know workers only.`,
    value: `queues.consumers[${index}].type`,
    next: "consume the queue by the worker",
  });
}

function some<item>(items: readonly item[] | undefined): item[] | undefined {
  return items === undefined || items.length === 0 ? undefined : [...items];
}

type Present<value> = { [key in keyof value]: Exclude<value[key], undefined> };

/** Without the fields that are undefined: a manifest is JSON. */
function present<value extends object>(value: value): Present<value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, inner]) => inner !== undefined),
  ) as Present<value>;
}
