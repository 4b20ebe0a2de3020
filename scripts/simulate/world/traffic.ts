import { amountOf, type Usage } from "@worker3/sdk";
import { pricesAt } from "@worker3/sdk/model";
import { inUsd, PROTOCOL } from "../assumptions.ts";
import { chance, normal, STREAM } from "./chance.ts";
import type { World } from "./World.ts";

const NO_CAP = (1n << 63n) - 1n;
export const NOTHING: Usage = { requests: 0n, cpuMs: 0n, egressKiB: 0n, storedMiB: 0n };

/** What visitors want of a project on one seat in an epoch, without any flood. */
export function demandOf(world: World, ownerIndex: number, seat: number): Usage {
  const { seed, epoch, assumptions } = world;
  const { requestsPerSeat, trafficSigma, epochSigma } = assumptions;
  const size = deviate(seed, STREAM.project, ownerIndex, 0);
  const today = deviate(seed, STREAM.epoch, ownerIndex * 8 + seat, epoch);
  const requests = requestsPerSeat * Math.exp(trafficSigma * size + epochSigma * today);
  return { ...usageOf(world, requests), storedMiB: BigInt(assumptions.storedMiBPerSeat) };
}

/** So many requests of the usual kind. */
export function usageOf({ assumptions }: World, requests: number): Usage {
  return {
    requests: BigInt(Math.floor(requests)),
    cpuMs: BigInt(Math.floor(requests * assumptions.cpuMsPerRequest)),
    egressKiB: BigInt(Math.floor(requests * assumptions.egressKiBPerRequest)),
    storedMiB: 0n,
  };
}

/** What usage costs by the prices of an epoch where no cap ends it, in base units. */
export function pricedOf(world: World, epoch: number, usage: Usage): bigint {
  return amountOf(pricesAt(world.model, epoch), NO_CAP, usage);
}

/** What usage would cost by the network's first prices, in USD: worth and cost do not change with prices. */
export function worthOf(usage: Usage): number {
  return inUsd(amountOf(PROTOCOL.prices, NO_CAP, usage));
}

/** As much of the usage as the cap pays for: the node answers 402 to the rest. */
export function withinCap(world: World, epoch: number, usage: Usage, cap: bigint): Usage {
  const priced = pricedOf(world, epoch, usage);
  if (priced <= cap || priced === 0n) return usage;
  // Rounded down: what is served never costs more than the cap.
  return timesOf(usage, Number(cap) / Number(priced));
}

/** Usage of the same kind, `factor` times as much; what is stored does not grow with visitors. */
export function timesOf(usage: Usage, factor: number): Usage {
  const scale = (value: bigint): bigint => BigInt(Math.floor(Number(value) * factor));
  return {
    requests: scale(usage.requests),
    cpuMs: scale(usage.cpuMs),
    egressKiB: scale(usage.egressKiB),
    storedMiB: usage.storedMiB,
  };
}

export function sumOf(one: Usage, other: Usage): Usage {
  return {
    requests: one.requests + other.requests,
    cpuMs: one.cpuMs + other.cpuMs,
    egressKiB: one.egressKiB + other.egressKiB,
    storedMiB: one.storedMiB > other.storedMiB ? one.storedMiB : other.storedMiB,
  };
}

function deviate(...place: readonly number[]): number {
  return normal(chance(...place, 1), chance(...place, 2));
}
