import { createRequire } from "node:module";
import { z } from "zod";

/** The program that runs cells. */
export interface WorkerdBinary {
  /** Absolute path. */
  readonly path: string;
  /** The newest that it knows. */
  readonly compatibilityDate: string;
}

const packageSchema = z.object({ default: z.string(), compatibilityDate: z.iso.date() });

/** The workerd that came with the agent from npm. Throws where npm left out the binary of this platform. */
export function workerdBinary(): WorkerdBinary {
  const found = packageSchema.parse(createRequire(import.meta.url)("workerd"));
  return { path: found.default, compatibilityDate: found.compatibilityDate };
}
