import { seededRandom } from "./seededRandom.ts";

/** Things in another order, the same for the same seed: what chaos found can be made to happen again. */
export function shuffled<thing>(things: readonly thing[], seed: number): thing[] {
  const order = [...things];
  const next = seededRandom(seed);
  for (let last = order.length - 1; last > 0; last--) {
    const at = Math.floor(next() * (last + 1));
    [order[last], order[at]] = [order[at] as thing, order[last] as thing];
  }
  return order;
}
