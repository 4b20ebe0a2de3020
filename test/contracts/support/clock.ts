import { networkHelpers } from "./network.ts";

interface TimeLine {
  network: { genesis: string; epochSeconds: number };
}

/** The first second of `epoch`, in Unix seconds. */
export const startOf = ({ network }: TimeLine, epoch: number): number =>
  Date.parse(network.genesis) / 1000 + epoch * network.epochSeconds;

/** The next transaction is mined in the first second of `epoch`. */
export const atFirstSecondOf = (network: TimeLine, epoch: number): Promise<void> =>
  networkHelpers.time.setNextBlockTimestamp(startOf(network, epoch));

/** The next transaction is mined in the last second of `epoch`. */
export const atLastSecondOf = (network: TimeLine, epoch: number): Promise<void> =>
  networkHelpers.time.setNextBlockTimestamp(startOf(network, epoch + 1) - 1);
