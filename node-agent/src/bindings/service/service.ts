import { type CellBinding, WORKER_SERVICE } from "../../cells/config/CellBinding.ts";
import { ASSETS_SERVICE } from "../assets/assets.ts";

/** The worker itself, called by its code: with files, what visitors meet, as long as no entry point is named. */
export const service: CellBinding = {
  kinds: ["service"],
  parts: ({ manifest }) => ({
    bindings: (manifest.bindings ?? []).flatMap((binding) => {
      if (binding.type !== "service") return [];
      const { name, entrypoint } = binding;
      if (entrypoint !== undefined) return [{ name, service: { name: WORKER_SERVICE, entrypoint } }];
      const front = manifest.assets === undefined ? WORKER_SERVICE : ASSETS_SERVICE;
      return [{ name, service: { name: front } }];
    }),
  }),
};
