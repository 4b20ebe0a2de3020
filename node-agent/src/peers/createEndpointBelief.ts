import { parseJson, readText, type SigningNetwork, verifyEndpointProof, Worker3Error } from "@worker3/sdk";
import { type Dispatcher, request } from "undici";
import { type Address, bytesToHex, type Hex, isHex, type PublicClient } from "viem";
import { z } from "zod";
import { monotonicMs } from "../process/monotonicMs.ts";

/** A node as the registry names it; strangers wrote it. */
export interface Peer {
  readonly nodeId: number;
  readonly operator: Address;
  /** `http(s)://host[:port]` */
  readonly endpoint: string;
}

/** `ENDPOINT_UNPROVEN`: an endpoint did not show that it belongs to the node that names it. `value` is the endpoint. */
export class EndpointUnprovenError extends Worker3Error {
  constructor(peer: Peer, reason: string, cause?: unknown) {
    super({
      code: "ENDPOINT_UNPROVEN",
      message: `the endpoint of node ${peer.nodeId} does not answer for its operator: ${reason}`,
      value: peer.endpoint,
      next: "the node's operator has to correct its endpoint, or the key that the agent signs with",
      cause,
    });
  }
}

export interface EndpointBeliefOptions {
  readonly network: SigningNetwork;
  /** Reaches what strangers name; see `createPeerDispatcher`. */
  readonly dispatcher: Dispatcher;
  /** Asks operators that are contracts (ERC-1271). */
  readonly publicClient?: Pick<PublicClient, "call"> | undefined;
  readonly timeoutMs: number;
  /** Unix ms, for tests. */
  readonly nowMs?: (() => number) | undefined;
}

/** A proven endpoint is believed so long. */
const BELIEVED_MS = 10 * 60_000;
const MAX_BYTES = 65_536;
const MAX_BELIEFS = 10_000;

const answerSchema = z.object({
  proof: z.object({ endpoint: z.string(), signature: z.custom<Hex>((value) => isHex(value)) }),
});

/**
 * Makes sure that an endpoint is the node's that names it, before it is asked for anything large: it has to answer a
 * fresh nonce with its operator's signature. So nobody makes a network's agents call on somebody else's machine.
 *
 * @returns Resolves when the endpoint is believed.
 * @throws {EndpointUnprovenError} from what is returned; the signal's reason.
 */
export function createEndpointBelief(
  options: EndpointBeliefOptions,
): (peer: Peer, signal: AbortSignal) => Promise<void> {
  const { nowMs = monotonicMs } = options;
  const believedUntil = new Map<string, number>();
  return async (peer, signal) => {
    const key = [peer.nodeId, peer.operator, peer.endpoint].join(" ");
    if ((believedUntil.get(key) ?? 0) > nowMs()) return;
    believedUntil.delete(key);
    try {
      await prove(peer, signal, options);
    } catch (error) {
      signal.throwIfAborted();
      throw new EndpointUnprovenError(peer, error instanceof Error ? error.message : String(error), error);
    }
    if (believedUntil.size >= MAX_BELIEFS) believedUntil.clear();
    believedUntil.set(key, nowMs() + BELIEVED_MS);
  };
}

async function prove(peer: Peer, signal: AbortSignal, options: EndpointBeliefOptions): Promise<void> {
  const { nodeId, operator, endpoint } = peer;
  const { network, dispatcher, publicClient, timeoutMs } = options;
  const nonce = bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
  const { statusCode, body } = await request(`${endpoint}/.well-known/worker3/node?nonce=${nonce}`, {
    dispatcher,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    headers: { "user-agent": "worker3-node" },
  });
  const text = await readText(body, endpoint, MAX_BYTES);
  if (statusCode !== 200) throw new Error(`it answers with status ${statusCode}`);
  const answer = answerSchema.safeParse(parseJson(text));
  if (!answer.success) throw new Error("it answers without a proof");
  const { proof } = answer.data;
  if (proof.endpoint !== endpoint) throw new Error(`it answers for ${proof.endpoint}`);
  await verifyEndpointProof({
    network,
    proof: { nodeId, endpoint, nonce },
    signature: proof.signature,
    signer: operator,
    publicClient,
  });
}
