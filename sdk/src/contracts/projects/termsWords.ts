import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { projectRegistry } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

export interface TermsWordsParameters extends ReadOptions {
  readonly projectIds: readonly bigint[];
  readonly epoch: number;
}

/**
 * The terms words of many projects for one epoch, see `unpackTerms`; 0 for a project that has none.
 *
 * @throws `RPC_UNREACHABLE` and its like.
 */
export async function termsWords(
  client: NetworkClient,
  parameters: TermsWordsParameters,
): Promise<readonly bigint[]> {
  const { projectIds, epoch, at } = parameters;
  return readView(
    client,
    { ...projectRegistry(client), functionName: "termsWords", args: [projectIds, epoch] },
    { at, alone: true },
  );
}
