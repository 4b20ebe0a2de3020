import { createNetworkClient, parseNetwork } from "@worker3/sdk";
import { readNetwork } from "../../chain/readNetwork.ts";
import { answerWithin } from "../answerWithin.ts";
import { type Check, check } from "../Check.ts";

const TIMEOUT_MS = 5_000;
/** Blocks come seconds apart, and a head is as old as its block. */
const OLDEST_HEAD_S = 120;
/** No honest block is from the future. */
const NEWEST_HEAD_S = -5;

/** Whether the chain answers, and whether this machine's clock agrees with its newest block. */
export async function checkChain(network: unknown): Promise<Check[]> {
  try {
    const { publicClient } = createNetworkClient({ network: readNetwork(parseNetwork(network)) });
    const block = await answerWithin(publicClient.getBlock(), TIMEOUT_MS);
    const age = Math.round(Date.now() / 1000 - Number(block.timestamp));
    const agrees = age >= NEWEST_HEAD_S && age <= OLDEST_HEAD_S;
    return [
      check("chain", true, `block ${block.number}`),
      check("clock", agrees, `the newest block is ${age} s old by this machine's clock`, {
        fix: "timedatectl set-ntp true; or the RPC is behind",
      }),
    ];
  } catch (error) {
    const [detail = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return [
      check("chain", false, detail, {
        fix: "correct network.rpcUrls in node.json, or wait until it is back",
      }),
    ];
  }
}
