import assert from "node:assert/strict";
import { createRequire } from "node:module";
import {
  type Address,
  createTestClient,
  type Hash,
  type Hex,
  http,
  isAddressEqual,
  publicActions,
} from "viem";
import { ContractError } from "../../errors/errorClasses.ts";
import { Worker3Error } from "../../errors/Worker3Error.ts";
import { chainOf } from "../../network/chainOf.ts";
import { createNetworkWriter, type NetworkWriter } from "../../network/createNetworkWriter.ts";
import { testAccount } from "../../testing/accounts.ts";
import { mint } from "../../testing/calls.ts";
import { deployNetwork } from "../../testing/deployNetwork.ts";
import { type RpcProxy, RpcRefusal, startRpcProxy } from "../../testing/rpcProxy.ts";
import { type Anvil, startAnvil } from "../../testing/startAnvil.ts";
import { rejectsCode } from "../../testing/throwsCode.ts";
import { accountOf, deposit, depositWithPermit } from "../escrow/index.ts";
import { register, setPresence } from "../nodes/node.ts";
import { createProjectOn } from "../projects/project.ts";
import { allowanceOf, approve, balanceOf, checkSpending, signPermit, spend } from "./index.ts";

/** Two tokens as they are deployed: USDT's way to approve, and USDC's to permit. No test of a mock knows these ways. */
const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
contract Token {
    uint8 public constant decimals = 6;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) internal allowed;
    function allowance(address owner, address spender) external view returns (uint256) { return allowed[owner][spender]; }
    function mint(address to, uint256 amount) external { balanceOf[to] += amount; }
}
contract LikeUsdt is Token {
    function approve(address spender, uint256 value) external {
        require(value == 0 || allowed[msg.sender][spender] == 0);
        allowed[msg.sender][spender] = value;
    }
    function transferFrom(address from, address to, uint256 value) external {
        require(allowed[from][msg.sender] >= value);
        allowed[from][msg.sender] -= value;
        balanceOf[from] -= value;
        balanceOf[to] += value;
    }
}
contract LikeUsdc is Token {
    string public constant name = "USD Coin";
    string public constant version = "2";
    mapping(address => uint256) public nonces;
    function approve(address spender, uint256 value) external returns (bool) { allowed[msg.sender][spender] = value; return true; }
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        require(value <= allowed[from][msg.sender], "ERC20: transfer amount exceeds allowance");
        allowed[from][msg.sender] -= value;
        balanceOf[from] -= value;
        balanceOf[to] += value;
        return true;
    }
    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return keccak256(abi.encode(
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
            keccak256(bytes(name)), keccak256(bytes(version)), block.chainid, address(this)));
    }
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 data = keccak256(abi.encode(
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
            owner, spender, value, nonces[owner]++, deadline));
        require(ecrecover(keccak256(abi.encodePacked(hex"1901", DOMAIN_SEPARATOR(), data)), v, r, s) == owner, "EIP2612: invalid signature");
        allowed[owner][spender] = value;
    }
}`;

interface Compiled {
  readonly contracts: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm: { readonly deployedBytecode: { readonly object: string } } }>>
    >
  >;
}

function codeOf(name: string): Hex {
  const { compile } = createRequire(import.meta.url)("solc") as { compile(input: string): string };
  const input = {
    language: "Solidity",
    sources: { "tokens.sol": { content: SOURCE } },
    settings: { outputSelection: { "*": { "*": ["evm.deployedBytecode.object"] } } },
  };
  const { contracts } = JSON.parse(compile(JSON.stringify(input))) as Compiled;
  const object = contracts["tokens.sol"]?.[name]?.evm.deployedBytecode.object;
  assert.ok(object, `${name} was not compiled`);
  return `0x${object}`;
}

describe("what a call takes of the asset", function () {
  this.timeout(60_000);
  const payer = testAccount(1);
  let anvil: Anvil;
  let proxy: RpcProxy;
  let writer: NetworkWriter;
  let escrow: Address;
  let nodeRegistry: Address;

  /** A network on a chain of its own, whose asset is of this kind, a project on it, and a payer with 1,000. */
  async function begin(token: "LikeUsdt" | "LikeUsdc" | undefined): Promise<void> {
    anvil = await startAnvil();
    proxy = await startRpcProxy(anvil.rpcUrl);
    const network = await deployNetwork({ rpcUrl: anvil.rpcUrl });
    writer = createNetworkWriter({
      network: { ...network, rpcUrls: [proxy.url] },
      account: payer,
      pollingMs: 20,
    });
    ({ creditEscrow: escrow, nodeRegistry } = network.contracts);
    const chain = createTestClient({
      mode: "anvil",
      chain: chainOf(network),
      transport: http(anvil.rpcUrl),
    }).extend(publicActions);
    if (token !== undefined)
      await chain.setCode({ address: network.contracts.asset, bytecode: codeOf(token) });
    await mint(writer, { to: payer.address, amount: 1_000_000_000n });
    await approve(writer, { spender: nodeRegistry, amount: 100_000_000n });
    await register(writer, {
      operator: testAccount(2).address,
      region: "weur",
      endpoint: "http://h",
      stake: 100_000_000n,
    });
    await setPresence(writer, { nodeId: 1, untilEpoch: 30, leastCap: 0n });
    await createProjectOn(writer, { domain: "p.example", nodeIds: [1], cap: 10_000n });
  }
  afterEach(async () => {
    await proxy.stop();
    await anvil.stop();
  });

  const pay = (amount: bigint, projectId = 1n, onSent?: () => void) => {
    const input = { projectId, amount, onSent };
    return spend(writer, {
      spender: escrow,
      amount,
      onSent,
      call: deposit.call(writer, input),
      send: () => deposit(writer, input),
    });
  };
  const credit = async () => (await accountOf(writer, { projectId: 1n })).balance;
  const allowed = (spender = escrow) => allowanceOf(writer, { owner: payer.address, spender });

  /** An RPC from before eth_simulateV1. */
  const forgetSimulations = () => {
    proxy.answer = (call, ask) => {
      if (call.method === "eth_simulateV1")
        throw new RpcRefusal(-32601, "the method eth_simulateV1 does not exist");
      return ask(call);
    };
  };

  it("of a token that wants an allowance of 0 first, and answers nothing, is paid all the same", async () => {
    await begin("LikeUsdt");
    for (const simulates of [true, false]) {
      if (!simulates) forgetSimulations();
      await approve(writer, { spender: escrow, amount: 0n });
      await approve(writer, { spender: escrow, amount: 3n });
      let sent = 0;
      const before = await credit();
      await pay(10n, 1n, () => {
        sent += 1;
      });
      assert.equal((await credit()) - before, 10n);
      assert.deepEqual([sent, await allowed()], [3, 0n], "two approvals and the deposit");
    }
  });

  it("is not approved for a call that would be refused, whether the RPC simulates calls in order or not", async () => {
    await begin(undefined);
    for (const simulates of [true, false]) {
      if (!simulates) forgetSimulations();
      const nonce = await writer.publicClient.getTransactionCount({ address: payer.address });
      await rejectsCode(pay(10n, 99n), "UNKNOWN_PROJECT");
      await rejectsCode(pay(5_000_000_000n), "INSUFFICIENT_BALANCE");
      assert.equal(await allowed(), 0n);
      assert.equal(
        await writer.publicClient.getTransactionCount({ address: payer.address }),
        nonce,
        "nothing was sent",
      );
    }
  });

  it("is refused before the approval for what the contract sees only after it has taken it", async () => {
    await begin(undefined);
    const input = {
      operator: testAccount(3).address,
      region: "weur",
      endpoint: "http://h",
      stake: 99_999_999n,
    } as const;
    const call = register.call(writer, input);
    const spending = { spender: nodeRegistry, amount: input.stake, call };
    await rejectsCode(spend(writer, { ...spending, send: () => register(writer, input) }), "STAKE_TOO_SMALL");
    assert.equal(await allowed(nodeRegistry), 0n);
    const twice = {
      ...spending,
      amount: 100_000_000n,
      call: register.call(writer, { ...input, stake: 100_000_000n }),
    };
    await checkSpending(writer, twice);
    // What needs another call before it is simulated behind it.
    const pays = { spender: escrow, amount: 5n, call: deposit.call(writer, { projectId: 2n, amount: 5n }) };
    await rejectsCode(checkSpending(writer, pays), "UNKNOWN_PROJECT");
    const project = createProjectOn.call(writer, { domain: "q.example", nodeIds: [1], cap: 10_000n });
    await checkSpending(writer, { ...pays, after: [project] });
  });

  it("is approved again where another program of the account took the allowance before it was signed", async () => {
    await begin(undefined);
    let approvals = 0;
    proxy.answer = async (call, ask) => {
      const answer = await ask(call);
      const receipt = answer as { to: Address } | null;
      if (call.method !== "eth_getTransactionReceipt" || receipt === null) return answer;
      if (!isAddressEqual(receipt.to, writer.network.contracts.asset)) return answer;
      approvals += 1;
      if (approvals === 1) {
        const network = { ...writer.network, rpcUrls: [anvil.rpcUrl] as const };
        const other = createNetworkWriter({ network, account: payer, pollingMs: 20 });
        await approve(other, { spender: escrow, amount: 3n });
      }
      return answer;
    };
    await pay(11n);
    assert.deepEqual([await credit(), approvals], [11n, 2]);
  });

  it("is taken at most once where others of the account take the allowance or the nonce, and says what failed", async () => {
    await begin(undefined);
    const amounts = [11n, 13n, 17n];
    const ends = await Promise.allSettled(amounts.map((amount) => pay(amount)));
    const paid = amounts
      .filter((_, i) => ends[i]?.status === "fulfilled")
      .reduce((sum, each) => sum + each, 0n);
    assert.ok(paid > 0n);
    assert.equal(await credit(), paid);
    assert.equal(await balanceOf(writer, { who: payer.address }), 1_000_000_000n - 100_000_000n - paid);
    for (const end of ends) {
      if (end.status === "fulfilled") continue;
      const { reason } = end;
      assert.ok(reason instanceof Worker3Error && reason.txHash !== undefined, String(reason));
      if (reason.code === "TX_REPLACED") continue; // nothing of it happened
      // It was mined, and failed: whether that is so is for a person to look up.
      assert.ok(reason instanceof ContractError, String(reason));
      const { status } = await writer.publicClient.getTransactionReceipt({ hash: reason.txHash });
      assert.equal(status, "reverted");
    }
  });

  it("is taken once where an RPC says of what was mined that it failed", async () => {
    await begin(undefined);
    proxy.answer = async (call, ask) => {
      const answer = await ask(call);
      const receipt = answer as { to: Address } | null;
      if (call.method !== "eth_getTransactionReceipt" || receipt === null) return answer;
      return isAddressEqual(receipt.to, escrow) ? { ...receipt, status: "0x0", logs: [] } : answer;
    };
    const sent: Hash[] = [];
    const reverted: Hash[] = [];
    const input = {
      projectId: 1n,
      amount: 5n,
      onSent: (hash: Hash) => void sent.push(hash),
      onReverted: (hash: Hash) => void reverted.push(hash),
    };
    const call = deposit.call(writer, input);
    const paying = spend(writer, { ...input, spender: escrow, call, send: () => deposit(writer, input) });
    const error: unknown = await paying.catch((cause: unknown) => cause);
    assert.equal(sent.length, 2, "one approval and one deposit");
    assert.ok(error instanceof ContractError);
    assert.deepEqual([error.txHash, ...reverted], [sent[1], sent[1]]);
    proxy.answer = undefined;
    assert.equal(await credit(), 5n);
  });

  it("is permitted for the domain that USDC has, which tells none by EIP-5267", async () => {
    await begin("LikeUsdc");
    const deadline = BigInt(Math.floor(Date.now() / 1000)) + 1_000_000n;
    const permit = await signPermit(writer, { spender: escrow, amount: 7n, deadline });
    await depositWithPermit(writer, { projectId: 1n, amount: 7n, permit });
    assert.equal(await credit(), 7n);
  });

  it("of a token without permits is told to approve", async () => {
    await begin("LikeUsdt");
    const deadline = BigInt(Math.floor(Date.now() / 1000)) + 1_000_000n;
    const error = await rejectsCode(
      signPermit(writer, { spender: escrow, amount: 7n, deadline }),
      "NO_ASSET_DOMAIN",
    );
    assert.match(error.next ?? "", /approve/);
  });
});
