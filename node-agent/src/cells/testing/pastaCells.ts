/**
 * For tests: a user without rights makes the cells' network by pasta, starts a worker there and prints where it gets to.
 * Arguments: directory, resolver, hosts as JSON.
 */
import { openCellNetwork } from "../network/openCellNetwork.ts";
import { ask } from "./ask.ts";
import { TestRunner } from "./TestRunner.ts";

const [directory = "", resolver = "", hosts = "[]"] = process.argv.slice(2);
const network = await openCellNetwork({
  nodeId: 8,
  directory,
  resolvers: [resolver],
  ownAddresses: [],
  only: "pasta",
});
const test = await TestRunner.create({ network });
try {
  const cell = await test.worker(`
    async function visit(host) {
      try { return await (await fetch("http://" + host + "/", { signal: AbortSignal.timeout(8000) })).text() }
      catch (error) { return "refused " + error.message }
    }
    export default { async fetch() {
      const said = {}; for (const host of ${hosts}) said[host] = await visit(host);
      return Response.json(said);
    } }`);
  const said: unknown = JSON.parse((await ask(cell.socketPath, { path: "/" })).body);
  console.log(JSON.stringify({ uid: process.getuid?.(), enforces: test.runner.enforces, said }));
} finally {
  await test.close();
  await network.close();
}
process.exit();
