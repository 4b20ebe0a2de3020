import { type Kubo, KuboError } from "@worker3/sdk/node";
import type { ContentSource } from "./gatewaySource.ts";
import { SourceError, type SourceErrorCode } from "./SourceError.ts";

const CODES: Readonly<Record<KuboError["code"], SourceErrorCode>> = {
  KUBO_URL_BAD: "SOURCE_UNREACHABLE",
  KUBO_UNREACHABLE: "SOURCE_UNREACHABLE",
  KUBO_TIMEOUT: "SOURCE_TIMEOUT",
  KUBO_REFUSED: "SOURCE_REFUSED",
};

/** An IPFS daemon, by its RPC API. It is no more trusted than any other source. */
export function kuboSource(kubo: Pick<Kubo, "url" | "readCar">): ContentSource {
  return {
    name: kubo.url,
    async *read(cid, signal) {
      try {
        yield* kubo.readCar(cid, signal);
      } catch (cause) {
        if (!(cause instanceof KuboError)) throw cause;
        const { message, next } = cause;
        throw new SourceError({ code: CODES[cause.code], message, value: kubo.url, next, cause });
      }
    },
  };
}
