import { escrow } from "@worker3/sdk";
import { defineCommand, option } from "../../command.ts";
import { address } from "../../inputs/address.ts";
import { usd } from "../../text/usd.ts";

/** `worker3 credit refund [--to ADDR]` */
export const refund = defineCommand({
  name: "refund",
  summary: "collects what disputes left to an account",
  description:
    "Collects what disputes left to the acting account: bonds that came back, and shares of slashes. --to pays it to another account.",
  options: { to: option("--to <address>", "who receives it; default: the acting account", address) },
  examples: [
    "worker3 credit refund",
    "worker3 credit refund --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  ],
  async run(context, { to: named }) {
    const client = await context.writer();
    const { address: who } = await context.account();
    const to = named ?? who;
    const owed = await escrow.refundOf(client, { who });
    // Of nothing the contract says so itself.
    if (owed > 0n && to !== who)
      await context.confirm(`Pay the ${usd(owed)} that are owed to ${who} to ${to}?`);
    const { txHash, amount } = await escrow.collectRefund(client, { to, ...context.writes });
    context.out({ who, to, amount, txHash }, `${usd(amount)} went to ${to}.`);
  },
});
