import assert from "node:assert/strict";
import { join } from "node:path";
import { asset, escrow, projects } from "@worker3/sdk";
import { lagBehind, type RpcProxy, startRpcProxy } from "@worker3/sdk/testing";
import { decodeFunctionData, type Hex, isAddressEqual, keccak256, parseAbi, parseTransaction } from "viem";
import type { FailureDocument } from "../failureOf.ts";
import { commandOn, type TestCommand } from "../testing/commandOn.ts";
import { type NodeDouble, playNode } from "../testing/playNode.ts";
import { startTestChain, type TestChain } from "../testing/startTestChain.ts";

const USD = 1_000_000n;
const HASH = /0x[0-9a-f]{64}/;
const abi = parseAbi(["function approve(address, uint256)", "function deposit(uint64, uint64)"]);

describe("commands that spend, over an RPC that fails", function () {
  this.timeout(60_000);
  let chain: TestChain;
  let node: NodeDouble;
  let proxy: RpcProxy;
  let worker3: TestCommand;

  before(async () => {
    node = await playNode(1);
    chain = await startTestChain([node.endpoint]);
    await projects.createProjectOn(chain.owner, { domain: "a.example", nodeIds: [1], cap: USD });
    proxy = await startRpcProxy(chain.net.network.rpcUrls[0]);
    worker3 = await commandOn({ ...chain.net.network, rpcUrls: [proxy.url] }, chain.ownerKey.key);
  });
  beforeEach(async () => {
    proxy.answer = undefined;
    const { creditEscrow, nodeRegistry } = chain.net.network.contracts;
    for (const spender of [creditEscrow, nodeRegistry]) {
      await asset.approve(chain.owner, { spender, amount: 0n });
    }
  });
  after(async () => {
    await worker3[Symbol.asyncDispose]();
    await proxy.stop();
    await chain[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
  });

  const creditOf = async () => (await escrow.accountOf(chain.owner, { projectId: 1n })).balance;
  const allowed = (spender: `0x${string}`) =>
    asset.allowanceOf(chain.owner, { owner: chain.ownerKey.account.address, spender });
  const transactions = () =>
    chain.owner.publicClient.getTransactionCount({ address: chain.ownerKey.account.address });

  /** Loses the answer to each transaction that calls this function, after the chain took it. */
  const loseAnswersTo = (functionName: "approve" | "deposit", lost?: (hash: Hex) => void) => {
    proxy.answer = async (call, ask) => {
      const answer = await ask(call);
      if (call.method !== "eth_sendRawTransaction") return answer;
      const [raw = "0x"] = call.params as Hex[];
      const data = parseTransaction(raw).data ?? "0x";
      if (decodeFunctionData({ abi, data }).functionName !== functionName) return answer;
      lost?.(keccak256(raw));
      throw new Error("the connection breaks");
    };
  };

  it("pay once where the answers are lost, and say what each transaction is", async () => {
    for (const functionName of ["approve", "deposit"] as const) {
      loseAnswersTo(functionName);
      const [before, count] = [await creditOf(), await transactions()];
      const { code, stderr } = await worker3.run("credit", "deposit", "1", "5", "--yes");
      assert.equal(code, 0, stderr);
      assert.equal((await creditOf()) - before, 5n * USD);
      assert.equal((await transactions()) - count, 2);
      const sent = stderr.split("\n").filter((line) => line.startsWith("Sent"));
      assert.deepEqual(
        sent.map((line) => line.replace(HASH, "HASH")),
        ["Sent HASH (approve 5 USD for CreditEscrow)", "Sent HASH (deposit 5 USD for project 1)"],
      );
    }
  });

  it("that are ended after a transaction left tell its hash, and what was done before", async () => {
    for (const how of ["text", "json"]) {
      const stop = new AbortController();
      let deposited: Hex | undefined;
      loseAnswersTo("deposit", (hash) => {
        deposited = hash;
        stop.abort(new DOMException("stopped by SIGINT", "AbortError"));
      });
      const before = await creditOf();
      const args = ["credit", "deposit", "1", "5", "--yes", ...(how === "json" ? ["--json"] : [])];
      const { code, stdout, stderr } = await worker3.runUntil(stop.signal, ...args);
      assert.equal(code, 1);
      if (how === "json") {
        const { error } = JSON.parse(stdout);
        assert.deepEqual([error.code, error.txHash], ["ABORTED", deposited]);
        assert.deepEqual(
          error.transactions.map(({ what }: { what: string }) => what),
          ["approve 5 USD for CreditEscrow"],
        );
        assert.match(error.next, /look it up before/);
      } else {
        assert.match(stderr, new RegExp(`transaction: ${deposited}`));
        assert.match(stderr, /done before: 0x[0-9a-f]{64} \(approve 5 USD for CreditEscrow\)/);
      }
      assert.equal((await creditOf()) - before, 5n * USD, "it was mined all the same");
    }
  });

  it("pay once where an RPC says that it failed, and name all that they sent", async () => {
    const { creditEscrow } = chain.net.network.contracts;
    proxy.answer = async (call, ask) => {
      const answer = await ask(call);
      const receipt = answer as { to: Hex } | null;
      if (call.method !== "eth_getTransactionReceipt" || receipt === null) return answer;
      return isAddressEqual(receipt.to, creditEscrow) ? { ...receipt, status: "0x0", logs: [] } : answer;
    };
    const [before, count] = [await creditOf(), await transactions()];
    const error: FailureDocument = await worker3.error(1, "credit", "deposit", "1", "5", "--yes");
    assert.deepEqual([(await creditOf()) - before, (await transactions()) - count], [5n * USD, 2]);
    assert.deepEqual(
      error.transactions?.map(({ what, status }) => [what, status]),
      [
        ["approve 5 USD for CreditEscrow", "mined"],
        ["deposit 5 USD for project 1", "reverted"],
      ],
    );
    assert.equal(error.transactions?.[1]?.txHash, error.txHash);
  });

  it("that fail after their transaction tell its hash", async () => {
    let mined = false;
    proxy.answer = async (call, ask) => {
      if (mined && call.method === "eth_call") throw new Error("away");
      const answer = await ask(call);
      if (call.method === "eth_getTransactionReceipt" && answer !== null && (await allowed(spender)) === 0n)
        mined = true;
      return answer;
    };
    const spender = chain.net.network.contracts.creditEscrow;
    const error = await worker3.error(1, "credit", "deposit", "1", "1", "--yes");
    assert.equal(error.code, "RPC_UNREACHABLE");
    assert.match(String(error.txHash), HASH);
  });

  it("go through on a pool of machines of which some are behind, and show what they did", async () => {
    lagBehind(proxy, { behind: 4 });
    for (const [index, amount] of ["3", "4"].entries()) {
      const before = await creditOf();
      const document = await worker3.json("credit", "deposit", "1", amount, "--yes");
      assert.equal(document.balance, String(before + BigInt(amount) * USD));
      const domain = `more${index}.example`;
      const { domains } = await worker3.json("domains", "add", "1", domain, "--yes");
      assert.ok(
        domains.some((each: { domain: string }) => each.domain === domain),
        JSON.stringify(domains),
      );
      const removed = await worker3.json("domains", "remove", "1", domain, "--yes");
      assert.ok(!removed.domains.some((each: { domain: string }) => each.domain === domain));
      const { available } = await worker3.json("credit", "withdraw", "1", "all", "--yes");
      assert.equal(available, "0");
      assert.equal((await worker3.json("credit", "withdraw", "1", "--cancel")).thawing, "0");
    }
  });

  it("of one key at the same time pay each its own amount, or say which transaction failed and pay when run again", async () => {
    const before = await creditOf();
    const pay = async (amount: string, tries = 5): Promise<void> => {
      const { code, stdout } = await worker3.run("credit", "deposit", "1", amount, "--yes", "--json");
      if (code === 0) return;
      const error: FailureDocument = JSON.parse(stdout).error;
      const isOver = error.code === "TX_REPLACED" || error.transactions?.at(-1)?.status === "reverted";
      assert.ok(isOver, stdout);
      assert.ok(tries > 1, stdout);
      await pay(amount, tries - 1);
    };
    await Promise.all(["2", "2", "7"].map((amount) => pay(amount)));
    assert.equal((await creditOf()) - before, 11n * USD);
  });

  it("that would be refused approve nothing and send nothing", async () => {
    const { creditEscrow, nodeRegistry } = chain.net.network.contracts;
    const count = await transactions();
    const state = join(worker3.directory, "node");
    assert.equal((await worker3.error(1, "credit", "deposit", "9", "5", "--yes")).code, "UNKNOWN_PROJECT");
    assert.equal(
      (await worker3.error(1, "credit", "deposit", "1", "5000000", "--yes")).code,
      "INSUFFICIENT_BALANCE",
    );
    await worker3.json("node", "init", "--state", state);
    const entry = ["node", "register", "--state", state, "--region", "weur", "--yes"];
    const small = await worker3.error(1, ...entry, "--endpoint", "http://127.0.0.1:1", "--stake", "0.5");
    assert.equal(small.code, "STAKE_TOO_SMALL");
    const wrong = await worker3.error(2, ...entry, "--endpoint", "ftp://h", "--stake", "500");
    assert.match(wrong.code, /ENDPOINT/);
    assert.deepEqual([await allowed(creditEscrow), await allowed(nodeRegistry)], [0n, 0n]);
    assert.equal(await transactions(), count);
  });

  it("ask all of a credit back, wait for it, and say where there is none", async () => {
    const all = await creditOf();
    assert.ok(all > 0n);
    const asked = await worker3.json("credit", "withdraw", "1", "all", "--yes");
    assert.deepEqual([asked.thawing, asked.available], [String(all), "0"]);
    assert.equal(
      (await worker3.json("credit", "withdraw", "1", "all", "--yes")).txHash,
      null,
      "it is on its way",
    );
    await chain.net.toEpoch((await chain.net.epoch()) + 7);
    assert.equal((await worker3.json("credit", "withdraw", "1", "all", "--yes")).withdrawn, String(all));
    const none = await worker3.error(1, "credit", "withdraw", "1", "all", "--yes");
    assert.match(none.message, /no credit/);
  });

  it("ask for another amount after paying out what has thawed, and ask before both", async () => {
    await worker3.json("credit", "deposit", "1", "10", "--yes");
    for (const [asked, then, left] of [
      ["2", "3", 8n],
      ["1", "all", 7n],
    ] as const) {
      await worker3.json("credit", "withdraw", "1", "--cancel").catch(() => undefined);
      await worker3.json("credit", "withdraw", "1", asked, "--yes");
      await chain.net.toEpoch((await chain.net.epoch()) + 7);
      const [before, count] = [await creditOf(), await transactions()];
      const much = await worker3.error(1, "credit", "withdraw", "1", "5000", "--yes");
      assert.equal(much.code, "WITHDRAW_OUT_OF_RANGE");
      const unasked = await worker3.error(2, "credit", "withdraw", "1", then);
      assert.match(unasked.message, new RegExp(`Pay out the ${asked} USD .* then ask`));
      assert.equal(await transactions(), count, "nothing is sent unasked");
      const both = await worker3.json("credit", "withdraw", "1", then, "--yes");
      assert.equal(both.withdrawn, String(BigInt(asked) * USD));
      assert.equal(both.balance, String(before - BigInt(asked) * USD));
      assert.equal(both.thawing, then === "all" ? both.balance : String(BigInt(then) * USD));
      assert.deepEqual([both.txHashes.length, both.txHash], [2, both.txHashes[1]]);
      assert.equal(BigInt(both.balance), left * USD);
    }
  });
});
