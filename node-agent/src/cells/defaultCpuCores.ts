/**
 * What one cell may use on average unless the operator says otherwise, of a machine's cores: one stays for agent, edge and
 * neighbours. JavaScript runs on one core; beside it V8 compiles and collects garbage on others.
 */
export function defaultCpuCores(cores: number): number {
  return Math.max(1, cores - 1);
}
