import { Worker3Error } from "@worker3/sdk";
import type { ContentSource } from "./gatewaySource.ts";
import { SourceError } from "./SourceError.ts";

/** A source that is asked only after `prove` has shown whose it is. */
export function provenSource(
  source: ContentSource,
  prove: (signal: AbortSignal) => Promise<void>,
): ContentSource {
  return {
    name: source.name,
    async *read(cid, signal) {
      try {
        await prove(signal);
      } catch (cause) {
        if (!(cause instanceof Worker3Error)) throw cause;
        const { message, next } = cause;
        throw new SourceError({ code: "SOURCE_UNPROVEN", message, value: source.name, next, cause });
      }
      yield* source.read(cid, signal);
    },
  };
}
