import { randomUUID } from "node:crypto";
import type { SigningNetwork } from "@worker3/sdk";
import type { Logger } from "pino";
import { type Address, type Hash, isAddressEqual } from "viem";
import type { ChainNode } from "../chain/view/nodes.ts";
import { askOwnEndpoint, type OwnEndpointAnswer } from "./askOwnEndpoint.ts";
import { IdentityError, wrongKeyError } from "./IdentityError.ts";

export interface IdentityWatchParts {
  readonly network: SigningNetwork;
  readonly nodeId: number;
  /** The address of this agent's key. */
  readonly operator: Address;
  /** What the chain says of the node, as far as its RPCs agree. */
  readonly node: () => Pick<ChainNode, "operator" | "endpoint"> | undefined;
  readonly timeoutMs: number;
  readonly logger: Pick<Logger, "error" | "info" | "warn">;
}

/**
 * Whether this agent speaks for its node. Where it does not it signs and sends nothing until it does again; what it serves
 * it goes on to serve and to count.
 */
export interface IdentityWatch {
  /** A random id of this process, new at each start; in the node's document. */
  readonly instance: string;
  /** Why nothing is to be signed now; undefined where this agent speaks for the node. */
  refusal(): IdentityError | undefined;
  /**
   * That this agent did not reach itself when it asked the node's endpoint last. It ends nothing: a machine behind a router
   * may not reach its own public address though others do.
   */
  unreached(): IdentityError | undefined;
  /** A nonce that this process was asked with. */
  noteNonce(nonce: Hash): void;
  /** Asks the node's endpoint who answers there. @throws The signal's reason. */
  askEndpoint(signal: AbortSignal): Promise<void>;
  /** Logs when the answer of `refusal` changed. */
  look(): void;
}

/** So often in a row another one has to answer: when an agent moves to another machine, both do once. */
const TIMES = 2;
/** Of the nonces that strangers ask with, the last so many; the agent's own comes back at once. */
const NONCES = 1_024;

export function createIdentityWatch(parts: IdentityWatchParts): IdentityWatch {
  const { network, nodeId, operator, node, timeoutMs, logger } = parts;
  const nonces = new Set<Hash>();
  let others = 0;
  let other: { readonly endpoint: string; readonly instance: string } | undefined;
  let told: IdentityError | undefined;
  let missed: { readonly endpoint: string; readonly why: string; readonly times: number } | undefined;

  function refusal(): IdentityError | undefined {
    const known = node();
    if (known !== undefined && !isAddressEqual(known.operator, operator))
      return wrongKeyError(nodeId, operator, known.operator);
    return other !== undefined && others >= TIMES ? otherError(nodeId, other) : undefined;
  }

  function note(endpoint: string, answer: OwnEndpointAnswer): void {
    noteMissed(endpoint, answer);
    // Nobody at home says nothing: what was known holds.
    if (answer.who === "unknown") return;
    others = answer.who === "self" ? 0 : others + 1;
    other = answer.who === "self" ? undefined : { endpoint, instance: answer.instance };
  }

  function noteMissed(endpoint: string, answer: OwnEndpointAnswer): void {
    if (answer.who !== "unknown") {
      missed = undefined;
      return;
    }
    const before = missed?.endpoint === endpoint ? missed.times : 0;
    missed = { endpoint, why: answer.why, times: before + 1 };
    if (missed.times === TIMES)
      logger.warn({ err: unreachedError(nodeId, missed) }, "nobody may reach the node");
  }

  return {
    instance: randomUUID(),
    refusal,
    // Of an endpoint that the chain names no more nothing is told.
    unreached: () =>
      missed !== undefined && missed.endpoint === node()?.endpoint
        ? unreachedError(nodeId, missed)
        : undefined,
    noteNonce(nonce) {
      nonces.add(nonce);
      const [oldest] = nonces;
      if (nonces.size > NONCES && oldest !== undefined) nonces.delete(oldest);
    },
    async askEndpoint(signal) {
      const { endpoint = "" } = node() ?? {};
      if (endpoint === "") return;
      const wasAskedHere = (nonce: Hash) => nonces.has(nonce);
      note(
        endpoint,
        await askOwnEndpoint({ network, nodeId, endpoint, operator, wasAskedHere, timeoutMs, signal }),
      );
    },
    look() {
      const now = refusal();
      if (now?.code === told?.code) return;
      told = now;
      if (now === undefined) logger.info({ nodeId }, "this agent speaks for its node again");
      else
        logger.error({ err: now }, "this agent does not speak for its node; it serves on and signs nothing");
    },
  };
}

function otherError(
  nodeId: number,
  { endpoint, instance }: { endpoint: string; instance: string },
): IdentityError {
  return new IdentityError({
    code: "OTHER_INSTANCE",
    message: `another agent answers at the endpoint of node ${nodeId} with its operator's key (instance ${instance})`,
    value: endpoint,
    next: "stop one of the two: this agent serves on, but signs and sends nothing while the other one answers there",
  });
}

function unreachedError(
  nodeId: number,
  { endpoint, why }: { readonly endpoint: string; readonly why: string },
): IdentityError {
  return new IdentityError({
    code: "ENDPOINT_UNREACHED",
    message: `this agent did not reach itself at the endpoint of node ${nodeId}, ${endpoint}: ${why}`,
    value: endpoint,
    next: "see that the endpoint leads to where the agent listens (listen in node.json, a proxy, a firewall), or have the owner name another (NodeRegistry.setEndpoint); a machine behind a router may not reach itself though others do",
  });
}
