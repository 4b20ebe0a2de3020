import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { KUBO } from "../../../scripts/interop/peers.ts";

const execute = promisify(execFile);
const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 1 << 28;

/** A repository of Kubo's own in a temporary directory. */
export interface KuboRepository {
  /** The environment in which Kubo finds it. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs `ipfs <args>` and gives what it printed. Fails with what it said where its exit code is not 0. */
  ipfs(...args: string[]): Promise<Buffer>;
  remove(): Promise<void>;
}

/** @param isOffline Its commands work without a daemon and without a network. */
export async function createKuboRepository({ isOffline = true } = {}): Promise<KuboRepository> {
  if (!existsSync(KUBO.path))
    throw new Error(`Kubo is missing in ${KUBO.path}: npm run test:interop installs it`);
  const directory = await mkdtemp(join(tmpdir(), "worker3-kubo-"));
  const env = {
    PATH: process.env.PATH,
    HOME: directory,
    IPFS_PATH: join(directory, "repo"),
    IPFS_TELEMETRY: "off",
  };

  const ipfs = async (...args: string[]): Promise<Buffer> => {
    const options = { env, encoding: "buffer", timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES } as const;
    const { stdout } = await execute(KUBO.path, [...(isOffline ? ["--offline"] : []), ...args], options);
    return stdout;
  };

  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await ipfs("init", "--empty-repo", "--profile=unixfs-v1-2025");
  } catch (error) {
    await remove();
    throw error;
  }
  return { env, ipfs, remove };
}
