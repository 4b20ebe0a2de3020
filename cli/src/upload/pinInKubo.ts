import type { Car } from "@worker3/sdk";
import { openKubo } from "@worker3/sdk/node";

/** How long the daemon may be silent. */
const IDLE_MS = 60_000;

export interface PinInKuboParameters {
  /** Of the RPC API of an IPFS daemon. */
  readonly url: string;
  readonly car: Car;
  /** What the pin is called. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** What became of it. */
export interface PinnedInKubo {
  readonly url: string;
  readonly pinned: true;
  /** The pin's name; empty where an earlier one has none. */
  readonly name: string;
  /** It was there before, and was left as it is. */
  readonly wasPinned: boolean;
}

/**
 * Has an IPFS daemon hold a content. A pin that is there stays as it is, but that of a node, which goes when the node
 * drops the content, becomes one that stays.
 *
 * @throws {KuboError}; what reading the CAR throws.
 */
export async function pinInKubo(parameters: PinInKuboParameters): Promise<PinnedInKubo> {
  const { car, name, signal, onProgress } = parameters;
  const kubo = await openKubo({ url: parameters.url, idleMs: IDLE_MS });
  const { url } = kubo;
  const there = await kubo.pinOf(car.cid, signal);
  if (there !== undefined && !isOfNode(there.name)) {
    return { url, pinned: true, name: there.name, wasPinned: true };
  }
  if (there === undefined) {
    onProgress(`Handing ${car.bytes} bytes to the IPFS daemon`);
    await kubo.importCar(car.open(signal), signal);
  }
  await kubo.pin(car.cid, name, signal);
  return { url, pinned: true, name, wasPinned: false };
}

/** As nodes name their pins. */
function isOfNode(name: string): boolean {
  return /^worker3:.*:node:\d+$/.test(name);
}
