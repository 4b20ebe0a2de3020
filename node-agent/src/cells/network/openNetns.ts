import { randomBytes } from "node:crypto";
import type { CellNetwork, CellNetworkParts } from "./CellNetwork.ts";
import { firewallRules } from "./firewallRules.ts";
import { freeSubnet } from "./freeSubnet.ts";
import { natRules } from "./natRules.ts";
import { bootId, removeNetwork, writeNetworkRecord } from "./networkRecord.ts";
import type { RunTool } from "./runTool.ts";

/**
 * Makes the node's network namespace as root: a cable (veth) to the machine, rules inside, and a table of its own on the
 * machine that lets cells out under the machine's address. Rejects where that does not work; nothing is left then.
 */
export async function openNetns(options: CellNetworkParts): Promise<CellNetwork> {
  const { nodeId, run, recordPath, resolvers, ownAddresses, enableIpForward } = options;
  const random = randomBytes(3).toString("hex");
  const name = `w3-${nodeId}-${random}`;
  const [host, cells, table] = [`w3h${random}`, `w3c${random}`, `w3_${nodeId}_${random}`];
  const inside = (file: string, args: readonly string[], input?: string) =>
    run("ip", ["netns", "exec", name, file, ...args], input);
  await writeNetworkRecord(recordPath, { kind: "netns", bootId: bootId(), name, interface: host, table });
  const close = () => removeNetwork(recordPath, run);
  try {
    await requireForwarding(run, enableIpForward);
    const v4 = freeSubnet(await run("ip", ["-4", "route", "show", "table", "all"]));
    const v6 = (await offersIpv6(run))
      ? `fd${random.slice(0, 2)}:${random.slice(2)}:${nodeId.toString(16).slice(-4)}`
      : undefined;
    await run("ip", ["netns", "add", name]);
    await inside("nft", ["-f", "-"], firewallRules({ ownAddresses, resolvers }));
    await run("ip", ["link", "add", host, "type", "veth", "peer", "name", cells, "netns", name]);
    await run("ip", ["addr", "add", `${v4.host}/30`, "dev", host]);
    await inside("ip", ["addr", "add", `${v4.cells}/30`, "dev", cells]);
    if (v6 !== undefined) {
      await run("ip", ["addr", "add", `${v6}::1/64`, "dev", host, "nodad"]);
      await inside("ip", ["addr", "add", `${v6}::2/64`, "dev", cells, "nodad"]);
    }
    await run(
      "nft",
      ["-f", "-"],
      natRules({ table, interface: host, subnet4: v4.subnet, subnet6: v6 && `${v6}::/64`, resolvers }),
    );
    await run("ip", ["link", "set", host, "up"]);
    for (const device of ["lo", cells]) await inside("ip", ["link", "set", device, "up"]);
    await inside("ip", ["route", "add", "default", "via", v4.host]);
    if (v6 !== undefined) await inside("ip", ["-6", "route", "add", "default", "via", `${v6}::1`]);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    kind: "netns",
    wrap: (command) => ({
      ...command,
      file: "/usr/bin/nsenter",
      args: [`--net=/run/netns/${name}`, "--", command.file, ...command.args],
    }),
    notes: [],
    close,
  };
}

/** The setting outlives the agent: others may have come to count on it. */
async function requireForwarding(run: RunTool, enable: boolean): Promise<void> {
  if ((await run("cat", ["/proc/sys/net/ipv4/ip_forward"])).trim() === "1") return;
  if (!enable) throw new Error("this machine forwards no packets: sysctl -w net.ipv4.ip_forward=1");
  await run("sh", ["-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
}

/** Whether the machine has IPv6 of the internet and forwards it. */
async function offersIpv6(run: RunTool): Promise<boolean> {
  const forwards = await run("cat", ["/proc/sys/net/ipv6/conf/all/forwarding"]).catch(() => "0");
  if (forwards.trim() !== "1") return false;
  return (await run("ip", ["-6", "route", "show", "default"])).trim() !== "";
}
