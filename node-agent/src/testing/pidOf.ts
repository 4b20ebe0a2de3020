/**
 * The pid of a process that runs. One that has none must not become 0 or -1: a signal to those reaches the whole group of
 * the tests, or everybody's processes.
 */
export function pidOf({ pid }: { readonly pid?: number | undefined }): number {
  if (pid === undefined || pid <= 1) throw new Error(`no process of a test has the pid ${pid}`);
  return pid;
}
