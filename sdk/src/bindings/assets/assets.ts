import * as z from "zod/mini";
import type { BindingKind } from "../BindingKind.ts";
import { jsIdentifier, present } from "../values.ts";

const rule = z.string().check(z.regex(/^!?\/[^\p{Cc}]*$/u, "must begin with / or !/"));

const schema = z.strictObject({
  binding: z.optional(jsIdentifier),
  htmlHandling: z.optional(
    z.enum(["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"]),
  ),
  notFoundHandling: z.optional(z.enum(["none", "404-page", "single-page-application"])),
  runWorkerFirst: z.optional(
    z.union([z.boolean(), z.array(rule).check(z.maxLength(100, "must have at most 100 rules"))]),
  ),
  // A project of Cloudflare Pages, whose files have some headers more.
  pages: z.optional(z.literal(true)),
});

type Assets = z.infer<typeof schema>;

export interface AssetsPart {
  readonly assets?: Assets | undefined;
}

export interface AssetsConfig {
  readonly assets?:
    | {
        readonly binding?: string | undefined;
        readonly html_handling?: Assets["htmlHandling"];
        readonly not_found_handling?: Assets["notFoundHandling"];
        readonly run_worker_first?: Assets["runWorkerFirst"];
      }
    | undefined;
}

/** Static files: the only kind that does not need a worker. The files themselves are in the deployment folder. */
export const assets = {
  kind: "assets",
  keys: { assets: z.optional(schema) },
  names: ({ assets }) =>
    assets?.binding === undefined ? [] : [{ path: ["assets", "binding"], value: assets.binding }],
  needsWorker: ({ assets }) => [
    { path: ["assets", "binding"], value: assets?.binding },
    { path: ["assets", "runWorkerFirst"], value: assets?.runWorkerFirst || undefined },
  ],
  placement: "everywhere",
  fields: {
    assets: {
      fields: {
        directory: "taken",
        binding: "taken",
        html_handling: "taken",
        not_found_handling: "taken",
        run_worker_first: "taken",
        experimental_serve_directly: {
          notice: "wrangler does not read it any more; run_worker_first says it",
        },
        base_path: { refused: "is not known to nodes; put the files into a folder of that name" },
      },
    },
  },
  fromWrangler: ({ assets }) =>
    assets === undefined
      ? {}
      : {
          assets: present({
            binding: assets.binding,
            htmlHandling: assets.html_handling,
            notFoundHandling: assets.not_found_handling,
            // `false` is the default, and a manifest says no defaults.
            runWorkerFirst: assets.run_worker_first || undefined,
          }),
        },
} as const satisfies BindingKind<AssetsPart, AssetsConfig>;
