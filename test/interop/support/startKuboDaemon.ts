import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { KUBO } from "../../../scripts/interop/peers.ts";
import { createKuboRepository, type KuboRepository } from "./kuboRepository.ts";

const START_TIMEOUT_MS = 60_000;

/** Kubo's daemon, on loopback alone: it looks for content in its network, in which are those that it is connected to. */
export interface KuboDaemon {
  /** Of its RPC API. It has the same one after `start`. */
  readonly url: string;
  /** Of its gateway, which has another one after `start`; undefined where it was started without. */
  readonly gateway: string | undefined;
  /** Runs `ipfs <args>`, which asks the daemon while there is one. */
  readonly ipfs: KuboRepository["ipfs"];
  /** Kills it without a word. */
  kill(): Promise<void>;
  /** Starts it again on what it had. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

const SETTINGS: Readonly<Record<string, unknown>> = {
  "Addresses.Swarm": ["/ip4/127.0.0.1/tcp/0"],
  Bootstrap: [],
  "AutoConf.Enabled": false,
  "AutoTLS.Enabled": false,
  "DNS.Resolvers": {},
  "Discovery.MDNS.Enabled": false,
  "Routing.Type": "none",
  "Routing.DelegatedRouters": [],
  "Ipns.DelegatedPublishers": [],
};

/** @param hasGateway Whether it answers browsers too, of what it has itself. */
export async function startKuboDaemon({ hasGateway = false } = {}): Promise<KuboDaemon> {
  const repository = await createKuboRepository({ isOffline: false });
  const { ipfs, env } = repository;
  let child: ChildProcess | undefined;
  let gateway: string | undefined;

  /** Its RPC API's port. */
  async function run(port: number): Promise<number> {
    await ipfs("config", "Addresses.API", `/ip4/127.0.0.1/tcp/${port}`);
    const started = spawn(KUBO.path, ["daemon"], { env, stdio: ["ignore", "pipe", "ignore"] });
    child = started;
    let said = "";
    const timer = setTimeout(() => started.kill("SIGKILL"), START_TIMEOUT_MS);
    for await (const text of started.stdout.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
      said += text;
      if (!said.includes("Daemon is ready")) continue;
      clearTimeout(timer);
      started.stdout.resume();
      const port = /Gateway server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(said)?.[1];
      gateway = port === undefined ? undefined : `http://127.0.0.1:${port}`;
      return Number(/RPC API server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(said)?.[1]);
    }
    clearTimeout(timer);
    throw new Error(`Kubo's daemon did not start: ${said}`);
  }

  async function kill(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async function remove(): Promise<void> {
    await kill();
    await repository.remove();
  }

  try {
    const gateways = hasGateway ? ["/ip4/127.0.0.1/tcp/0"] : [];
    const settings = { ...SETTINGS, "Addresses.Gateway": gateways, "Gateway.NoFetch": hasGateway };
    for (const [key, value] of Object.entries(settings)) {
      await ipfs("config", "--json", key, JSON.stringify(value));
    }
    const port = await run(0);
    return {
      url: `http://127.0.0.1:${port}`,
      get gateway() {
        return gateway;
      },
      ipfs,
      kill,
      remove,
      start: async () => void (await run(port)),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
