import assert from "node:assert/strict";
import { accessManagerAbi, type Network, nodeRegistryAbi, usageSettlementAbi } from "@worker3/sdk";
import { minedReceipt, rejectsCode } from "@worker3/sdk/testing";
import {
  type Address,
  type ContractFunctionName,
  createTestClient,
  type EncodeFunctionDataParameters,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  getContractAddress,
  type Hex,
  http,
  keccak256,
  numberToHex,
  publicActions,
  type TestClient,
  toFunctionSelector,
  walletActions,
} from "viem";
import type { Parameters } from "../../ignition/parameters.ts";
import { PARAMETERS_ROLE } from "../../ignition/roles.ts";
import { checkDeployment } from "./checkDeployment.ts";
import type { Row } from "./row.ts";
import { creationCode, factoryOf } from "./testing/creationCode.ts";
import { type Deployment, startDeployment } from "./testing/startDeployment.ts";

const DELAY_SECONDS = 60;
const PUBLIC_ROLE = 2n ** 64n - 1n;

describe("a deployment on its chain", function () {
  this.timeout(120_000);
  let deployment: Deployment;
  let chain: ReturnType<typeof connect>;
  let deployer: Address;
  let stranger: Address;
  let admin: Address;
  let undo: Hex;
  before(async () => {
    deployment = await startDeployment();
    chain = connect(deployment.network.rpcUrls[0]);
    const accounts = (await chain.getAddresses()).map((account) => getAddress(account));
    [deployer = "0x", stranger = "0x", admin = "0x"] = [accounts[0], accounts[5], accounts[9]];
  });
  after(() => deployment?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    undo = await chain.snapshot();
  });
  afterEach(() => chain.revert({ id: undo }));

  /** What differs, as the table names it. */
  async function wrong(network: Partial<Network> = {}, parameters: Partial<Parameters> = {}): Promise<Row[]> {
    const { rows } = await checkDeployment({
      build: deployment.build,
      network: { ...deployment.network, ...network },
      parameters: { ...deployment.parameters, ...parameters },
    });
    return rows.filter(({ ok }) => !ok);
  }
  const contracts = () => deployment.network.contracts;
  const manager = () => contracts().accessManager ?? "0x";

  /** The admin announces a call, waits, and makes it: how everything is changed. */
  async function asAdmin(to: Address, data: Hex): Promise<void> {
    const schedule = encodeFunctionData({
      abi: accessManagerAbi,
      functionName: "schedule",
      args: [to, data, 0],
    } as const);
    await send(manager(), schedule);
    await chain.increaseTime({ seconds: 2 * DELAY_SECONDS });
    await send(to, data);
  }
  async function send(to: Address, data: Hex): Promise<void> {
    const hash = await chain.sendTransaction({ account: admin, to, data, chain: null });
    assert.equal((await minedReceipt(chain, hash)).status, "success");
  }
  const manage = (call: ManagerCall) =>
    asAdmin(
      manager(),
      encodeFunctionData({ abi: accessManagerAbi, ...call } as EncodeFunctionDataParameters),
    );

  it("is as it was built and declared", async () => {
    const { rows } = await checkDeployment(deployment);
    assert.deepEqual(
      rows.filter(({ ok }) => !ok),
      [],
    );
    assert.ok(rows.length > 100, `${rows.length} rows`);
    for (const what of ["AccessManager: code", "UsageSettlement: immutable ESCROW", "role admin: members"]) {
      assert.ok(
        rows.some((row) => row.what === what),
        what,
      );
    }
  });

  it("one byte of code is another", async () => {
    const address = contracts().creditEscrow;
    const code = (await chain.getCode({ address })) ?? "0x";
    await chain.setCode({ address, bytecode: `${code.slice(0, -2)}00` as Hex });
    assert.deepEqual(names(await wrong()), ["CreditEscrow: code"]);
  });

  it("another contract's code stands at an address", async () => {
    const bytecode = (await chain.getCode({ address: contracts().creditEscrow })) ?? "0x";
    await chain.setCode({ address: contracts().usageSettlement, bytecode });
    const rows = await wrong();
    assert.equal(rows[0]?.what, "UsageSettlement: code");
    assert.ok(names(rows).includes("UsageSettlement.creditEscrow()"), names(rows).join(", "));
    assert.match(
      rows.find(({ what }) => what === "UsageSettlement.parameters().arbiter")?.found ?? "",
      /no answer/,
    );
  });

  it("an address has no code", async () => {
    const rows = await wrong({ contracts: { ...contracts(), nodeRegistry: stranger } });
    const found = (what: string) => rows.find((row) => row.what === what)?.found;
    assert.equal(found("NodeRegistry: code"), "no code");
    assert.equal(
      found("NodeRegistry: created by"),
      `no event from block ${deployment.network.deploymentBlock} on`,
    );
    assert.match(found("NodeRegistry.settlement()") ?? "", /no answer/);
    assert.equal(found("UsageSettlement.nodeRegistry()"), contracts().nodeRegistry);
  });

  it("the access manager has no code", async () => {
    const rows = await wrong({ contracts: { ...contracts(), accessManager: stranger } });
    assert.ok(names(rows).includes("AccessManager: code"));
    assert.equal(rows.at(-1)?.what, "roles");
  });

  it("the right code came from another constructor, which filled the storage first", async () => {
    const { runtimeCode } = deployment.build.AccessManager;
    const members = keccak256(
      encodeAbiParameters([{ type: "uint64" }, { type: "uint256" }], [0n, 1n]), // _roles[0].members
    );
    const slot = keccak256(
      encodeAbiParameters([{ type: "address" }, { type: "bytes32" }], [stranger, members]),
    );
    const data = creationCode([[slot, 1n]], runtimeCode);
    const accessManager = await create(data);
    const [isMember] = await chain.readContract({
      abi: accessManagerAbi,
      address: accessManager,
      functionName: "hasRole",
      args: [0n, stranger],
    } as const);
    assert.ok(isMember, "the attack works");

    const rows = await wrong({ contracts: { ...contracts(), accessManager } });
    assert.equal(rows.find(({ what }) => what === "AccessManager: created by")?.found, "other code");
    assert.ok(!names(rows).includes("AccessManager: code"));
  });

  it("a factory made the right code, called with data that looks like a creation", async () => {
    const { creationCode: honest, runtimeCode } = deployment.build.AccessManager;
    const factory = await create(creationCode([], factoryOf(creationCode([], runtimeCode))));
    // A factory that runs out of gas does not revert, so that an estimate would be too low.
    const call = { account: stranger, to: factory, data: honest, gas: 10_000_000n, chain: null };
    const hash = await chain.sendTransaction(call);
    assert.equal((await minedReceipt(chain, hash)).status, "success");
    const accessManager = getContractAddress({ from: factory, nonce: 1n });

    const rows = await wrong({ contracts: { ...contracts(), accessManager } });
    const created = rows.find(({ what }) => what === "AccessManager: created by");
    assert.match(created?.found ?? "", /^no transaction that created it/);
    assert.ok(!names(rows).includes("AccessManager: code"));
  });

  it("the right names' code stands where the project registry did not make it", async () => {
    const { nameRegistry } = contracts();
    const bytecode = (await chain.getCode({ address: nameRegistry })) ?? "0x";
    await chain.setCode({ address: stranger, bytecode });
    const rows = await wrong({ contracts: { ...contracts(), nameRegistry: stranger } });
    assert.deepEqual(names(rows), [
      "NameRegistry: created by",
      "ProjectRegistry: immutable NAMES",
      "Lens: immutable NAMES",
      "ProjectRegistry.nameRegistry()",
    ]);
    assert.equal(rows[0]?.expected, "the constructor of ProjectRegistry");
  });

  it("names are kept for a predecessor that is another one", async () => {
    const rows = await wrong({}, { predecessor: stranger, keptEpochs: 30 });
    assert.deepEqual(names(rows), [
      "NameRegistry: immutable PREDECESSOR",
      "NameRegistry: immutable KEPT_UNTIL",
    ]);
    assert.deepEqual([rows[1]?.expected, rows[1]?.found], ["30", "0"]);
  });

  it("a parameter was changed", async () => {
    const data = encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: "setParameters",
      args: [2_000_000_000n, 120, 2_000],
    } as const);
    await asAdmin(contracts().nodeRegistry, data);
    const expected = String(deployment.parameters.minStake);
    assert.deepEqual(await wrong(), [
      { what: "NodeRegistry.minStake()", expected, found: "2000000000", ok: false },
    ]);
    assert.deepEqual(await wrong({}, { minStake: 2_000_000_000n }), [], "declared anew, it is right");
  });

  it("other prices are announced, or count already", async () => {
    const prices = await chain.readContract({
      address: contracts().usageSettlement,
      abi: usageSettlementAbi,
      functionName: "pricesAt",
      args: [0],
    } as const);
    const epochSeconds = deployment.network.times.epochSeconds;
    await chain.increaseTime({ seconds: 4 * epochSeconds }); // `late` epochs after the first list
    await chain.mine({ blocks: 1 });
    const now = await chain.readContract({
      address: contracts().usageSettlement,
      abi: usageSettlementAbi,
      functionName: "currentEpoch",
    } as const);
    const fromEpoch = now + 10;
    const data = encodeFunctionData({
      abi: usageSettlementAbi,
      functionName: "setPrices",
      args: [{ ...prices, fromEpoch, feeBps: 2000 }],
    } as const);
    await asAdmin(contracts().usageSettlement, data);
    assert.deepEqual(names(await wrong()), ["UsageSettlement.pricesAt(announced).feeBps"]);
    await chain.increaseTime({ seconds: 10 * epochSeconds });
    await chain.mine({ blocks: 1 });
    assert.deepEqual(names(await wrong()), [
      "UsageSettlement.pricesAt(now).feeBps",
      "UsageSettlement.pricesAt(announced).feeBps",
    ]);
  });

  it("a role has one more member, or the deployer got one back", async () => {
    await manage({ functionName: "grantRole", args: [PARAMETERS_ROLE, stranger, 0] });
    const [row, ...others] = await wrong();
    assert.equal(row?.what, "role parameters: members");
    assert.ok(row?.found.includes(`${stranger} at once`), row?.found);
    assert.deepEqual(others, []);
    await manage({ functionName: "grantRole", args: [0n, deployer, 0] });
    assert.deepEqual(names(await wrong()), [
      "role admin: members",
      "role parameters: members",
      "roles of the deploying account",
    ]);
  });

  it("a role that nobody declared has a member", async () => {
    await manage({ functionName: "grantRole", args: [7n, stranger, 5] });
    const rows = await wrong();
    assert.deepEqual(rows, [
      { what: "role 7: members", expected: "nobody", found: `${stranger} after 5 s`, ok: false },
    ]);
  });

  it("a member is gone", async () => {
    const guardian = getAddress((await chain.getAddresses())[8] ?? "0x");
    await manage({ functionName: "revokeRole", args: [2n, guardian] });
    assert.deepEqual(await wrong(), [
      { what: "role guardian: members", expected: `${guardian} at once`, found: "nobody", ok: false },
    ]);
  });

  it("a member's delay gets shorter, which shows before it counts", async () => {
    await manage({ functionName: "grantRole", args: [PARAMETERS_ROLE, admin, 0] });
    const [row, ...others] = await wrong();
    assert.equal(row?.what, "role parameters: members");
    assert.match(row?.found ?? "", /after 60 s, from \S+ on at once$/);
    assert.deepEqual(others, []);
  });

  it("who grants, who cancels, and how long a grant takes were changed", async () => {
    await manage({ functionName: "setRoleAdmin", args: [2n, 1n] });
    await manage({ functionName: "setRoleGuardian", args: [1n, 0n] });
    await manage({ functionName: "setGrantDelay", args: [0n, 9] });
    assert.deepEqual(names(await wrong()), [
      "role admin: delay of a grant",
      "role parameters: cancelled by",
      "role guardian: granted by",
    ]);
  });

  it("a restricted function is open to everyone, a contract is closed, its admin delay grows", async () => {
    const { nodeRegistry, creditEscrow } = contracts();
    const selector = toFunctionSelector("function setParameters(uint64,uint16,uint16)");
    await manage({ functionName: "setTargetFunctionRole", args: [nodeRegistry, [selector], PUBLIC_ROLE] });
    await manage({ functionName: "setTargetFunctionRole", args: [nodeRegistry, ["0x01020304"], 7n] });
    await manage({ functionName: "setTargetFunctionRole", args: [stranger, ["0x01020304"], 1n] });
    await manage({ functionName: "setTargetClosed", args: [creditEscrow, true] });
    await manage({ functionName: "setTargetAdminDelay", args: [nodeRegistry, 9] });
    const rows = await wrong();
    assert.deepEqual(names(rows), [
      "restrictions of NodeRegistry",
      "who may call NodeRegistry.setParameters()",
      "who may call NodeRegistry.0x01020304",
      "restrictions of CreditEscrow",
      `who may call ${stranger}.0x01020304`,
    ]);
    assert.equal(rows[1]?.found, "everyone");
    assert.match(rows[3]?.found ?? "", /^closed/);
  });

  for (const [name, key] of [
    ["NodeRegistry", "nodeRegistry"],
    ["ProjectRegistry", "projectRegistry"],
    ["CreditEscrow", "creditEscrow"],
  ] as const) {
    it(`${name} is bound to another settlement`, async () => {
      await replaceInStorage(contracts()[key], contracts().usageSettlement, stranger);
      const expected = contracts().usageSettlement;
      assert.deepEqual(await wrong(), [
        { what: `${name}.settlement()`, expected, found: stranger, ok: false },
      ]);
    });
  }

  it("a contract obeys another access manager", async () => {
    await replaceInStorage(contracts().usageSettlement, manager(), stranger);
    assert.deepEqual(names(await wrong()), ["UsageSettlement.authority()"]);
  });

  it("the parameters declare something else than was built in", async () => {
    const { parameters } = deployment;
    const rows = await wrong(
      {},
      { zone: "worker3.dev", defaultCap: 7n, times: { ...parameters.times, late: 5 } },
    );
    assert.deepEqual(names(rows), [
      "network file: late",
      "network file: zone",
      "NodeRegistry: immutable LATE",
      "ProjectRegistry: immutable LATE",
      "ProjectRegistry: immutable defaultCap",
      "NameRegistry: immutable ZONE",
      "NameRegistry: immutable LATE",
      "CreditEscrow: immutable LATE",
      "UsageSettlement: immutable LATE",
      "UsageSettlement: immutable MAX_BASE",
    ]);
  });

  it("the network file says another time line, chain or first block", async () => {
    const { times, deploymentBlock } = deployment.network;
    const late = await wrong({ times: { ...times, epochSeconds: 30 } });
    assert.deepEqual(names(late), ["network file: epochSeconds"]);
    // Events before the first block are not seen: then no history of roles counts as one.
    const rows = await wrong({ deploymentBlock: deploymentBlock + 5n });
    assert.ok(names(rows).includes("AccessManager: created by"), names(rows).join(", "));
    assert.deepEqual(await wrong({ chainId: 1 }), [
      { what: "RPC: chain id", expected: "1", found: "31337", ok: false },
    ]);
  });

  it("an RPC that is away says nothing about the deployment", async () => {
    const error = await rejectsCode(wrong({ rpcUrls: ["http://127.0.0.1:1"] }), "RPC_UNREACHABLE");
    assert.equal(error.value, "127.0.0.1:1");
  });

  async function create(data: Hex): Promise<Address> {
    const hash = await chain.sendTransaction({ account: stranger, data, chain: null });
    const { contractAddress } = await minedReceipt(chain, hash);
    return getAddress(contractAddress ?? "0x");
  }

  /** Puts an address into the slot where another is. */
  async function replaceInStorage(address: Address, from: Address, to: Address): Promise<void> {
    for (let index = 0; index < 40; index++) {
      const slot = numberToHex(index, { size: 32 });
      const value = (await chain.getStorageAt({ address, slot })) ?? "0x";
      if (!value.includes(from.slice(2).toLowerCase())) continue;
      const changed = value.replace(from.slice(2).toLowerCase(), to.slice(2).toLowerCase()) as Hex;
      await chain.setStorageAt({ address, index: slot, value: changed });
      return;
    }
    assert.fail(`${address} has ${from} in none of its slots`);
  }
});

interface ManagerCall {
  readonly functionName: ContractFunctionName<typeof accessManagerAbi, "nonpayable">;
  readonly args: readonly unknown[];
}

function names(rows: readonly Row[]): string[] {
  return rows.map(({ what }) => what);
}

function connect(rpcUrl: string) {
  const client: TestClient = createTestClient({
    mode: "anvil",
    transport: http(rpcUrl),
    pollingInterval: 20,
  });
  return client.extend(publicActions).extend(walletActions);
}
