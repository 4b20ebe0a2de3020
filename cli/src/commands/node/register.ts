import { asset, nodes } from "@worker3/sdk";
import { defineCommand, option, requiredOption } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { positiveAmount } from "../../inputs/amount.ts";
import { region as parseRegion } from "../../inputs/list.ts";
import { readNodeFile, writeNodeFile } from "../../nodeState/nodeFile.ts";
import { readOperatorKey } from "../../nodeState/operatorKey.ts";
import { stateDirectory, stateOption } from "../../nodeState/stateOption.ts";
import { formatSpan } from "../../text/formatSpan.ts";
import { usd } from "../../text/usd.ts";

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
    endpoint: requiredOption("--endpoint <url>", "where others reach the node: https://host[:port]"),
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
    const { address: operator } = await readOperatorKey(file.operatorKeyFile);
    const client = await context.writer();
    const stake = wanted ?? (await nodes.minStake(client));
    const { address: owner } = await context.account();
    const spender = client.network.contracts.nodeRegistry;
    const entry = { operator, region, endpoint, stake, ...context.writes };
    const spending = { spender, amount: stake, call: nodes.register.call(client, entry) };
    // All of it before anything is asked or approved: the endpoint, the region, the least stake, the balance.
    await asset.checkSpending(client, spending);
    const { stakeThaw, epochSeconds } = client.network.times;
    const thaw = formatSpan((stakeThaw + 1) * epochSeconds);
    await context.confirm(
      `Register a node in ${region} at ${endpoint}, with ${operator} as operator? The stake can be slashed; it leaves at most ${stakeThaw + 1} epochs (${thaw}) after it is asked back.`,
      { cost: `a stake of ${usd(stake)}` },
    );
    using progress = context.progress("Waiting for the transactions");
    const send = () => nodes.register(client, entry);
    const sent = await asset.spend(client, { ...spending, ...context.writes, send });
    await writeNodeFile(state, { nodeId: sent.nodeId, ...file.content });
    progress.done();
    const { nodeId, txHash } = sent;
    context.out(
      { nodeId, owner, operator, region, endpoint, stake: sent.stake, txHash, state },
      `Node ${nodeId} is registered with a stake of ${usd(sent.stake)}.\nNext: worker3 node start`,
    );
  },
});
