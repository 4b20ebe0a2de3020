import assert from "node:assert/strict";
import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  zeroAddress,
} from "viem";
import { atFirstSecondOf } from "../support/clock.ts";
import { withAsset } from "../support/hostile.ts";
import { deployNetwork, networkHelpers, viem } from "../support/network.ts";
import { handOver } from "../support/projects.ts";
import {
  addressOf,
  assertions,
  createProject,
  currentEpoch,
  type Network,
  registerNode,
  USD,
  type Wallet,
} from "../support/scenario.ts";

const VALUE = 40n * USD;
const SALT: Hex = `0x${"5a".repeat(32)}`;
const FOREVER = 2n ** 40n;
const RECEIVE = [
  { name: "from", type: "address" },
  { name: "to", type: "address" },
  { name: "value", type: "uint256" },
  { name: "validAfter", type: "uint256" },
  { name: "validBefore", type: "uint256" },
  { name: "nonce", type: "bytes32" },
] as const;

/** A project of the owner without credit. The payer has money, has approved nothing and never sends a transaction. */
async function withProject() {
  const t = await deployNetwork();
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: 0n });
  const other = await createProject(t, { nodeIds: [nodeId], credit: 0n });
  const payer = t.nodeOwner2;
  await t.usd.write.mint([addressOf(payer), 1_000n * USD]);
  return { ...t, nodeId, projectId, other, payer };
}
type WithProject = Awaited<ReturnType<typeof withProject>>;
const load = () => networkHelpers.loadFixture(withProject);

interface Authorization {
  projectId: bigint;
  owner: Address;
  from: Address;
  value: bigint;
  validAfter: bigint;
  validBefore: bigint;
  salt: Hex;
}

const nonceOf = ({ projectId, owner, salt }: Pick<Authorization, "projectId" | "owner" | "salt">): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type: "uint64" }, { type: "address" }, { type: "bytes32" }],
      [projectId, owner, salt],
    ),
  );

/** The payer's authorization for the project, or what differs from that, signed by `key`. */
async function authorize(
  t: WithProject,
  change: Partial<Authorization> & { to?: Address; nonce?: Hex } = {},
  key: Wallet = t.payer,
) {
  const { to = t.escrow.address, nonce, ...changed } = change;
  const authorization: Authorization = {
    projectId: t.projectId,
    owner: addressOf(t.owner),
    from: addressOf(t.payer),
    value: VALUE,
    validAfter: 0n,
    validBefore: FOREVER,
    salt: SALT,
    ...changed,
  };
  const { from, value, validAfter, validBefore } = authorization;
  const signature = await key.signTypedData({
    domain: { name: "Mock USD", version: "1", chainId: t.network.chainId, verifyingContract: t.usd.address },
    types: { ReceiveWithAuthorization: RECEIVE },
    primaryType: "ReceiveWithAuthorization",
    message: { from, to, value, validAfter, validBefore, nonce: nonce ?? nonceOf(authorization) },
  });
  return { ...authorization, signature };
}
type Signed = Awaited<ReturnType<typeof authorize>>;

const relay = (t: Network, signed: Signed, by: Wallet = t.stranger) => {
  const { projectId, owner, from, value, validAfter, validBefore, salt, signature } = signed;
  return t.escrow.write.depositWithAuthorization(
    [projectId, owner, from, value, validAfter, validBefore, salt, signature],
    { account: by.account },
  );
};
const creditOf = async (t: Network, projectId: bigint) =>
  (await t.escrow.read.accountOf([projectId])).balance;

