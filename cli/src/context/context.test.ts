import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Wallet } from "@ethereumjs/wallet";
import { type Network, networkToJson, requiredContracts } from "@worker3/sdk";
import { exampleAddresses, rejectsCode, throwsCode } from "@worker3/sdk/testing";
import { hexToBytes } from "viem";
import { defineCommand } from "../command.ts";
import { runHere } from "../testing/runHere.ts";
import { testKey } from "../testing/testKey.ts";
import { findNetwork } from "./findNetwork.ts";
import { isLocalNetwork } from "./localNetwork.ts";
import { keystoreAddress, openKeystore } from "./openKeystore.ts";
import { parseKey } from "./parseKey.ts";
import { settingsOf } from "./settings.ts";

const network = (zone: string): Network => ({
  chainId: 31_337,
  rpcUrls: ["http://127.0.0.1:8545"],
  zone,
  contracts: exampleAddresses(requiredContracts),
  deploymentBlock: 0n,
  times: { genesis: 0, epochSeconds: 20, late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 },
});

describe("what a command runs with", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "worker3-context-"));
    for (const path of [".worker3", "networks", "app/networks", "app/src"]) {
      await mkdir(join(folder, path), { recursive: true });
    }
    const write = (path: string, zone: string): Promise<void> =>
      writeFile(join(folder, path), JSON.stringify(networkToJson(network(zone))));
    await write(".worker3/devnet.json", "devnet.example");
    await write("networks/main.json", "main.example");
    await write("app/networks/main.json", "nearer.example");
    await writeFile(join(folder, "broken.json"), "{");
    await writeFile(join(folder, "wrong.json"), "{}");
  });
  after(() => rm(folder, { recursive: true }));

  it("the network is the devnet above, the nearest of a name, or a file", async () => {
    const zoneOf = async (name: string | undefined, path: string): Promise<string> =>
      (await findNetwork(name, join(folder, path))).network.zone;
    assert.equal(await zoneOf(undefined, "app/src"), "devnet.example");
    assert.equal(await zoneOf("main", "."), "main.example");
    assert.equal(await zoneOf("main", "app/src"), "nearer.example");
    assert.equal(await zoneOf("../networks/main.json", "app"), "main.example");
  });

  it("a file that nobody named decides about this machine only", async () => {
    const rows: [local: boolean, chainId: number, ...rpcUrls: Network["rpcUrls"]][] = [
      [true, 31_337, "http://127.0.0.1:8545", "ws://localhost:8546", "http://[::1]:1"],
      [true, 1_337, "http://rpc.localhost:8545"],
      [false, 8_453, "http://127.0.0.1:8545"],
      [false, 31_337, "https://rpc.example.org/secret"],
      [false, 31_337, "http://127.0.0.1:8545", "http://127.0.0.1.example.org"],
      [false, 31_337, "http://10.0.0.1:8545"],
    ];
    const home = join(folder, "planted");
    const file = join(home, ".worker3", "devnet.json");
    await mkdir(dirname(file), { recursive: true });
    for (const [local, chainId, ...rpcUrls] of rows) {
      const planted = { ...network("planted.example"), chainId, rpcUrls };
      assert.equal(isLocalNetwork(planted), local);
      await writeFile(file, JSON.stringify(networkToJson(planted)));
      const named = await findNetwork(file, folder);
      assert.deepEqual([named.network.chainId, named.file], [chainId, file]);
      if (local) assert.equal((await findNetwork(undefined, home)).file, file);
      else {
        const error = await rejectsCode(findNetwork(undefined, home), "NETWORK_NOT_LOCAL");
        assert.deepEqual([error.value, error.message.includes("secret")], [file, false]);
        assert.match(error.next ?? "", /name it with --network /);
      }
    }
  });

  it("what is asked before money moves names chain, RPC and the file that says so, but for a devnet", async () => {
    const home = join(folder, "asking");
    await mkdir(join(home, "networks"), { recursive: true });
    const pay = defineCommand({
      name: "pay",
      summary: "asks first",
      async run(context) {
        await context.network();
        await context.confirm("Really?", { cost: "5 USD" });
        context.out({}, "paid");
      },
    });
    const commands = [{ name: "pay", summary: pay.summary, load: async () => pay }];
    const asked = async (...args: string[]): Promise<string> =>
      (await runHere(["pay", "--network", "main", "--yes", ...args], { commands, cwd: home })).stderr;
    const main: Network = {
      ...network("main.example"),
      chainId: 8_453,
      rpcUrls: ["https://rpc.example.org/v3/secret"],
    };
    const write = (value: Network) =>
      writeFile(join(home, "networks", "main.json"), JSON.stringify(networkToJson(value)));
    await write(main);
    const file = join("networks", "main.json");
    assert.equal(
      await asked(),
      `Really? It costs 5 USD. It is sent to chain 8453 through rpc.example.org, by ${file}.\n`,
    );
    assert.match(
      await asked("--rpc", "http://127.0.0.1:8545"),
      /to chain 8453 through 127\.0\.0\.1:8545, by /,
    );
    await write(network("main.example"));
    assert.equal(await asked(), "Really? It costs 5 USD.\n");
  });

  it("a network that is not there, not JSON or not one is told apart", async () => {
    const missing = await rejectsCode(findNetwork("side", folder), "NO_NETWORK");
    assert.match(missing.next ?? "", /^name one of these with --network: .*\bmain\b.*; or a network file$/);
    const nameless = await rejectsCode(findNetwork("side", tmpdir()), "NO_NETWORK");
    assert.equal(nameless.next, "name a network file with --network");
    await rejectsCode(findNetwork(undefined, tmpdir()), "NO_NETWORK");
    await rejectsCode(findNetwork("broken.json", folder), "NETWORK_UNREADABLE");
    assert.equal((await rejectsCode(findNetwork("wrong.json", folder), "NETWORK_INVALID")).value, "chainId");
  });

  it("the command line goes before the environment, also across kinds of keys", () => {
    const environment = { WORKER3_NETWORK: "env", WORKER3_PRIVATE_KEY: "0xenv" };
    const given = settingsOf({ network: "cli", key: "0xcli", json: true }, environment);
    assert.deepEqual([given.network, given.key, given.json, given.yes], ["cli", "0xcli", true, false]);
    const fromEnvironment = settingsOf({}, environment);
    assert.deepEqual([fromEnvironment.network, fromEnvironment.key], ["env", "0xenv"]);
    assert.equal(settingsOf({ keystore: "file" }, environment).key, undefined);
    assert.equal(settingsOf({}, { WORKER3_NETWORK: "" }).network, undefined);
  });

  it("a key is 32 bytes of the curve's order, and never repeated", () => {
    const { key, account } = testKey();
    assert.equal(parseKey(key).address, account.address);
    assert.equal(parseKey(` ${key.slice(2).toUpperCase()}\n`).address, account.address);
    for (const bad of ["", "0x12", "g".repeat(64), "0".repeat(64), "f".repeat(64)]) {
      const error = throwsCode(() => parseKey(bad), "KEY_INVALID");
      assert.equal(error.value, undefined);
    }
  });

  it("an encrypted key opens with its password only", async () => {
    const { key, account } = testKey();
    const path = join(folder, "key.v3");
    // A thousandth of the usual work: the rule does not depend on it.
    const keystore = await Wallet.fromPrivateKey(hexToBytes(key)).toV3("secret", { n: 256 });
    await writeFile(path, JSON.stringify(keystore));
    assert.equal((await openKeystore(path, async () => "secret")).address, account.address);
    assert.equal(
      await keystoreAddress(path),
      account.address,
      "whose it is stands beside it, for who needs no more",
    );
    assert.equal(await keystoreAddress(join(folder, "wrong.json")), undefined);
    assert.equal(await keystoreAddress(join(folder, "none")), undefined);
    await rejectsCode(
      openKeystore(path, async () => "guess"),
      "KEYSTORE_PASSWORD",
    );
    const never = (): Promise<string> => assert.fail("asked for a password without a key");
    await rejectsCode(openKeystore(join(folder, "none"), never), "KEYSTORE_UNREADABLE");
    await rejectsCode(openKeystore(join(folder, "wrong.json"), never), "KEYSTORE_INVALID");
  });
});
