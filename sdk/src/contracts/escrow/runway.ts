import type { NetworkClient } from "../../network/createNetworkClient.ts";
import { creditEscrow } from "../contracts.ts";
import { type ReadOptions, readView } from "../readView.ts";

/** The contract's way to say: for ever. */
const UNLIMITED = (1n << 256n) - 1n;

export interface Runway {
  /** Whole epochs. */
  readonly epochs: bigint;
  /** The same in seconds. */
  readonly runwaySeconds: bigint;
}

export interface RunwayParameters extends ReadOptions {
  readonly projectId: bigint;
}

/**
 * For how long the available credit pays the whole budget; undefined when nothing is charged.
 *
 * @throws `UNKNOWN_PROJECT`, or that the chain cannot be asked.
 */
export async function runway(
  client: NetworkClient,
  parameters: RunwayParameters,
): Promise<Runway | undefined> {
  const { projectId, at } = parameters;
  const [epochs, runwaySeconds] = await readView(
    client,
    { ...creditEscrow(client), functionName: "runway", args: [projectId] },
    { at },
  );
  return epochs === UNLIMITED ? undefined : { epochs, runwaySeconds };
}
