import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { exampleAddresses, rejectsCode } from "@worker3/sdk/testing";
import { pidOf } from "../testing/pidOf.ts";
import { lockIdentity } from "./lockIdentity.ts";

const TIMES = {
  genesis: 1_700_000_000 + process.pid,
  epochSeconds: 100,
  late: 3,
  dispute: 3,
  decide: 5,
  creditThaw: 5,
  stakeThaw: 14,
};
const contracts = {
  ...exampleAddresses([
    "nodeRegistry",
    "projectRegistry",
    "nameRegistry",
    "creditEscrow",
    "usageSettlement",
    "lens",
  ]),
  asset: "0x0000000000000000000000000000000000000001",
} as const;
const NETWORK = {
  chainId: 31_337,
  contracts,
  zone: "worker3.example",
  times: TIMES,
  rpcUrls: ["https://rpc.example"],
} as const;
const lock = (changes: Partial<Parameters<typeof lockIdentity>[0]> = {}) =>
  lockIdentity({ network: NETWORK, nodeId: 4, stateDirectory: "/state/n4", patienceMs: 0, ...changes });

/** Takes the lock in a process of its own, until that ends. */
const HOLDER = `
  import { lockIdentity } from ${JSON.stringify(new URL("./lockIdentity.ts", import.meta.url).href)};
  await lockIdentity(JSON.parse(process.argv[1]));
  process.stdout.write("locked");
  setInterval(() => {}, 60_000);
`;

describe("the place of a node on its machine", () => {
  it("is one, whatever folder the second agent has, which is told who has it; and free again afterwards", async () => {
    const first = await lock();
    try {
      const error = await rejectsCode(lock({ stateDirectory: "/a/copy" }), "NODE_RUNNING");
      assert.match(error.message, new RegExp(`process ${process.pid}, folder /state/n4`));
      assert.equal(error.value, "4");
    } finally {
      await first[Symbol.asyncDispose]();
    }
    await using _ = await lock({ stateDirectory: "/a/copy" });
  });

  it("is another one for another node, registry and chain, and for each devnet", async () => {
    await using held = new AsyncDisposableStack();
    const devnet = (port: number) => ({
      ...NETWORK,
      zone: "worker3.localhost",
      rpcUrls: [`http://127.0.0.1:${port}`] as const,
    });
    held.use(await lock());
    held.use(await lock({ nodeId: 5 }));
    held.use(await lock({ network: { ...NETWORK, chainId: 1 } }));
    const other = { ...contracts, nodeRegistry: contracts.asset };
    held.use(await lock({ network: { ...NETWORK, contracts: other } }));
    held.use(await lock({ network: devnet(8_545) }));
    held.use(await lock({ network: devnet(8_546) }));
    await rejectsCode(lock({ network: devnet(8_546) }), "NODE_RUNNING");
  });

  it("is the same whichever RPC an agent asks", async () => {
    await using _ = await lock();
    await rejectsCode(lock({ network: { ...NETWORK, rpcUrls: ["https://other.example"] } }), "NODE_RUNNING");
  });

  it("is free as soon as the process that had it is gone, however it went", async () => {
    const options = JSON.stringify({ network: NETWORK, nodeId: 6, stateDirectory: "/elsewhere" });
    const child = spawn(
      process.execPath,
      ["--conditions=source", "--input-type=module", "-e", HOLDER, options],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [said] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    assert.equal(String(said), "locked");
    const error = await rejectsCode(lock({ nodeId: 6 }), "NODE_RUNNING");
    assert.match(error.message, new RegExp(`process ${pidOf(child)}, folder /elsewhere`));
    child.kill("SIGKILL");
    await using _ = await lock({ nodeId: 6, patienceMs: 60_000 });
  });
});
