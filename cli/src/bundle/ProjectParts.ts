import type { Manifest } from "@worker3/sdk";
import type { AssetFile, AssetList } from "./listAssets.ts";
import type { WorkerModule } from "./readUpload.ts";

/** What a deployment folder is made of. */
export interface ProjectParts {
  readonly manifest: Manifest;
  readonly modules: readonly WorkerModule[];
  readonly assets: readonly AssetFile[];
  readonly name: string | undefined;
  readonly notices: readonly string[];
}

/** Says which files stay behind although nothing in the project says so. */
export function keptNotices({ kept }: AssetList): string[] {
  return kept.length === 0 ? [] : [`not published: ${kept.join(", ")}`];
}
