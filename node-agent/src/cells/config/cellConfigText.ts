import { type CellConfigInput, cellConfig } from "./cellConfig.ts";
import { serializeCapnp } from "./serializeCapnp.ts";

/** The configuration of a cell as `workerd serve` reads it. See `cellConfig`. */
export function cellConfigText(input: CellConfigInput): string {
  const config = serializeCapnp(cellConfig(input));
  return `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = ${config};\n`;
}
