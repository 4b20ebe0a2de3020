import { isIPv6 } from "node:net";

/** What one visitor has of an address: of IPv6 the first 64 bits, as a machine changes the others as it likes. */
export function networkOf(address: string): string {
  const v4 = address.replace(/^::ffff:(?=\d+\.)/, "");
  if (!isIPv6(v4)) return v4;
  const [head = "", tail] = (v4.split("%", 1)[0] ?? "").split("::");
  const groups = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - last.length);
  const all = [...groups, ...Array<string>(zeros).fill("0"), ...last];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
