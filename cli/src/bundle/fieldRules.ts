import { bindingFields, type FieldRules, REFUSALS } from "@worker3/sdk";

const { noBinding, otherWorker } = REFUSALS;
const byDomain = { notice: "the domain of the deployment says where it is served" } as const;
const legacy = { refused: "belongs to workers that are no ES module; import the file instead" } as const;

const tails = { notice: "no other worker is told; logs are on the nodes: worker3 logs" } as const;
/** Fields of earlier versions, which wrangler 4 reads no more: what it does without them is done here. */
const old = { notice: "wrangler does not read it any more" } as const;

/** The rules of each kind are in the sdk; findings are named in the order of the fields here. */
const { assets, vars, triggers, ...others } = bindingFields;

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
  assets,
  vars,
  limits: { fields: { cpu_ms: "taken", subrequests: { notice: "nodes count no subrequests" } } },
  triggers,

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

  // Storage, and what else the worker is given.
  ...others,
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
  tail_consumers: tails,
  streaming_tail_consumers: tails,
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
  dispatch_namespaces: otherWorker,
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

  // What earlier versions of wrangler read.
  usage_model: old,
  zone_id: old,
  type: old,
  webpack_config: old,
  miniflare: old,
  experimental_assets: { refused: "is not read any more; use assets" },
  legacy_assets: { refused: "is not read any more; use assets" },
  node_compat: { refused: "is not read any more; use the compatibility flag nodejs_compat" },

  // What build tools write into a configuration that they generate.
  configPath: "ignored",
  userConfigPath: "ignored",
  topLevelName: "ignored",
  definedEnvironments: "ignored",
  targetEnvironment: "ignored",
  legacy_env: "ignored",
};
