/** Things in another order, the same for the same seed: what chaos found can be made to happen again. */
export function shuffled<thing>(things: readonly thing[], seed: number): thing[] {
  const order = [...things];
  let state = seed >>> 0;
  // A linear congruential generator. Source: Numerical Recipes, "quick and dirty".
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let last = order.length - 1; last > 0; last--) {
    const at = Math.floor(next() * (last + 1));
    [order[last], order[at]] = [order[at] as thing, order[last] as thing];
  }
  return order;
}
