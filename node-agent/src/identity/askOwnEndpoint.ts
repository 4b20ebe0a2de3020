import { parseJson, readText, type SigningNetwork, verifyEndpointProof } from "@worker3/sdk";
import { type Dispatcher, request } from "undici";
import { type Address, bytesToHex, type Hash, type Hex, isHex } from "viem";
import { z } from "zod";

export interface OwnEndpointQuestion {
  readonly network: SigningNetwork;
  readonly nodeId: number;
  readonly endpoint: string;
  /** The address of this agent's key. */
  readonly operator: Address;
  /** Whether this very process was asked with the nonce. */
  readonly wasAskedHere: (nonce: Hash) => boolean;
  readonly dispatcher?: Dispatcher | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Who answers at the node's endpoint. `self`: this process. `other`: somebody else with the operator's key, by the random
 * id of its start. `unknown`: nobody, or nobody with that key; which says nothing of other agents of this node.
 */
export type OwnEndpointAnswer =
  | { readonly who: "self" }
  | { readonly who: "unknown"; readonly why: string }
  | { readonly who: "other"; readonly instance: string };

const MAX_BYTES = 65_536;

const answerSchema = z.object({
  instance: z.string().max(64).default("unknown"),
  proof: z.object({ signature: z.custom<Hex>((value) => isHex(value)) }),
});

/**
 * Asks the node's own endpoint a fresh nonce. The operator's signature shows that it was answered by one who has the key; if
 * this process was not asked, there is another one. So nobody on the way can make this agent believe in one.
 *
 * @throws The signal's reason.
 */
export async function askOwnEndpoint(question: OwnEndpointQuestion): Promise<OwnEndpointAnswer> {
  const { network, nodeId, endpoint, operator, wasAskedHere, dispatcher, timeoutMs, signal } = question;
  const nonce = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  try {
    const { statusCode, body } = await request(`${endpoint}/.well-known/worker3/node?nonce=${nonce}`, {
      ...(dispatcher === undefined ? {} : { dispatcher }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headers: { "user-agent": "worker3-node" },
    });
    const answer = answerSchema.safeParse(parseJson(await readText(body, endpoint, MAX_BYTES)));
    if (statusCode !== 200) return { who: "unknown", why: `it answered ${statusCode}` };
    if (!answer.success) return { who: "unknown", why: "something that is no agent answered" };
    const { instance, proof } = answer.data;
    const { signature } = proof;
    await verifyEndpointProof({
      network,
      proof: { nodeId, endpoint, nonce },
      signature,
      signer: operator,
    });
    return wasAskedHere(nonce) ? { who: "self" } : { who: "other", instance };
  } catch (error) {
    signal.throwIfAborted();
    return { who: "unknown", why: messageOf(error) };
  }
}

/** What tells an address that refuses from one that is silent; an agent with another key says so by its signature. */
function messageOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return first === "" ? String(code ?? "no answer") : first;
}
