import { type Address, createTestClient, type Hex, http, isHex, publicActions } from "viem";

/** Where Multicall3 is on nearly every chain. */
const MULTICALL3: Address = "0xcA11bde05977b3631167028862bE2a173976CA11";

/**
 * Puts Multicall3 at its usual address on an anvil, which comes without.
 *
 * The code is viem's (MIT, as Multicall3 itself), which has it for reads on chains that lack the contract. viem exports the
 * module under no name of its own, so it is taken by its place beside viem's entry; viem is pinned, and a test calls what
 * this puts there.
 */
export async function putMulticall(rpcUrl: string): Promise<Address> {
  const client = createTestClient({ mode: "anvil", transport: http(rpcUrl) }).extend(publicActions);
  // What a constructor answers with is the code that stays.
  const { data: bytecode } = await client.call({ data: await creationCode() });
  if (bytecode === undefined) throw new Error("the creation code of Multicall3 gives no code");
  await client.setCode({ address: MULTICALL3, bytecode });
  return MULTICALL3;
}

async function creationCode(): Promise<Hex> {
  const place = new URL("./constants/contracts.js", import.meta.resolve("viem"));
  const module: unknown = await import(place.href);
  const isThere = typeof module === "object" && module !== null && "multicall3Bytecode" in module;
  const code = isThere ? module.multicall3Bytecode : undefined;
  if (!isHex(code)) throw new Error(`viem has no code of Multicall3 in ${place.href}`);
  return code;
}
