import { join } from "node:path";

/** What wrangler is to bundle, and where to. */
export interface BundleTask {
  readonly configPath: string;
  readonly environment: string | undefined;
  /** A folder for what wrangler writes. */
  readonly temporary: string;
}

/** The files that come of it. */
export function bundleFiles({ temporary }: Pick<BundleTask, "temporary">): {
  upload: string;
  metafile: string;
} {
  return { upload: join(temporary, "worker.bundle"), metafile: join(temporary, "metafile.json") };
}

/** What wrangler is called with to build and bundle a worker without deploying it. */
export function bundleArguments({ configPath, environment, temporary }: BundleTask): string[] {
  const { upload, metafile } = bundleFiles({ temporary });
  const args = ["deploy", "--dry-run", "--autoconfig=false", "--upload-source-maps=false"];
  // An empty text is wrangler's word for "none": without it CLOUDFLARE_ENV would be asked.
  args.push("--config", configPath, "--env", environment ?? "");
  // It wants a name, which a configuration need not have and a deployment has not.
  args.push("--name", "worker");
  args.push("--outdir", join(temporary, "out"), "--outfile", upload, "--metafile", metafile);
  return args;
}
