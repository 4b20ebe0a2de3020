import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { pollUntil } from "../../process/pollUntil.ts";
import { identifyProcess } from "../../process/processIdentity.ts";
import type { Command } from "../sandbox/Sandbox.ts";
import type { CellNetwork, CellNetworkParts } from "./CellNetwork.ts";
import { firewallRules } from "./firewallRules.ts";
import { bootId, removeNetwork, writeNetworkRecord } from "./networkRecord.ts";

const START_TIMEOUT_MS = 5_000;
const POLL_MS = 20;
const DEATH = ["--pdeathsig", "KILL", "--"];

/**
 * Makes the node's network namespace without root: a process that holds a user and a network namespace, and `pasta`,
 * which carries packets between it and sockets of the agent's user. Both end with the agent. Rejects where that does not
 * work; nothing is left then.
 */
export async function openPasta(options: CellNetworkParts): Promise<CellNetwork> {
  const { run, recordPath, resolvers, ownAddresses } = options;
  // pasta waits for ever where it may not open it.
  await access("/dev/net/tun", constants.R_OK | constants.W_OK).catch(() => {
    throw new Error("this user may not open /dev/net/tun: chmod 0666 /dev/net/tun");
  });
  const children: ChildProcess[] = [];
  const start = (file: string, args: readonly string[]) => {
    const child = spawn("setpriv", [...DEATH, file, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    child.once("error", () => undefined);
    children.push(child);
    return child;
  };
  const close = async () => {
    for (const child of children) child.kill("SIGKILL");
    await removeNetwork(recordPath, run);
  };
  try {
    const holder = start("unshare", ["--user", "--map-root-user", "--net", "sleep", "infinity"]);
    const { pid } = holder;
    if (pid === undefined) throw new Error("this machine starts no more processes, or lacks setpriv");
    const enter = ["--user", "--net", "--preserve-credentials", `--target=${pid}`];
    const inside = (file: string, args: readonly string[], input?: string) =>
      run("nsenter", [...enter, "--", file, ...args], input);
    await untilDone(() => inside("ip", ["link", "set", "lo", "up"]));
    // The rules first: what pasta connects is closed already.
    await inside("nft", ["-f", "-"], firewallRules({ ownAddresses, resolvers }));
    const noPorts = ["-t", "none", "-u", "none", "-T", "none", "-U", "none"];
    const pasta = start("pasta", [
      "--foreground",
      "--quiet",
      "--config-net",
      "--no-map-gw",
      ...noPorts,
      String(pid),
    ]);
    let said = "";
    pasta.stderr?.on("data", (chunk) => {
      said += String(chunk);
    });
    await untilDone(async () => {
      if (pasta.exitCode !== null) throw new Ended(`pasta does not start: ${said.trim()}`);
      const routes = await inside("ip", ["route", "show", "default"]);
      if (routes.trim() === "") throw new Error("pasta has not connected the namespace");
      // Until the kernel has made sure that nobody else has an IPv6 address, connections begin at another one, which leads nowhere.
      const tentative = await inside("ip", ["-6", "address", "show", "tentative", "-dadfailed"]);
      if (tentative.trim() !== "") throw new Error("the namespace's IPv6 addresses are not ready");
    });
    const processes = children.flatMap(({ pid }) => (pid === undefined ? [] : (identifyProcess(pid) ?? [])));
    await writeNetworkRecord(recordPath, { kind: "pasta", bootId: bootId(), processes });
    for (const child of children) {
      child.stderr?.destroy();
      child.unref();
    }
    return {
      kind: "pasta",
      wrap: (command: Command) => ({
        ...command,
        file: "/usr/bin/nsenter",
        args: [...enter, "--", command.file, ...command.args],
      }),
      notes: [],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

class Ended extends Error {}

/** Tries until it works, for a while. */
async function untilDone(attempt: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (error instanceof Ended || performance.now() > deadline) throw error;
    }
    const next = performance.now() + POLL_MS;
    await pollUntil(() => performance.now() > next, { timeoutMs: POLL_MS * 2 });
  }
}
