import type { Manifest } from "@worker3/sdk";
import type { Publishing } from "./isPrivate.ts";
import type { AssetFile, AssetList } from "./listAssets.ts";
import type { WorkerModule } from "./readUpload.ts";
import type { WrittenDeployment } from "./writeDeployment.ts";

/** What a deployment folder is made of. */
export interface ProjectParts {
  readonly manifest: Manifest;
  readonly modules: readonly WorkerModule[];
  readonly assets: readonly AssetFile[];
  readonly name: string | undefined;
  readonly notices: readonly string[];
}

/** A deployment folder on disk: what `packFolder` takes. */
export interface DeploymentFolder extends WrittenDeployment {
  readonly directory: string;
  readonly manifest: Manifest;
  /** What the configuration calls the project. */
  readonly name: string | undefined;
  /** What was left aside or not published, a line each. */
  readonly notices: readonly string[];
}

/** How the worker of a project with a wrangler configuration is made. */
export type BuildPlan =
  /** Wrangler bundles it by a configuration, for one of its environments. */
  | { readonly by: "config"; readonly configPath: string; readonly environment: string | undefined }
  /** Wrangler makes it of a folder of Pages Functions; `routes` is the project's own `_routes.json`, if there is one. */
  | { readonly by: "functions"; readonly functions: string; readonly routes: string | undefined };

/** Where the worker and the files of a project with a wrangler configuration are, and how they are served. */
export interface ServedParts {
  /** Undefined: nothing is run. */
  readonly build: BuildPlan | undefined;
  readonly hasWorker: boolean;
  readonly assets: ServedAssets | undefined;
  /** What was left aside, a line each. */
  readonly notices: readonly string[];
}

export interface ServedAssets {
  readonly directory: string;
  readonly how: NonNullable<Manifest["assets"]>;
  readonly publishing: Publishing;
}

/** Says which files stay behind although nothing in the project says so. */
export function keptNotices({ kept }: AssetList): string[] {
  return kept.length === 0 ? [] : [`not published: ${kept.join(", ")}`];
}
