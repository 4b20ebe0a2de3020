import { parseDeploymentCid } from "@worker3/sdk";
import { UsageError } from "../errors.ts";

/** Where a CAR may be had: a node's endpoint or a trustless gateway, as `https://host[:port]`, with a path before `/ipfs`. */
export interface CarSource {
  readonly name: string;
  readonly url: string;
}

/** The replicas as sources. */
export function replicaSources(
  replicas: readonly { readonly nodeId: number; readonly endpoint: string }[],
): CarSource[] {
  return replicas
    .filter(({ endpoint }) => endpoint !== "")
    .map(({ nodeId, endpoint }) => ({ name: `node ${nodeId}`, url: endpoint }));
}

/**
 * Reads `--gateway`.
 *
 * @throws {UsageError} `USAGE`.
 */
export function gatewaySource(text: string): CarSource {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError({ message: "A gateway is an http(s) URL.", value: text });
  }
  return { name: text, url: text.replace(/\/+$/, "") };
}

/** Whether a text is meant as a CID; a domain has a dot, an id is digits. */
export function isCid(text: string): boolean {
  return !text.includes(".") && !/^\d+$/.test(text);
}

/** The shortest CID that anybody writes, of version 0, has so many characters. */
const LEAST_CID = 46;

/**
 * A deployment's CID, checked.
 *
 * @throws {UsageError} `USAGE`: no CID is so short; what `parseDeploymentCid` throws.
 */
export function cidRef(text: string): string {
  if (text.length < LEAST_CID) {
    throw new UsageError({
      message: "This is neither a project's id, nor a domain of the network, nor a CID.",
      value: text,
      next: "name a project by its whole domain, as <name>.<zone>, or by its id, or give the 59 characters of a CID",
    });
  }
  return parseDeploymentCid(text).text;
}
