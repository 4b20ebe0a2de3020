import type { TestVersion } from "../../../node-agent/src/serving/testing/startServingNode.ts";

/** The worker that all programs of the benchmark run. */
export const HELLO = 'export default { fetch() { return new Response("hello"); } };\n';

export const HELLO_NODE =
  'require("node:http").createServer((_, response) => response.end("hello")).listen(Number(process.env.PORT), "127.0.0.1");';

export const helloVersion: TestVersion = {
  manifest: { main: "i.js", modules: { "i.js": "esm" }, compatibilityDate: "2026-11-01" },
  files: { "worker/i.js": HELLO },
};
