import type { CellBinding } from "../../cells/config/CellBinding.ts";

/** Variables: text as it is, everything else as JSON. */
export const vars: CellBinding = {
  kinds: ["vars"],
  parts: ({ manifest }) => ({
    bindings: Object.entries(manifest.vars ?? {}).map(([name, value]) =>
      typeof value === "string" ? { name, text: value } : { name, json: JSON.stringify(value) },
    ),
  }),
};
