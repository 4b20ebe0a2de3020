import { addressesOf, type Call, contractKeys, contractTable, type Network, projects } from "@worker3/sdk";
import { usd } from "../text/usd.ts";

type Args = readonly unknown[];

/** What each call of a command does, in a few words; by the names of the contracts' functions. */
const WORDS: Readonly<Record<string, (args: Args, network: Network) => string>> = {
  approve: ([spender, amount], network) => `approve ${money(amount)} for ${nameOf(spender, network)}`,
  // Nodes.
  register: ([, , endpoint, stake]) => `register a node at ${endpoint}, stake ${money(stake)}`,
  addStake: ([nodeId, amount]) => `add ${money(amount)} to the stake of node ${nodeId}`,
  requestUnstake: ([nodeId, amount]) => `ask ${money(amount)} of the stake of node ${nodeId} back`,
  cancelUnstake: ([nodeId]) => `take the request for stake of node ${nodeId} back`,
  withdrawStake: ([nodeId]) => `withdraw stake of node ${nodeId}`,
  setPresence: ([nodeId, untilEpoch]) => `say that node ${nodeId} lives until epoch ${untilEpoch}`,
  claim: ([nodeId]) => `claim what node ${nodeId} earned`,
  // Projects.
  deploy: ([domain]) => `deploy ${domain}`,
  createProjectOn: ([domain]) => `create a project at ${domain}`,
  createProject: ([domain]) => `create a project at ${domain}`,
  addVersion: ([projectId, , live]) =>
    `${live === true ? "add a version to" : "propose a version of"} project ${projectId}`,
  activate: ([projectId, version]) => `activate version ${version} of project ${projectId}`,
  split: ([projectId, version, bps]) =>
    Number(bps) === 0
      ? `end the split of project ${projectId}`
      : `show version ${version} of project ${projectId} to ${Number(bps) / 100} %`,
  setReplicas: ([projectId, nodeIds]) => `serve project ${projectId} from nodes ${String(nodeIds)}`,
  setBudget: ([projectId, cap]) => `set the cap of project ${projectId} to ${money(cap)}`,
  grow: ([projectId, cap, nodeIds]) =>
    `give project ${projectId} a cap of ${money(cap)}${String(nodeIds) === "" ? "" : ` and nodes ${String(nodeIds)}`} now`,
  setDelegate: ([projectId, who, rights]) => {
    const may = projects.rightsOf(Number(rights));
    return may === "none"
      ? `take the right to deploy project ${projectId} from ${who}`
      : `let ${who} ${may === "deploy" ? "deploy" : "propose versions of"} project ${projectId}`;
  },
  transferOwnership: ([projectId, owner]) => `offer project ${projectId} to ${owner}`,
  acceptOwnership: ([projectId]) => `accept project ${projectId}`,
  close: ([projectId]) => `close project ${projectId}`,
  claimDomain: ([projectId, domain]) => `claim ${domain} for project ${projectId}`,
  releaseDomain: ([projectId, domain]) => `give up ${domain} of project ${projectId}`,
  // Credit.
  deposit: ([projectId, amount]) => `deposit ${money(amount)} for project ${projectId}`,
  depositAt: ([domain, owner, amount]) => `deposit ${money(amount)} for the project of ${owner} at ${domain}`,
  collectRefund: ([to]) => `collect what disputes left, for ${to}`,
  requestWithdraw: ([projectId, amount]) => `ask ${money(amount)} of the credit of project ${projectId} back`,
  cancelWithdraw: ([projectId]) => `take the request for credit of project ${projectId} back`,
  withdraw: ([projectId]) => `withdraw credit of project ${projectId}`,
  // Receipts.
  release: ([nodeId, epoch]) => `release the receipt of node ${nodeId} in epoch ${epoch}`,
  dispute: ([nodeId, epoch]) => `dispute the receipt of node ${nodeId} in epoch ${epoch}`,
};

/** What a transaction does, for the line that tells of it: `approve 10 USD for CreditEscrow`. */
export function describeCall({ address, functionName, args }: Call, network: Network): string {
  return WORDS[functionName]?.(args, network) ?? `${functionName} of ${nameOf(address, network)}`;
}

function money(amount: unknown): string {
  return usd(BigInt(String(amount)));
}

function nameOf(address: unknown, { contracts }: Network): string {
  const wanted = String(address).toLowerCase();
  const [found] = addressesOf(contracts, contractKeys).find(([, at]) => at.toLowerCase() === wanted) ?? [];
  return found === undefined ? String(address) : contractTable[found].name;
}
