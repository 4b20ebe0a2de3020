import { readFileSync } from "node:fs";
import { isIPv4 } from "node:net";

/** The two ends of a TCP connection, as this process has it. */
export interface Ends {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** What the kernel has yet to get acknowledged of a connection, in bytes; undefined where it does not know it (any more). */
export type SendQueue = number | undefined;

/** A line's parts in `/proc/net/tcp`, by the number of hexadecimal digits of an address. */
const FILES = [
  { path: "/proc/net/tcp", digits: 8 },
  { path: "/proc/net/tcp6", digits: 32 },
] as const;

/**
 * Reads how much of each of these connections is sent or waits to be sent, and not acknowledged. Also of those that this
 * process has closed and the kernel has not; `isClosed` tells that one is.
 *
 * Source: https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function readSendQueues<T extends Ends & { readonly isClosed: boolean }>(
  connections: Iterable<T>,
): Map<T, number> {
  const byEnds = new Map<string, T>();
  for (const connection of connections) byEnds.set(keyOf(connection), connection);
  const queues = new Map<T, number>();
  const isUsed = { 8: false, 32: false };
  for (const { localAddress } of byEnds.values()) isUsed[isIPv4(localAddress) ? 8 : 32] = true;
  for (const { path, digits } of FILES) {
    if (!isUsed[digits]) continue;
    const text = readFileSync(path, "latin1");
    // Two addresses with their ports, and what is between them and behind.
    const endsLength = 2 * (digits + 5) + 1;
    for (let at = text.indexOf("\n") + 1; at > 0; at = text.indexOf("\n", at) + 1) {
      const from = text.indexOf(": ", at) + 2;
      if (from < 2) break;
      const connection = byEnds.get(text.slice(from, from + endsLength));
      if (connection === undefined) continue;
      const line = text.slice(from + endsLength + 1, text.indexOf("\n", from));
      const [, queue = "", , , , , inode] = line.split(/ +/);
      // Another connection with the same ends, after one that is closed, has a process of its own.
      if (connection.isClosed && inode !== "0") continue;
      queues.set(connection, Number.parseInt(queue, 16));
    }
  }
  return queues;
}

function keyOf({ localAddress, localPort, remoteAddress, remotePort }: Ends): string {
  return `${hexOf(localAddress)}:${hexPort(localPort)} ${hexOf(remoteAddress)}:${hexPort(remotePort)}`;
}

const hexPort = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");

/** An address as the kernel writes it: words of 32 bits, each in the byte order of all machines that workerd runs on. */
function hexOf(address: string): string {
  const bytes = isIPv4(address) ? address.split(".").map(Number) : ipv6Bytes(address);
  let hex = "";
  for (let word = 0; word < bytes.length; word += 4)
    for (let place = 3; place >= 0; place--)
      hex += (bytes[word + place] ?? 0).toString(16).toUpperCase().padStart(2, "0");
  return hex;
}

function ipv6Bytes(address: string): number[] {
  // As the URL standard writes it: groups of hexadecimal digits, and `::` once at most.
  const text = URL.parse(`http://[${address.split("%", 1)[0]}]`)?.hostname.slice(1, -1) ?? "::";
  const [head = "", tail = ""] = text.split("::");
  const groupsOf = (part: string) => (part === "" ? [] : part.split(":"));
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array<string>(8 - first.length - last.length).fill("0");
  return [...first, ...zeros, ...last].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
