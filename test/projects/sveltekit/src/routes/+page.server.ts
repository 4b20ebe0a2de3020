/** Runs in the worker for every visit. */
export function load({ url }: { url: URL }): { name: string; path: string } {
  return { name: url.searchParams.get("name") ?? "worker3", path: url.pathname };
}
