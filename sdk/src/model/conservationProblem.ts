import type { Model } from "./model.ts";

/**
 * What is wrong with the money of a model, undefined where nothing is: the escrow holds exactly credits, `held` and fees;
 * the registry exactly the stakes; `held` is exactly what the nodes' buckets and payables, the open disputes and the
 * refunds add up to; nothing is negative; and no token came or went but by `mint`.
 *
 * @param minted All that was ever minted, in base units.
 */
export function conservationProblem(model: Model, minted: bigint): string | undefined {
  const { escrowTokens, registryTokens, held, fees } = model;
  const credits = sum(model.projects.map(({ credit }) => credit.balance));
  const stakes = sum(model.nodes.map(({ stake }) => stake));
  const wallets = sum(model.wallets.values());
  const refunds = sum(model.refunds.values());
  let owed = refunds;
  for (const { payable, buckets } of model.nodes) {
    owed += payable.amount + payable.fee;
    for (const { pending } of buckets.values()) owed += pending;
  }
  for (const { amount, dispute } of model.disputed) owed += amount + (dispute?.bond ?? 0n);
  const equal: [string, bigint, bigint][] = [
    ["escrow = credits + held + fees", escrowTokens, credits + held + fees],
    ["registry = stakes", registryTokens, stakes],
    ["held = buckets + payables + disputes + refunds", held, owed],
    ["tokens = minted", wallets + escrowTokens + registryTokens, minted],
  ];
  const broken = equal.find(([, left, right]) => left !== right);
  if (broken) return `${broken[0]}: ${broken[1]} is not ${broken[2]}`;
  for (const { projectId, credit } of model.projects) {
    if (credit.balance < 0n || credit.thawing > credit.balance) return `the credit of project ${projectId}`;
  }
  for (const { nodeId, stake, thawing } of model.nodes) {
    if (stake < 0n || thawing > stake) return `the stake of node ${nodeId}`;
  }
  for (const [who, amount] of model.wallets) if (amount < 0n) return `the wallet of ${who}`;
  return undefined;
}

function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}
