/** What becomes of a field of wrangler's configuration. Empty values (`[]`, `{}`, `false`) ask for nothing, whatever the rule. */
export type FieldRule =
  /** Honoured here, or by wrangler when it bundles. */
  | "taken"
  /** Says nothing about what is served. */
  | "ignored"
  /** Left aside, and the person is told why. */
  | { readonly notice: string }
  /** What is served would not be what the project asks for. */
  | { readonly refused: string }
  | { readonly fields: FieldRules }
  | { readonly items: FieldRules };

export type FieldRules = Readonly<Record<string, FieldRule>>;

const noBinding = { refused: "is a service of Cloudflare's that nodes do not have" } as const;
const otherWorker = { refused: "names another worker; on worker3 each project stands alone" } as const;
const byDomain = { notice: "the domain of the deployment says where it is served" } as const;
const legacy = { refused: "belongs to workers that are no ES module; import the file instead" } as const;

/**
 * The fields of wrangler 4's configuration file. A field that is not listed is refused: what it means here is unknown.
 *
 * Source: `config-schema.json` of the wrangler package.
 */
export const FIELD_RULES: FieldRules = {
  $schema: "ignored",
  name: "taken",
  main: "taken",
  compatibility_date: "taken",
  compatibility_flags: "taken",
  env: "ignored", // the chosen one is walked on its own
  assets: {
    fields: {
      directory: "taken",
      binding: "taken",
      html_handling: "taken",
      not_found_handling: "taken",
      run_worker_first: "taken",
      base_path: { refused: "is not known to nodes; put the files into a folder of that name" },
    },
  },
  vars: "taken",
  limits: {
    fields: { cpu_ms: "taken", subrequests: { refused: "is no limit that nodes enforce" } },
  },
  triggers: {
    fields: { crons: "taken", events: noBinding },
  },

  // Wrangler's own, when it bundles.
  rules: "taken",
  no_bundle: "taken",
  find_additional_modules: "taken",
  preserve_file_names: "taken",
  base_dir: "taken",
  minify: "taken",
  keep_names: "taken",
  tsconfig: "taken",
  jsx_factory: "taken",
  jsx_fragment: "taken",
  alias: "taken",
  define: "taken",
  build: { fields: { command: "taken", cwd: "taken", watch_dir: "ignored" } },
  python_modules: "ignored", // a worker in Python is refused by its entry

  // Storage and time.
  kv_namespaces: { items: { binding: "taken", id: "taken", preview_id: "ignored", remote: "ignored" } },
  d1_databases: {
    items: {
      binding: "taken",
      database_id: "taken",
      database_name: "taken",
      jurisdiction: { refused: "cannot be promised: a replica is where its node is" },
      preview_database_id: "ignored",
      migrations_table: "ignored",
      migrations_dir: "ignored",
      migrations_pattern: "ignored",
      database_internal_env: "ignored",
      remote: "ignored",
    },
  },
  durable_objects: {
    fields: {
      bindings: {
        items: { name: "taken", class_name: "taken", script_name: otherWorker, environment: otherWorker },
      },
      code_update_strategy: { notice: "a new version's objects start when the old ones have stopped" },
    },
  },
  migrations: {
    items: {
      tag: "taken",
      new_classes: "taken",
      new_sqlite_classes: "taken",
      renamed_classes: "taken",
      deleted_classes: "taken",
      transferred_classes: otherWorker,
    },
  },
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
  workflows: {
    items: {
      binding: "taken",
      name: "taken",
      class_name: "taken",
      script_name: otherWorker,
      limits: { refused: "is no limit that nodes enforce" },
      concurrency: { refused: "is no limit that nodes enforce" },
      schedules: { refused: "is not known to nodes; start the workflow from a cron trigger" },
      default_retention: { refused: "is not known to nodes" },
      jurisdiction: { refused: "cannot be promised: a replica is where its node is" },
    },
  },
  exports: { refused: "is not known to nodes; name durable objects by bindings and migrations" },

  // Where and how Cloudflare runs it.
  account_id: "ignored",
  send_metrics: "ignored",
  dev: "ignored",
  previews: "ignored",
  preview_urls: "ignored",
  keep_vars: { notice: "the variables are those of the file" },
  workers_dev: byDomain,
  routes: byDomain,
  route: byDomain,
  placement: { notice: "a replica is where its node is" },
  logpush: { notice: "logs are on the nodes: worker3 logs" },
  observability: { notice: "logs are on the nodes: worker3 logs" },
  upload_source_maps: { notice: "source maps are not published" },
  dependencies_instrumentation: "ignored",
  compliance_region: { refused: "cannot be promised: nodes belong to volunteers" },
  access: { refused: "is Cloudflare's; without it everybody would get in" },
  cache: { refused: "is not known to nodes" },
  first_party_worker: noBinding,
  pages_build_output_dir: "taken",
  secrets: { refused: "cannot be kept: whoever runs a node can read what the worker reads" },

  // Bindings that nodes do not have.
  r2_buckets: { refused: "is a service of Cloudflare's; use the S3 interface of your storage by fetch" },
  services: otherWorker,
  dispatch_namespaces: otherWorker,
  tail_consumers: otherWorker,
  streaming_tail_consumers: otherWorker,
  worker_loaders: noBinding,
  ratelimits: noBinding,
  version_metadata: noBinding,
  hyperdrive: noBinding,
  vectorize: noBinding,
  ai: noBinding,
  ai_search: noBinding,
  ai_search_namespaces: noBinding,
  agent_memory: noBinding,
  browser: noBinding,
  images: noBinding,
  media: noBinding,
  stream: noBinding,
  analytics: noBinding,
  analytics_engine_datasets: noBinding,
  pipelines: noBinding,
  k2: noBinding,
  send_email: noBinding,
  addresses: noBinding,
  connect: noBinding,
  mtls_certificates: noBinding,
  secrets_store_secrets: noBinding,
  artifacts: noBinding,
  flagship: noBinding,
  vpc_services: noBinding,
  vpc_networks: noBinding,
  logfwdr: noBinding,
  containers: noBinding,
  cloudchamber: noBinding,
  unsafe: noBinding,
  unsafe_hello_world: noBinding,
  site: { refused: "is Workers Sites, which is deprecated; use assets" },
  wasm_modules: legacy,
  text_blobs: legacy,
  data_blobs: legacy,

  // What build tools write into a configuration that they generate.
  configPath: "ignored",
  userConfigPath: "ignored",
  topLevelName: "ignored",
  definedEnvironments: "ignored",
  targetEnvironment: "ignored",
  legacy_env: "ignored",
};
