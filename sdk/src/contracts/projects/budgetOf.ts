import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface BudgetOfParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * The larger of what all seats together may charge in the current and in the next epoch, in base units.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function budgetOf(client: NetworkClient, parameters: BudgetOfParameters): Promise<bigint> {
  const { projectId, at } = parameters;
  return readView(
    client,
    { ...projectRegistry(client), functionName: "budgetOf", args: [projectId] },
    { at },
  );
}
