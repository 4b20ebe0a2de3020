/**
 * A stand-in for `worker3 deploy`, until that one is there: it checks what it is given and says that all went well, or with
 * STAND_IN_DEPLOY=fail that it did not. It deploys nothing.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parseNetwork } from "@worker3/sdk";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "upload-timeout": { type: "string" },
    domain: { type: "string", default: "" },
    deposit: { type: "string" },
    nodes: { type: "string" },
    network: { type: "string", default: "" },
    yes: { type: "boolean" },
    json: { type: "boolean" },
  },
});
const [command, project = ""] = positionals;
const { domain, deposit, nodes, network, yes, json } = values;
parseNetwork(JSON.parse(await readFile(network, "utf8")));
await readFile(`${project}/wrangler.jsonc`);
const key = process.env.WORKER3_PRIVATE_KEY ?? "";
if (command !== "deploy" || !yes || !json || deposit !== "10" || !/^[1-9,]+$/.test(nodes ?? "")) {
  throw new Error(`these are not the arguments of a deployment: ${process.argv.join(" ")}`);
}
if (!/^0x[0-9a-f]{64}$/.test(key)) throw new Error("that is no key");

if (process.env.STAND_IN_DEPLOY === "fail") {
  const error = { code: "NO_CREDIT", message: "there is no credit", value: "0", next: "deposit some" };
  console.log(JSON.stringify({ error }));
  process.exitCode = 1;
} else {
  console.log(JSON.stringify({ projectId: "1", version: 1, cid: "bafy", domain, urls: [] }));
}