describe("CreditEscrow.depositWithAuthorization", () => {
  it("takes what a key signed for, whoever relays it: the payer approves nothing and pays no gas", async () => {
    const t = await load();
    const address = addressOf(t.payer);
    const sentBefore = await t.publicClient.getTransactionCount({ address });
    const signed = await authorize(t);
    await assertions.emitWithArgs(relay(t, signed), t.escrow, "Deposited", [
      t.projectId,
      addressOf(t.payer),
      VALUE,
      VALUE,
      SALT,
    ]);
    assert.equal(await creditOf(t, t.projectId), VALUE);
    assert.equal(await t.usd.read.balanceOf([addressOf(t.payer)]), 1_000n * USD - VALUE);
    assert.equal(await t.publicClient.getTransactionCount({ address }), sentBefore);
    assert.equal(await t.usd.read.allowance([address, t.escrow.address]), 0n);
    assert.equal(await t.usd.read.authorizationState([addressOf(t.payer), nonceOf(signed)]), true);
    assert.equal((await t.escrow.read.accountOf([t.projectId])).raisedAt, await currentEpoch(t));
  });

  it("takes what a contract signed for, as ERC-1271 has it", async () => {
    const t = await load();
    const wallet = await viem.deployContract("ContractSigner", [addressOf(t.payer)]);
    await t.usd.write.mint([wallet.address, VALUE]);
    const from = getAddress(wallet.address);
    await assertions.revertWithCustomError(
      relay(t, await authorize(t, { from }, t.stranger)),
      t.usd,
      "ERC3009InvalidSignature",
    );
    await relay(t, await authorize(t, { from }));
    assert.equal(await creditOf(t, t.projectId), VALUE);
    assert.equal(await t.usd.read.balanceOf([from]), 0n);
  });

  it("refuses a signature over anything else: project, owner, payer, amount, times, salt, receiver", async () => {
    const t = await load();
    const { payer } = t;
    await t.usd.write.mint([addressOf(t.stranger), VALUE]);
    const good = await authorize(t);
    for (const forged of [
      { ...good, projectId: t.other },
      { ...good, from: addressOf(t.stranger) },
      { ...good, value: VALUE + 1n },
      { ...good, validAfter: 1n },
      { ...good, validBefore: FOREVER + 1n },
      { ...good, salt: keccak256(SALT) },
      await authorize(t, { to: t.nodes.address }),
      await authorize(t, { nonce: SALT }),
      await authorize(t, {}, t.owner),
    ]) {
      await assertions.revertWithCustomError(relay(t, forged), t.usd, "ERC3009InvalidSignature");
    }
    assert.equal(await t.usd.read.balanceOf([addressOf(payer)]), 1_000n * USD);
    await relay(t, good);
  });

  it("is for the owner that the payer saw: it fails when the project is another's, now or by now", async () => {
    const t = await load();
    const wrong = await authorize(t, { owner: addressOf(t.guardian) });
    await assertions.revertWithCustomErrorWithArgs(relay(t, wrong), t.escrow, "NotProjectOwner", [
      t.projectId,
      addressOf(t.guardian),
      addressOf(t.owner),
    ]);
    const good = await authorize(t);
    await handOver(t, t.projectId, t.owner, t.guardian);
    await assertions.revertWithCustomErrorWithArgs(relay(t, good), t.escrow, "NotProjectOwner", [
      t.projectId,
      addressOf(t.owner),
      addressOf(t.guardian),
    ]);
    await relay(t, wrong);
    assert.equal(await creditOf(t, t.projectId), VALUE);
  });

  it("gives nothing to who created the project of the predicted id first", async () => {
    const t = await load();
    const predicted = (await t.projects.read.projectCount()) + 1n;
    const ahead = await authorize(t, { projectId: predicted });
    await assertions.revertWithCustomErrorWithArgs(relay(t, ahead), t.projects, "UnknownProject", [
      predicted,
    ]);
    await createProject(t, { owner: t.guardian, nodeIds: [t.nodeId], credit: 0n });
    await assertions.revertWithCustomError(relay(t, ahead), t.escrow, "NotProjectOwner");
  });

  it("is harmless where somebody relayed it first: the credit is there, once", async () => {
    const t = await load();
    const signed = await authorize(t);
    await relay(t, signed, t.guardian);
    for (const by of [t.owner, t.guardian]) {
      await assertions.revertWithCustomErrorWithArgs(relay(t, signed, by), t.escrow, "AlreadyDeposited", [
        addressOf(t.payer),
        nonceOf(signed),
      ]);
    }
    assert.equal(await creditOf(t, t.projectId), VALUE);
    // Another salt is another authorization.
    await relay(t, await authorize(t, { salt: keccak256(SALT) }));
    assert.equal(await creditOf(t, t.projectId), 2n * VALUE);
  });

  it("cannot be used on the token itself: only the escrow receives, and books", async () => {
    const t = await load();
    const signed = await authorize(t);
    const { from, value, validAfter, validBefore, signature } = signed;
    const call = [
      from,
      t.escrow.address,
      value,
      validAfter,
      validBefore,
      nonceOf(signed),
      signature,
    ] as const;
    for (const by of [t.stranger, t.owner, t.payer]) {
      await assertions.revertWithCustomErrorWithArgs(
        t.usd.write.receiveWithAuthorization([...call], { account: by.account }),
        t.usd,
        "ERC20InvalidReceiver",
        [getAddress(t.escrow.address)],
      );
    }
    await relay(t, signed);
    assert.equal(await creditOf(t, t.projectId), VALUE);
  });

  it("says of an authorization that was taken back what it says of a used one", async () => {
    const t = await load();
    const signed = await authorize(t);
    const cancelled = await t.payer.signTypedData({
      domain: {
        name: "Mock USD",
        version: "1",
        chainId: t.network.chainId,
        verifyingContract: t.usd.address,
      },
      types: {
        CancelAuthorization: [
          { name: "authorizer", type: "address" },
          { name: "nonce", type: "bytes32" },
        ],
      },
      primaryType: "CancelAuthorization",
      message: { authorizer: addressOf(t.payer), nonce: nonceOf(signed) },
    });
    const { r, s, v } = parts(cancelled);
    await t.usd.write.cancelAuthorization([addressOf(t.payer), nonceOf(signed), v, r, s]);
    await assertions.revertWithCustomErrorWithArgs(relay(t, signed), t.escrow, "AlreadyDeposited", [
      addressOf(t.payer),
      nonceOf(signed),
    ]);
  });

  it("counts after `validAfter` and before `validBefore`, in neither second itself", async () => {
    const t = await load();
    const start = BigInt(await networkHelpers.time.latest()) + 100n;
    const window = { validAfter: start, validBefore: start + 10n };
    const signed = await authorize(t, window);
    const at = (second: bigint) => networkHelpers.time.setNextBlockTimestamp(Number(second));
    const refusesNow = () =>
      assertions.revertWithCustomErrorWithArgs(relay(t, signed), t.usd, "ERC3009InvalidAuthorizationTime", [
        window.validAfter,
        window.validBefore,
      ]);
    await at(start);
    await refusesNow();
    await at(start + 10n);
    await refusesNow();
    await at(start + 1n);
    await relay(t, signed);
    assert.equal(await creditOf(t, t.projectId), VALUE);
  });

  it("is held to the rules of deposits: something, of what the payer has", async () => {
    const t = await load();
    await assertions.revertWithCustomErrorWithArgs(
      relay(t, await authorize(t, { value: 0n })),
      t.escrow,
      "NothingDeposited",
      [t.projectId],
    );
    const tooMuch = 1_000n * USD + 1n;
    await assertions.revertWithCustomErrorWithArgs(
      relay(t, await authorize(t, { value: tooMuch })),
      t.usd,
      "ERC20InsufficientBalance",
      [addressOf(t.payer), 1_000n * USD, tooMuch],
    );
  });

  it("never touches a thaw", async () => {
    const t = await load();
    await relay(t, await authorize(t));
    await t.escrow.write.requestWithdraw([t.projectId, VALUE], { account: t.owner.account });
    const { thawEpoch } = await t.escrow.read.accountOf([t.projectId]);
    await atFirstSecondOf(t, thawEpoch + 3);
    await relay(t, await authorize(t, { salt: keccak256(SALT) }));
    const account = await t.escrow.read.accountOf([t.projectId]);
    assert.deepEqual([account.balance, account.thawing, account.thawEpoch], [2n * VALUE, VALUE, thawEpoch]);
  });
});

