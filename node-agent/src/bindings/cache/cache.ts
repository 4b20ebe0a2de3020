import { type CellBinding, NODE_COMPATIBILITY_DATE } from "../../cells/config/CellBinding.ts";
import type { Worker } from "../../cells/config/WorkerdConfig.ts";
import { mentionsCaches } from "./mentionsCaches.ts";

/**
 * The Cache API, for code that names it: an isolate that is the cache costs each cell 5 ms of its start and 2 MB. No
 * manifest asks for it.
 */
export const cache: CellBinding = {
  kinds: [],
  parts: (content) =>
    mentionsCaches(content)
      ? { services: [{ name: "cache", worker: emptyCache }], worker: { cacheApiOutbound: "cache" } }
      : {},
};

/**
 * A cache that keeps nothing, so that `caches.default` finds nothing instead of throwing: a worker may not rely on a hit.
 * Source: what miniflare answers for a miss, a put and a purge of what is not there.
 */
const emptyCache: Worker = {
  modules: [
    {
      name: "cache.js",
      esModule: `export default {
  async fetch(request) {
    if (request.method === "PUT") {
      await request.body?.pipeTo(new WritableStream());
      return new Response(null, { status: 204 });
    }
    if (request.method === "PURGE") return new Response(null, { status: 404 });
    return new Response(null, { status: 504, headers: { "CF-Cache-Status": "MISS" } });
  },
};
`,
    },
  ],
  compatibilityDate: NODE_COMPATIBILITY_DATE,
};
