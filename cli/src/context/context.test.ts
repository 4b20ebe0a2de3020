import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Wallet } from "@ethereumjs/wallet";
import { type Network, networkToJson, requiredContracts } from "@worker3/sdk";
import { exampleAddresses, rejectsCode, throwsCode } from "@worker3/sdk/testing";
import { hexToBytes } from "viem";
import { testKey } from "../testing/testKey.ts";
import { findNetwork } from "./findNetwork.ts";
import { keystoreAddress, openKeystore } from "./openKeystore.ts";
import { parseKey } from "./parseKey.ts";
import { settingsOf } from "./settings.ts";

const network = (zone: string): Network => ({
  chainId: 31_337,
  rpcUrls: ["http://127.0.0.1:8545"],
  zone,
  contracts: exampleAddresses(requiredContracts),
  deploymentBlock: 0n,
  times: { genesis: 0, epochSeconds: 20, late: 3, dispute: 3, decide: 5, creditThaw: 5, stakeThaw: 14 },
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
      (await findNetwork(name, join(folder, path))).zone;
    assert.equal(await zoneOf(undefined, "app/src"), "devnet.example");
    assert.equal(await zoneOf("main", "."), "main.example");
    assert.equal(await zoneOf("main", "app/src"), "nearer.example");
    assert.equal(await zoneOf("../networks/main.json", "app"), "main.example");
  });

  it("a network that is not there, not JSON or not one is told apart", async () => {
    await rejectsCode(findNetwork("side", folder), "NO_NETWORK");
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
