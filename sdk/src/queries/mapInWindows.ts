/** Asks something for each item, a few at a time, and keeps the order: an RPC takes no hundred requests at once. */
export async function mapInWindows<item, value>(
  items: readonly item[],
  ask: (item: item) => Promise<value>,
  window = 20,
): Promise<value[]> {
  const values: value[] = [];
  for (let start = 0; start < items.length; start += window) {
    values.push(...(await Promise.all(items.slice(start, start + window).map(ask))));
  }
  return values;
}
