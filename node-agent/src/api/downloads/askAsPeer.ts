import { hashMessage, type SignedRequest, type SigningNetwork } from "@worker3/sdk";
import type { KeyThread } from "../keys/createKeyThread.ts";
import { encodeRequestHeader, REQUEST_HEADER } from "../requestHeader.ts";

/** For how long a request to another node is good: clocks differ, and the way takes a moment. */
const GOOD_SECONDS = 300;

export interface AskAsPeerOptions {
  readonly network: SigningNetwork;
  readonly keys: Pick<KeyThread, "sign">;
  readonly nowSeconds: () => number;
  /** Whether this agent speaks for its node. */
  readonly maySign: () => boolean;
}

/**
 * The headers by which another node knows that one of a project's replicas asks it, and not somebody; see `askerOf`. Without
 * them it answers like anybody, so none are sent where nothing can be signed.
 */
export function askAsPeer({ network, keys, nowSeconds, maySign }: AskAsPeerOptions) {
  return async (nodeId: number, path: string): Promise<Record<string, string>> => {
    if (!maySign()) return {};
    const deadline = BigInt(nowSeconds() + GOOD_SECONDS);
    const request: SignedRequest = { method: "GET", path, nodeId, deadline };
    try {
      const signature = await keys.sign(hashMessage(network, "SignedRequest", request));
      return { [REQUEST_HEADER]: encodeRequestHeader(request, signature) };
    } catch {
      return {};
    }
  };
}
