import assert from "node:assert/strict";
import { keccak256 } from "viem";
import { getFacts } from "../../events/getFacts.ts";
import type { NetworkWriter } from "../../network/createNetworkWriter.ts";
import { testAccount } from "../../testing/accounts.ts";
import { transfer } from "../../testing/calls.ts";
import { createTestNetwork, type TestNetwork } from "../../testing/createTestNetwork.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import * as asset from "../asset/index.ts";
import * as nodes from "../nodes/index.ts";
import * as projects from "../projects/index.ts";
import * as escrow from "./index.ts";

describe("credit on a chain", () => {
  let net: TestNetwork;
  let owner: NetworkWriter;
  let payer: NetworkWriter;
  const payerAccount = testAccount(2);

  before(async () => {
    net = await createTestNetwork();
    [owner, payer] = [await net.as(testAccount(1)), await net.as(payerAccount)];
    const nodeOwner = await net.as(testAccount(0));
    await nodes.register(nodeOwner, {
      operator: testAccount(3).address,
      region: "weur",
      endpoint: "http://127.0.0.1:8101",
      stake: 100_000_000n,
    });
    await nodes.setPresence(nodeOwner, { nodeId: 1, untilEpoch: 30, leastCap: 0n });
    await projects.createProjectOn(owner, { domain: "a.example", nodeIds: [1], cap: 1_000_000n });
  });
  after(() => net.stop());

  it("anyone deposits for a project", async () => {
    const result = await escrow.deposit(payer, { projectId: 1n, amount: 5_000_000n });
    assert.deepEqual([result.amount, result.balance], [5_000_000n, 5_000_000n]);
    await rejectsCode(escrow.deposit(payer, { projectId: 9n, amount: 1n }), "UNKNOWN_PROJECT");
    await rejectsCode(escrow.deposit(payer, { projectId: 1n, amount: 0n }), "NOTHING_DEPOSITED");
  });

  it("a deposit by name goes to the project that the owner's deployment goes to, or nowhere", async () => {
    const owned = testAccount(1).address;
    const at = { domain: "a.example", owner: owned, amount: 3n };
    const { balance } = await escrow.accountOf(owner, { projectId: 1n });
    const result = await escrow.depositAt(payer, at);
    assert.deepEqual([result.projectId, result.amount, result.balance], [1n, 3n, balance + 3n]);
    const error = await rejectsCode(
      escrow.depositAt(payer, { ...at, domain: "b.example" }),
      "NOTHING_DEPLOYED_AT",
    );
    assert.equal(error.value, "b.example");
    await rejectsCode(escrow.depositAt(payer, { ...at, owner: payerAccount.address }), "NOTHING_DEPLOYED_AT");
  });

  it("whoever signed an authorization pays, whoever relays it, for one project of one owner", async () => {
    const from = testAccount(4);
    await transfer(payer, { to: from.address, amount: 100n });
    const { timestamp } = await payer.publicClient.getBlock();
    const deposit = { projectId: 1n, owner: testAccount(1).address, salt: keccak256("0x01") };
    const terms = { amount: 60n, validAfter: timestamp - 1n, validBefore: timestamp + 600n };
    const signature = await asset.signAuthorization(payer, {
      signer: from,
      ...terms,
      to: net.network.contracts.creditEscrow,
      nonce: escrow.authorizationNonce(deposit),
    });
    const relayed = { ...deposit, ...terms, from: from.address, signature };
    const { balance } = await escrow.accountOf(owner, { projectId: 1n });
    const other = { ...relayed, owner: payerAccount.address };
    await rejectsCode(escrow.depositWithAuthorization(payer, other), "NOT_PROJECT_OWNER");
    const more = { ...relayed, amount: 61n };
    await rejectsCode(escrow.depositWithAuthorization(payer, more), "ERC3009_INVALID_SIGNATURE");
    const result = await escrow.depositWithAuthorization(payer, relayed);
    assert.deepEqual([result.projectId, result.amount, result.balance], [1n, 60n, balance + 60n]);
    assert.equal(await asset.balanceOf(payer, { who: from.address }), 40n);
    const again = await rejectsCode(escrow.depositWithAuthorization(payer, relayed), "ALREADY_DEPOSITED");
    assert.equal(again.value, escrow.authorizationNonce(deposit));
    const facts = await getFacts({
      client: owner.publicClient,
      network: net.network,
      fromBlock: result.blockNumber,
      toBlock: result.blockNumber,
    });
    const told = facts.find((fact) => fact.kind === "Deposited");
    assert.ok(told?.kind === "Deposited");
    assert.deepEqual([told.args.from, told.args.salt], [from.address, deposit.salt]);
  });

  it("a permit deposits without an approval before", async () => {
    const { creditEscrow } = net.network.contracts;
    const who = payerAccount.address;
    await asset.approve(payer, { spender: creditEscrow, amount: 0n });
    await rejectsCode(escrow.deposit(payer, { projectId: 1n, amount: 7n }), "INSUFFICIENT_ALLOWANCE");
    const deadline = (await payer.publicClient.getBlock()).timestamp + 600n;
    const permit = await asset.signPermit(payer, { spender: creditEscrow, amount: 7n, deadline });
    const result = await escrow.depositWithPermit(payer, { projectId: 1n, amount: 7n, permit });
    assert.equal(result.balance, 5_000_070n);
    assert.equal(await asset.allowanceOf(payer, { owner: who, spender: creditEscrow }), 0n);
    // Used up: the same permit again finds no allowance.
    await rejectsCode(
      escrow.depositWithPermit(payer, { projectId: 1n, amount: 7n, permit }),
      "INSUFFICIENT_ALLOWANCE",
    );
  });

  it("an approval is sent only where it is needed", async () => {
    const spender = net.network.contracts.creditEscrow;
    assert.notEqual(await asset.ensureAllowance(payer, { spender, amount: 10n }), undefined);
    assert.equal(await asset.ensureAllowance(payer, { spender, amount: 10n }), undefined);
  });

  it("more than the account holds is refused with both numbers", async () => {
    const poor = testAccount(6);
    await asset.approve(payer, {
      account: poor,
      spender: net.network.contracts.creditEscrow,
      amount: 1_000n,
    });
    await transfer(payer, { to: poor.address, amount: 10n });
    const error = await rejectsCode(
      escrow.deposit(payer, { account: poor, projectId: 1n, amount: 11n }),
      "INSUFFICIENT_BALANCE",
    );
    assert.match(error.message, /0\.00001 .*0\.000011/);
  });

  it("credit is asked back by the owner and leaves after its thaw", async () => {
    await rejectsCode(escrow.requestWithdraw(payer, { projectId: 1n, amount: 1n }), "NOT_PROJECT_OWNER");
    await rejectsCode(
      escrow.requestWithdraw(owner, { projectId: 1n, amount: 9_000_000n }),
      "WITHDRAW_OUT_OF_RANGE",
    );
    await rejectsCode(escrow.cancelWithdraw(owner, { projectId: 1n }), "NO_CREDIT_THAWS");
    await escrow.requestWithdraw(owner, { projectId: 1n, amount: 1n });
    await escrow.cancelWithdraw(owner, { projectId: 1n });

    const epoch = await net.epoch();
    const asked = await escrow.requestWithdraw(owner, { projectId: 1n, amount: 2_000_000n });
    assert.deepEqual([asked.thawing, asked.thawEpoch], [2_000_000n, epoch]);
    assert.equal(await escrow.available(owner, { projectId: 1n }), 3_000_070n);
    assert.deepEqual(await escrow.runway(owner, { projectId: 1n }), { epochs: 3n, runwaySeconds: 10_800n });
    await net.toEpoch(epoch + 6);
    assert.equal(
      (await rejectsCode(escrow.withdraw(owner, { projectId: 1n }), "CREDIT_STILL_THAWS")).value,
      String(epoch + 6),
    );
    await net.toEpoch(epoch + 7);
    const paid = await escrow.withdraw(owner, { projectId: 1n });
    assert.deepEqual([paid.amount, paid.balance], [2_000_000n, 3_000_070n]);
    assert.deepEqual(await escrow.accountOf(owner, { projectId: 1n }), {
      balance: 3_000_070n,
      thawing: 0n,
      thawEpoch: 0,
      raisedAt: epoch,
    });
  });

  it("what may still be submitted is not available", async () => {
    // Four epochs of one seat at the cap of 1 may still come: more than there is.
    assert.equal(await escrow.available(owner, { projectId: 1n }), 0n);
    await escrow.deposit(owner, { projectId: 1n, amount: 1_000_000n });
    assert.equal(await escrow.available(owner, { projectId: 1n }), 70n);
  });

  it("a project that nothing is charged to has credit for ever", async () => {
    await projects.close(owner, { projectId: 1n });
    await net.toEpoch((await net.epoch()) + 1);
    assert.equal(await escrow.runway(owner, { projectId: 1n }), undefined);
  });

  it("nothing is collected where nothing is owed", async () => {
    assert.equal(await escrow.refundOf(owner, { who: payerAccount.address }), 0n);
    await rejectsCode(escrow.collectRefund(payer, { to: payerAccount.address }), "NOTHING_OWED");
  });
});
