/** `npm run bench -- NAME... [--json]`: runs benchmarks and prints each as a table, or as a line of JSON. */
import { agent } from "./agent.ts";
import { cells } from "./cells.ts";
import { deploy } from "./deploy.ts";
import { gas } from "./gas.ts";
import { live } from "./live.ts";
import { logs } from "./logs.ts";
import { pack } from "./pack.ts";
import { settlement } from "./settlement.ts";
import { sizes } from "./sizes.ts";
import { sync } from "./sync.ts";
import { print } from "./table.ts";

const benches = { agent, cells, deploy, gas, live, logs, pack, settlement, sizes, sync };

const asJson = process.argv.includes("--json");
const names = process.argv.slice(2).filter((argument) => argument !== "--json");
const unknown = names.find((name) => !(name in benches));
if (names.length === 0 || unknown !== undefined) {
  console.error(
    `${unknown === undefined ? "Name a benchmark" : `There is no benchmark "${unknown}"`}: ${Object.keys(benches).join(", ")}.`,
  );
  process.exit(2);
}
for (const name of names) print(await benches[name as keyof typeof benches](), asJson);
