import { openKubo } from "@worker3/sdk/node";
import { type Check, check } from "../Check.ts";

const TIMEOUT_MS = 5_000;

/** Whether the IPFS daemon that is configured answers. A node serves without it. */
export async function checkKubo({
  url,
  pins,
}: {
  readonly url: string;
  readonly pins: boolean;
}): Promise<Check> {
  const name = "IPFS daemon";
  try {
    const kubo = await openKubo({ url, idleMs: TIMEOUT_MS });
    const version = await kubo.version();
    return check(name, true, `Kubo ${version} at ${kubo.url}${pins ? "" : "; nothing is pinned there"}`);
  } catch (error) {
    return check(name, false, error instanceof Error ? error.message : String(error), {
      fix: "start it, or correct content.kubo.url in node.json: the address of its RPC API",
    });
  }
}
