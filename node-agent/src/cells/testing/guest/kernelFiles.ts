import { access } from "node:fs/promises";
import { join } from "node:path";

/** What a guest boots from. */
export interface KernelFiles {
  /** A kernel of Debian's as it is; those for clouds cannot read this machine's files. */
  readonly kernel: string;
  /** A busybox that needs no library: it is all that the guest has at first. */
  readonly busybox: string;
  /** A folder of kernel modules that reach this machine's files. They are loaded in the order of their names. */
  readonly modules: string;
}

/** Git ignores it. `scripts/interop/installGuestKernel.ts` fills it. */
export const KERNEL_FOLDER: string = join(import.meta.dirname, "../../../../../.tools/kernel");

/** Where things are in such a folder. */
export function kernelFilesIn(folder: string): KernelFiles {
  return {
    kernel: join(folder, "vmlinuz"),
    busybox: join(folder, "busybox"),
    modules: join(folder, "modules"),
  };
}

/** Which of the files are not there. */
export async function missingKernelFiles(files: KernelFiles): Promise<string[]> {
  const paths = Object.values(files);
  const missing = await Promise.all(
    paths.map((path) =>
      access(path).then(
        () => [],
        () => [path],
      ),
    ),
  );
  return missing.flat();
}
