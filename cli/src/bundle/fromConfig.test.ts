import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fromWrangler, serializeManifest, Worker3Error } from "@worker3/sdk";
import { folderWith } from "../testing/projectFolder.ts";
import { readConfig } from "./readConfig.ts";

const BASE = { name: "golden", main: "index.js", compatibility_date: "2026-11-01" };
const OBJECTS = {
  durable_objects: { bindings: [{ name: "ROOM", class_name: "Room" }] },
  migrations: [
    { tag: "v1", new_classes: ["Old"], new_sqlite_classes: ["Hall", "Gone"] },
    { tag: "v2", renamed_classes: [{ from: "Hall", to: "Room" }], deleted_classes: ["Gone"] },
  ],
};
const EVERYTHING = {
  compatibility_flags: ["nodejs_compat"],
  vars: { TEXT: "a", NUMBER: 1, DEEP: { list: [true, null, { ü: 1.5 }] } },
  assets: {
    directory: "public",
    binding: "ASSETS",
    html_handling: "none",
    not_found_handling: "404-page",
    run_worker_first: ["/api/*", "!/api/docs/*"],
  },
  triggers: { crons: ["*/5 * * * *", "0 17 * * sun"] },
  limits: { cpu_ms: 50 },
  kv_namespaces: [{ binding: "KV", id: "k1", preview_id: "p" }, { binding: "NEW" }],
  d1_databases: [
    { binding: "DB", database_name: "base", database_id: "d1", migrations_dir: "sql" },
    { binding: "NAMED", database_name: "named" },
    { binding: "BARE" },
  ],
  ...OBJECTS,
  queues: {
    producers: [
      { binding: "JOBS", queue: "jobs", delivery_delay: 3 },
      { binding: "DEAD", queue: "dead" },
    ],
    consumers: [
      {
        queue: "jobs",
        max_batch_size: 5,
        max_batch_timeout: 2,
        max_retries: 7,
        retry_delay: 9,
        dead_letter_queue: "dead",
      },
      { queue: "dead", type: "worker", max_retries: 0 },
    ],
  },
  workflows: [{ binding: "FLOW", name: "orders", class_name: "Orders" }],
};

/** Configurations whose outcome is in `golden/`. `UPDATE_GOLDEN=1` writes them anew: a deployed project's CID changes then. */
const cases: Record<string, { config: object; environment?: string }> = {
  worker: { config: {} },
  everything: { config: EVERYTHING },
  environment: {
    config: {
      ...EVERYTHING,
      env: {
        staging: {
          vars: { TEXT: "b" },
          kv_namespaces: [{ binding: "KV", id: "k2" }],
          triggers: { crons: [] },
          queues: { producers: [{ binding: "JOBS", queue: "staging-jobs" }] },
        },
      },
    },
    environment: "staging",
  },
  files: {
    config: {
      main: undefined,
      assets: {
        directory: "public",
        html_handling: "drop-trailing-slash",
        not_found_handling: "single-page-application",
      },
    },
  },
  workerFirst: { config: { assets: { directory: "public", binding: "FILES", run_worker_first: true } } },
  defaults: {
    config: {
      assets: { directory: "public", run_worker_first: false },
      vars: {},
      kv_namespaces: [],
      triggers: { crons: [] },
      migrations: [],
      limits: {},
    },
  },
  notices: {
    config: {
      ...OBJECTS,
      durable_objects: { ...OBJECTS.durable_objects, code_update_strategy: { mode: "immediate" } },
      queues: { consumers: [{ queue: "jobs", max_concurrency: 2 }] },
      keep_vars: true,
      route: "example.org/*",
      placement: { mode: "smart" },
      observability: { enabled: true },
      upload_source_maps: true,
    },
  },
  refused: {
    config: {
      assets: { directory: "public", base_path: "/docs" },
      limits: { cpu_ms: 5, subrequests: 3 },
      d1_databases: [{ binding: "DB", jurisdiction: "eu" }],
      durable_objects: { bindings: [{ name: "ROOM", class_name: "Room", script_name: "other" }] },
      queues: { consumers: [{ queue: "jobs", visibility_timeout_ms: 5 }] },
      workflows: [{ binding: "FLOW", name: "orders", class_name: "Orders", limits: { steps: 5 } }],
      ai: { binding: "AI" },
      vectorize: [{ binding: "V", index_name: "v" }],
      compliance_region: "fedramp_high",
    },
  },
  refusedInEnvironment: {
    config: {
      env: { live: { workflows: [{ binding: "F", name: "f", class_name: "F", schedules: "* * * * *" }] } },
    },
    environment: "live",
  },
  unknown: {
    config: {
      assets: { directory: "public", directry: "x" },
      kv_namespaces: [{ bindng: "KV", binding: "KV", id: "k" }],
      queues: { producer: [], consumers: [{ queue: "jobs", batch: 1 }] },
      triggers: { cron: [] },
      migrations: [{ tag: "v1", classes: [] }],
      compat_date: "2026-11-01",
    },
  },
};

async function outcomeOf(config: object, environment: string | undefined): Promise<unknown> {
  await using folder = await folderWith({ "wrangler.json": JSON.stringify({ ...BASE, ...config }) });
  try {
    const read = await readConfig(join(folder.path, "wrangler.json"), environment);
    const hasWorker = read.config.main !== undefined;
    const bytes = serializeManifest({
      manifest: 2,
      ...fromWrangler(read.config),
      ...(hasWorker && { main: "index.js", modules: { "index.js": "esm" as const } }),
    });
    const manifest: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return { manifest, notices: read.notices };
  } catch (error) {
    if (error instanceof Worker3Error) return { error: { ...error.toJSON() } };
    throw error;
  }
}

describe("the manifest of a wrangler configuration", function () {
  this.timeout(60_000);

  for (const [name, { config, environment }] of Object.entries(cases)) {
    it(`of "${name}" is what it is in golden/`, async () => {
      const text = JSON.stringify(await outcomeOf(config, environment), undefined, 2);
      const file = new URL(`golden/${name}.json`, import.meta.url);
      if (process.env.UPDATE_GOLDEN === "1") await writeFile(file, `${text}\n`);
      // The formatter writes the file; keys keep their order.
      const golden: unknown = JSON.parse(await readFile(file, "utf8"));
      assert.equal(text, JSON.stringify(golden, undefined, 2));
    });
  }
});
