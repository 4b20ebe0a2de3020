import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isIPv4 } from "node:net";

/** The two ends of a TCP connection, as this process has it. */
export interface Ends {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** A connection as the kernel's tables name it. */
export interface Listed {
  /** As `endsKey`. */
  readonly key: string;
  /** Whether this process has closed it: the kernel may go on with it. */
  readonly isClosed: boolean;
}

/** The kernel's tables, with the number of hexadecimal digits of an address in each. */
const FILES = [
  { path: "/proc/net/tcp", digits: 8 },
  { path: "/proc/net/tcp6", digits: 32 },
] as const;

/**
 * Reads how much of each of these connections is sent or waits to be sent, and not acknowledged, in bytes. One that is not
 * in the answer the kernel does not know (any more). It takes some microseconds for each connection of the machine.
 *
 * Source: https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function readSendQueues<T extends Listed>(connections: Iterable<T>): Map<T, number> {
  const byKey = keyed(connections);
  const queues = new Map<T, number>();
  for (const { path } of tablesOf(byKey)) collect(readFileSync(path, "latin1"), byKey, queues);
  return queues;
}

/** As `readSendQueues`, while this process goes on. */
export async function readSendQueuesAside<T extends Listed>(
  connections: Iterable<T>,
): Promise<Map<T, number>> {
  const byKey = keyed(connections);
  const queues = new Map<T, number>();
  for (const { path } of tablesOf(byKey)) collect(await readFile(path, "latin1"), byKey, queues);
  return queues;
}

function keyed<T extends Listed>(connections: Iterable<T>): ReadonlyMap<string, T> {
  return new Map(Array.from(connections, (connection) => [connection.key, connection]));
}

function tablesOf(byKey: ReadonlyMap<string, Listed>) {
  const lengths = new Set(Array.from(byKey.keys(), (key) => key.length));
  return FILES.filter(({ digits }) => lengths.has(keyLength(digits)));
}

function collect<T extends Listed>(
  table: string,
  byKey: ReadonlyMap<string, T>,
  queues: Map<T, number>,
): void {
  const isIpv6 = table.slice(0, table.indexOf("\n")).includes("remote_address");
  const length = keyLength(isIpv6 ? 32 : 8);
  for (let at = table.indexOf("\n") + 1; at > 0; at = table.indexOf("\n", at) + 1) {
    const from = table.indexOf(": ", at) + 2;
    if (from < 2) return;
    const connection = byKey.get(table.slice(from, from + length));
    if (connection === undefined) continue;
    const [, queue = "", , , , , inode] = table
      .slice(from + length + 1, table.indexOf("\n", from))
      .split(/ +/);
    // Another connection with the same ends, after one that is closed, has a process of its own.
    if (connection.isClosed && inode !== "0") continue;
    queues.set(connection, Number.parseInt(queue, 16));
  }
}

/** Two addresses with their ports, and what is between them. */
function keyLength(digits: number): number {
  return 2 * (digits + 5) + 1;
}

/** How the kernel's tables name a connection. */
export function endsKey({ localAddress, localPort, remoteAddress, remotePort }: Ends): string {
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
