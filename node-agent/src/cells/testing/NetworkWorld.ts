import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Wrap } from "../sandbox/Sandbox.ts";

const run = promisify(execFile);

export const RESOLVER = "10.66.0.53";
/** The machine's own address in this world. */
export const MACHINE = "203.0.114.2";
export const MACHINE_IPV6 = "2a01:4f8:1::2";
export const PUBLIC = ["93.184.215.14", "2606:2800:21f::14"] as const;
/** What stands in a private network beside a machine. */
export const PRIVATE = [
  "10.66.0.9",
  "172.16.5.5",
  "192.168.5.5",
  "100.64.0.9",
  "169.254.169.254",
  "fd00:ec2::254",
] as const;

/**
 * Two network namespaces of a test's own: one plays a volunteer's machine, the other all that is around it. Nothing of
 * the real machine's network is touched.
 */
export class NetworkWorld {
  /** Runs a command on the machine that is played. */
  readonly onMachine: Wrap;
  readonly #machine: string;
  readonly #around: string;
  readonly #servers: ChildProcess[] = [];

  private constructor(random: string) {
    this.#machine = `w3t-machine-${random}`;
    this.#around = `w3t-around-${random}`;
    this.onMachine = (command) => inNamespace(this.#machine, command);
  }

  static async create(): Promise<NetworkWorld> {
    const random = randomBytes(3).toString("hex");
    const world = new NetworkWorld(random);
    try {
      await world.#build(random);
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  async #build(random: string): Promise<void> {
    const [machine, around] = [this.#machine, this.#around];
    const [a, b] = [`w3ta${random}`, `w3tb${random}`];
    for (const namespace of [machine, around]) await run("ip", ["netns", "add", namespace]);
    await run("ip", ["link", "add", a, "netns", machine, "type", "veth", "peer", "name", b, "netns", around]);
    const script = async (namespace: string, lines: readonly string[]) => {
      for (const line of lines) await run("nsenter", [`--net=/run/netns/${namespace}`, "sh", "-c", line]);
    };
    await script(machine, [
      "ip link set lo up",
      `ip addr add ${MACHINE}/24 dev ${a}`,
      `ip addr add ${MACHINE_IPV6}/64 dev ${a} nodad`,
      `ip link set ${a} up`,
      "echo 1 > /proc/sys/net/ipv4/ip_forward",
      "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding",
    ]);
    await script(around, [
      "ip link set lo up",
      ...[...PUBLIC, ...PRIVATE, RESOLVER].map((address) =>
        address.includes(":")
          ? `ip addr add ${address}/128 dev lo nodad`
          : `ip addr add ${address}/32 dev lo`,
      ),
      `ip addr add 203.0.114.1/24 dev ${b}`,
      `ip addr add 2a01:4f8:1::1/64 dev ${b} nodad`,
      `ip link set ${b} up`,
    ]);
    await script(machine, [
      "ip route add default via 203.0.114.1",
      "ip -6 route add default via 2a01:4f8:1::1",
    ]);
    await this.#serve(around, "around", 80, [...PUBLIC, ...PRIVATE, `dns=${RESOLVER}`]);
    await this.#serve(machine, "web", 80, [MACHINE, MACHINE_IPV6]);
    await this.#serve(machine, "api", 8080, [MACHINE, MACHINE_IPV6, "127.0.0.1", "::1"]);
  }

  async #serve(namespace: string, name: string, port: number, addresses: readonly string[]): Promise<void> {
    const program = fileURLToPath(new URL("playInternet.ts", import.meta.url));
    const { file, args } = inNamespace(namespace, {
      file: process.execPath,
      args: ["--no-warnings", program, name, String(port), ...addresses],
    });
    const server = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.#servers.push(server);
    if (server.stdout === null) throw new Error("no output");
    await Promise.race([
      once(server.stdout, "data"),
      once(server, "exit").then(() => Promise.reject(new Error(`${name} does not start`))),
    ]);
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#servers.map(async (server) => {
        if (server.exitCode !== null || server.signalCode !== null) return;
        const ended = once(server, "exit");
        server.kill("SIGKILL");
        await ended;
      }),
    );
    for (const namespace of [this.#machine, this.#around]) {
      await run("ip", ["netns", "delete", namespace]).catch(() => undefined);
    }
  }
}

function inNamespace<command extends { file: string; args: readonly string[] }>(
  name: string,
  command: command,
): command {
  return {
    ...command,
    file: "/usr/bin/nsenter",
    args: [`--net=/run/netns/${name}`, "--", command.file, ...command.args],
  };
}
