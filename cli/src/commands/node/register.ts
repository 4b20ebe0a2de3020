import { asset, type NetworkClient, nodes } from "@worker3/sdk";
import type { Address } from "viem";
import { defineCommand, option, requiredOption } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { positiveAmount } from "../../inputs/amount.ts";
import { region as parseRegion } from "../../inputs/list.ts";
import { checkScheme, endpointDoubt, listenText } from "../../nodeState/nodeEndpoint.ts";
import { type NodeFile, readNodeFile, writeNodeFile } from "../../nodeState/nodeFile.ts";
import { gasDoubt, operatorGas } from "../../nodeState/operatorGas.ts";
import { readOperatorKey } from "../../nodeState/operatorKey.ts";
import { stateDirectory, stateOption } from "../../nodeState/stateOption.ts";
import { formatSpan } from "../../text/formatSpan.ts";
import { usd } from "../../text/usd.ts";
import { registeredBefore } from "./registeredBefore.ts";

/** `worker3 node register` */
export const register = defineCommand({
  name: "register",
  summary: "stakes and enters the node on chain",
  description:
    "Enters the node of a folder on chain, with a stake from the acting account, which becomes its owner: it is paid and may take the stake out again.",
  options: {
    state: stateOption,
    region: requiredOption(
      "--region <code>",
      "where the machine stands: wnam enam sam weur eeur apac oc afr me",
      parseRegion,
    ),
    endpoint: requiredOption(
      "--endpoint <url>",
      "where others reach the node: https://host[:port], on a devnet http:// too",
    ),
    stake: option("--stake <amount>", "in whole tokens; default: the least that is taken", positiveAmount),
  },
  examples: ["worker3 node register --region weur --endpoint https://n1.example.com --stake 500"],
  async run(context, { state: given, region, endpoint, stake: wanted }) {
    const state = stateDirectory(given);
    const file = await readNodeFile(state);
    if (file.nodeId !== undefined) {
      throw new CliError({
        code: "NODE_REGISTERED",
        message: `The node of this folder is registered as node ${file.nodeId}.`,
        value: String(file.nodeId),
        next: "start it: worker3 node start",
      });
    }
    context.defaultNetwork(file.network);
    checkScheme(await context.network(), endpoint);
    const { address: operator } = await readOperatorKey(file.operatorKeyFile);
    const client = await context.writer();
    const { address: owner } = await context.account();
    const doubts = await doubtsOf(client, { file, endpoint, operator });
    const before = await registeredBefore(client, { owner, operator, endpoint, signal: context.signal });
    if (before !== undefined) {
      const { node, txHash } = before;
      for (const doubt of doubts) context.note(doubt);
      await writeNodeFile(state, { nodeId: node.nodeId, ...file.content });
      return context.out(
        {
          nodeId: node.nodeId,
          owner,
          operator,
          region: node.region,
          endpoint,
          stake: node.stake,
          txHash,
          state,
          notes: doubts,
        },
        `This is node ${node.nodeId}, which an earlier run registered: nothing is staked again.\nNext: worker3 node start`,
      );
    }
    const stake = wanted ?? (await nodes.minStake(client));
    const spender = client.network.contracts.nodeRegistry;
    const entry = { operator, region, endpoint, stake, ...context.writes };
    const spending = { spender, amount: stake, call: nodes.register.call(client, entry) };
    // All of it before anything is asked or approved: the endpoint, the region, the least stake, the balance.
    await asset.checkSpending(client, spending);
    for (const doubt of doubts) context.note(doubt);
    const { stakeThaw, epochSeconds } = client.network.times;
    const factor = BigInt(await nodes.seatStakeFactor(client));
    const highestCap = factor === 0n ? undefined : stake / factor;
    const seats =
      highestCap === undefined ? "" : ` It is enough for seats with a cap of up to ${usd(highestCap)}.`;
    const thaw = formatSpan((stakeThaw + 1) * epochSeconds);
    await context.confirm(
      `Register a node in ${region} at ${endpoint}, with ${operator} as operator, listening on ${listenText(file.listen)}?${seats} The stake can be slashed; it leaves at most ${stakeThaw + 1} epochs (${thaw}) after it is asked back.`,
      { cost: `a stake of ${usd(stake)}` },
    );
    using progress = context.progress("Waiting for the transactions");
    const send = () => nodes.register(client, entry);
    const sent = await asset.spend(client, { ...spending, ...context.writes, send });
    await writeNodeFile(state, { nodeId: sent.nodeId, ...file.content });
    progress.done();
    const { nodeId, txHash } = sent;
    context.out(
      {
        nodeId,
        owner,
        operator,
        region,
        endpoint,
        stake: sent.stake,
        highestCap,
        txHash,
        state,
        notes: doubts,
      },
      `Node ${nodeId} is registered with a stake of ${usd(sent.stake)}.${seats}\nNext: worker3 node start, which also says on chain that it takes projects`,
    );
  },
});

/** What is no reason to refuse, and a reason to think again before a stake is bound. */
async function doubtsOf(
  client: NetworkClient,
  { file, endpoint, operator }: { file: NodeFile; endpoint: string; operator: Address },
): Promise<string[]> {
  const gas = await operatorGas(client, operator);
  return [endpointDoubt(endpoint, file.listen), gasDoubt(operator, gas)].filter(
    (doubt) => doubt !== undefined,
  );
}
