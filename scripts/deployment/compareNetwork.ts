import type { Network } from "@worker3/sdk";
import type { Declared } from "./declare.ts";
import { type Row, row } from "./row.ts";

/** Compares the network file with what is declared: agents and the command believe the file. */
export function compareNetwork(network: Network, declared: Declared): Row[] {
  const { parameters, asset, genesis } = declared;
  const expected = { ...parameters.times, genesis, zone: parameters.zone, asset };
  const found = { ...network.times, zone: network.zone, asset: network.contracts.asset };
  const names = Object.keys(found) as (keyof typeof found)[];
  return names.map((name) => row(`network file: ${name}`, String(expected[name]), String(found[name])));
}