/** The network on another asset, with a project; an authorization that this token would take, or does not look at. */
async function onAsset(name: "HostileToken" | "SilentToken" | "OldUSD") {
  const first = await withProject();
  const token = await viem.deployContract(name as "SilentToken", (name === "HostileToken" ? [6] : []) as []);
  const t = { ...first, ...(await withAsset(first, token)) };
  const nodeId = await registerNode(t);
  const projectId = await createProject(t, { nodeIds: [nodeId], credit: 0n });
  await token.write.mint([addressOf(t.payer), 1_000n * USD]);
  return { ...t, nodeId, projectId, signed: await authorize({ ...t, projectId }) };
}
const onHostile = async () => {
  const t = await onAsset("HostileToken");
  return { ...t, token: await viem.getContractAt("HostileToken", t.usd.address) };
};
const onSilent = () => onAsset("SilentToken");
const onOld = () => onAsset("OldUSD");

describe("CreditEscrow.depositWithAuthorization of other tokens", () => {
  for (const [what, fixture] of [
    ["knows no authorizations", onSilent],
    ["takes only signatures of keys, as USDC before version 2.2", onOld],
  ] as const) {
    it(`says so where the token ${what}`, async () => {
      const t = await networkHelpers.loadFixture(fixture);
      await assertions.revertWithCustomErrorWithArgs(relay(t, t.signed), t.escrow, "NoAuthorizations", [
        getAddress(t.usd.address),
      ]);
    });
  }

  it("credits what arrives of a token that takes a fee", async () => {
    const t = await networkHelpers.loadFixture(onHostile);
    await t.token.write.setFee([250n]); // 2.5 %
    const arrived = 39n * USD;
    await assertions.emitWithArgs(relay(t, t.signed), t.escrow, "Deposited", [
      t.projectId,
      addressOf(t.payer),
      arrived,
      arrived,
      SALT,
    ]);
    await t.token.write.setFee([10_000n]);
    await assertions.revertWithCustomErrorWithArgs(
      relay(t, { ...t.signed, salt: keccak256(SALT) }),
      t.escrow,
      "NothingDeposited",
      [t.projectId],
    );
  });

  it("fails as the token fails", async () => {
    const t = await networkHelpers.loadFixture(onHostile);
    await t.token.write.setBlacklisted([addressOf(t.payer), true]);
    await assertions.revertWithCustomErrorWithArgs(relay(t, t.signed), t.token, "Blacklisted", [
      addressOf(t.payer),
    ]);
    assert.equal(await creditOf(t, t.projectId), 0n);
  });

  it("cannot be entered again while it measures: what arrives is not credited twice", async () => {
    const t = await networkHelpers.loadFixture(onHostile);
    const { projectId, owner, from, value, salt } = t.signed;
    const inner = encodeFunctionData({
      abi: t.escrow.abi,
      functionName: "depositWithAuthorization",
      args: [projectId, owner, from, value, 0n, FOREVER, keccak256(salt), "0x"],
    });
    await t.token.write.setHook([t.escrow.address, inner]);
    await assertions.revertWithCustomError(relay(t, t.signed), t.escrow, "ReentrancyGuardReentrantCall");
    await t.token.write.setHook([zeroAddress, "0x"]);
    await relay(t, t.signed);
    assert.equal(await creditOf(t, projectId), VALUE);
  });
});

/** r, s and v of a signature of 65 bytes. */
const parts = (signature: Hex) => ({
  r: `0x${signature.slice(2, 66)}` as Hex,
  s: `0x${signature.slice(66, 130)}` as Hex,
  v: Number(`0x${signature.slice(130)}`),
});
