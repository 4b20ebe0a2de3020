import type { PublicProject } from "./PublicProject.ts";
import { REPOSITORIES } from "./repositories.ts";

const {
  templates,
  workersSdk,
  workerTemplate,
  chatDemo,
  pythonExamples,
  honoExamples,
  httpbinVite,
  corsAnywhere,
  boilerplate,
} = REPOSITORIES;

/** Public projects that `worker3 deploy` refuses, before anything is paid. */
export const REFUSED_PROJECTS: readonly PublicProject[] = [
  {
    ...templates,
    name: "openauth-template",
    folder: "openauth-template",
    uses: "KV, D1, `nodejs_compat`",
    ready: ["node_modules"],
    expected: {
      outcome: "refused",
      code: "UNSUPPORTED_BINDING",
      words: "kv bindings are not supported by the node",
    },
  },
  {
    ...chatDemo,
    name: "workers-chat-demo",
    folder: ".",
    uses: "TOML; Durable Objects, migrations",
    expected: {
      outcome: "refused",
      code: "UNSUPPORTED_BINDING",
      words: "durable_object bindings are not supported by the node",
    },
  },
  {
    ...templates,
    name: "r2-explorer-template",
    folder: "r2-explorer-template",
    uses: "R2",
    expected: {
      outcome: "refused",
      code: "UNSUPPORTED_FIELD",
      words: "use the S3 interface of your storage",
    },
  },
  {
    ...templates,
    name: "llm-chat-app-template",
    folder: "llm-chat-app-template",
    uses: "Workers AI",
    expected: { outcome: "refused", code: "UNSUPPORTED_FIELD", words: "a service of Cloudflare's" },
  },
  {
    ...templates,
    name: "microfrontend-template",
    folder: "microfrontend-template",
    uses: "service bindings to other workers, `routes`",
    expected: { outcome: "refused", code: "UNSUPPORTED_FIELD", words: "each project stands alone" },
  },
  {
    ...templates,
    name: "workflows-starter-template",
    folder: "workflows-starter-template",
    uses: "Workflows, Durable Objects, an unbuilt Vite project",
    expected: { outcome: "refused", code: "NOT_BUILT", words: "built by Vite, and has not been" },
  },
  {
    ...templates,
    name: "containers-template",
    folder: "containers-template",
    uses: "Containers",
    expected: { outcome: "refused", code: "UNSUPPORTED_FIELD", words: "a service of Cloudflare's" },
  },
  {
    ...workersSdk,
    name: "worker-app",
    folder: "fixtures/worker-app",
    uses: "cron, version metadata",
    expected: { outcome: "refused", code: "UNSUPPORTED_FIELD", words: "version_metadata" },
  },
  {
    ...workersSdk,
    name: "sites-app",
    folder: "fixtures/sites-app",
    uses: "Workers Sites",
    expected: { outcome: "refused", code: "UNSUPPORTED_FIELD", words: "Workers Sites" },
  },
  {
    ...pythonExamples,
    name: "python-hello",
    folder: "01-hello",
    uses: "a worker in Python",
    expected: { outcome: "refused", code: "UNSUPPORTED_MODULE", words: "text/x-python" },
  },
  {
    ...corsAnywhere,
    name: "cloudflare-cors-anywhere",
    folder: ".",
    uses: "TOML; service-worker syntax",
    expected: { outcome: "refused", code: "NOT_AN_ES_MODULE", words: "its entry has no default export" },
  },
  {
    ...workerTemplate,
    name: "worker-template",
    folder: ".",
    uses: "TOML of wrangler 1 without `main`",
    expected: { outcome: "refused", code: "UNKNOWN_FIELD", words: "type is no field that is known here" },
  },
  {
    ...honoExamples,
    name: "hono-basic",
    folder: "basic",
    uses: "TOML; the worker named on wrangler's command line only",
    expected: { outcome: "refused", code: "NOTHING_TO_SERVE", words: "nothing to serve" },
  },
  {
    ...honoExamples,
    name: "hono-vite-jsx",
    folder: "hono-vite-jsx",
    uses: "an unbuilt Vite project without a configuration",
    expected: { outcome: "refused", code: "NO_WRANGLER_CONFIG", words: "sources of a project" },
  },
  {
    ...httpbinVite,
    name: "cf-worker-httpbin",
    folder: ".",
    uses: "an unbuilt Vite project with KV",
    expected: { outcome: "refused", code: "NOT_BUILT", words: "built by Vite, and has not been" },
  },
  {
    ...boilerplate,
    name: "html5-boilerplate",
    folder: "dist",
    uses: "pages with an unbuilt webpack project around them",
    expected: { outcome: "refused", code: "NO_WRANGLER_CONFIG", words: "sources of a project" },
  },
];
