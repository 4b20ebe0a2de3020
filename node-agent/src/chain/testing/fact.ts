import type { Fact, FactContract } from "@worker3/sdk";
import { type Hash, padHex, toHex, zeroAddress } from "viem";

type KindOf<contract extends FactContract> = Extract<Fact, { contract: contract }>["kind"];
type ArgsOf<contract extends FactContract, kind> = Extract<Fact, { contract: contract; kind: kind }>["args"];

/** A fact as the sdk decodes it, of a block that needs no chain. */
export function fact<contract extends FactContract, kind extends KindOf<contract>>(
  place: { readonly block: number; readonly logIndex: number },
  contract: contract,
  kind: kind,
  args: ArgsOf<contract, kind>,
): Fact {
  const told = {
    address: zeroAddress,
    blockNumber: BigInt(place.block),
    blockHash: hashOf(place.block),
    txHash: padHex(toHex(place.block * 1_000 + place.logIndex), { size: 32 }),
    logIndex: place.logIndex,
    contract,
    kind,
    args,
  };
  // TypeScript does not see that a contract, a kind and arguments that fit each other are one of the union's members.
  return told as unknown as Fact;
}

/** The hash of a block; `fork` tells two blocks of one height apart. */
export function hashOf(block: number, fork = 0): Hash {
  return padHex(toHex(block + fork * 1_000_000), { size: 32 });
}
