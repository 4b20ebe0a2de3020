import { encodeFunctionData } from "viem";
import { connection, deployNetwork, networkHelpers } from "./support/network.ts";
import { createProject, currentEpoch, registerNode, nextEpoch } from "./support/scenario.ts";
describe("probe", () => {
  it("measures", async () => {
    const t = await networkHelpers.loadFixture(deployNetwork);
    const nodeId = await registerNode(t);
    const projectId = await createProject(t, { nodeIds: [nodeId] });
    console.log("epoch", await currentEpoch(t));
    const p = connection.provider;
    const time = async (name: string, n: number, f: () => Promise<unknown>) => {
      const s = performance.now();
      for (let i = 0; i < n; i++) await f();
      console.log(name, ((performance.now() - s) / n).toFixed(3), "ms");
    };
    const data = encodeFunctionData({ abi: t.projects.abi, functionName: "close", args: [projectId] });
    const call = { from: t.owner.account.address, to: t.projects.address, data, gas: "0xf4240" };
    await time("eth_call ok", 300, () => p.request({ method: "eth_call", params: [call, "latest"] }));
    await time("eth_call pending", 300, () => p.request({ method: "eth_call", params: [call, "pending"] }));
    await time("eth_call revert", 300, () => p.request({ method: "eth_call", params: [{ ...call, from: t.stranger.account.address }, "latest"] }).catch((e: unknown) => e));
    await time("par 14", 50, () => Promise.all(Array.from({ length: 14 }, () => p.request({ method: "eth_call", params: [{ ...call, from: t.stranger.account.address }, "latest"] }).catch((e: unknown) => e))));
    const e: any = await p.request({ method: "eth_call", params: [{ ...call, from: t.stranger.account.address }, "latest"] }).catch((e: unknown) => e);
    console.log(e.data, e.message);
    await time("send", 3, () => p.request({ method: "eth_sendTransaction", params: [{ from: t.owner.account.address, to: t.projects.address, gas: "0xf4240", data: encodeFunctionData({ abi: t.projects.abi, functionName: "setBudget", args: [projectId, 500000] }) }] }));
    await time("snap", 50, () => p.request({ method: "evm_snapshot", params: [] }));
    await time("snap+revert", 50, async () => p.request({ method: "evm_revert", params: [await p.request({ method: "evm_snapshot", params: [] })] }));
    await time("snap+send+revert", 50, async () => { const id = await p.request({ method: "evm_snapshot", params: [] });
      await p.request({ method: "eth_sendTransaction", params: [{ from: t.owner.account.address, to: t.projects.address, gas: "0xf4240", data }] });
      await p.request({ method: "evm_revert", params: [id] }) });
    console.log((await p.request({ method: "eth_getProof", params: [t.projects.address, [], "latest"] }).catch((e: unknown) => String(e))));
    await time("proof", 20, () => p.request({ method: "eth_getProof", params: [t.projects.address, [], "latest"] }).catch((e: unknown) => String(e)));
    const ts = async (tag: string) => BigInt(await p.request({ method: "eth_call", params: [{ data: "0x425f5260205ff3" }, tag] }) as string);
    const b: any = await p.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
    console.log("ts", BigInt(b.timestamp), await ts("latest"), await ts("pending"));
    const epoch0 = await currentEpoch(t);
    await time("nextEpoch mine", 5, async () => { await p.request({ method: "evm_increaseTime", params: ["0x14"] }); await p.request({ method: "evm_mine", params: [] }); });
    await time("getBlock", 50, () => p.request({ method: "eth_getBlockByNumber", params: ["latest", false] }));
  });
});
