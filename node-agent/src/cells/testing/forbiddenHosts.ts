import { MACHINE, MACHINE_IPV6, PRIVATE } from "./NetworkWorld.ts";

/** All that names the machine of `NetworkWorld` or a private one, however it is written. */
export const FORBIDDEN: readonly string[] = [
  ...PRIVATE.map(bracketed),
  "127.0.0.1:8080",
  "[::1]:8080",
  "localhost:8080",
  `${MACHINE}:8080`,
  `[${MACHINE_IPV6}]:8080`,
  "[::ffff:169.254.169.254]",
  "[::ffff:a9fe:a9fe]",
  "[::ffff:7f00:1]:8080",
  "[64:ff9b::a9fe:a9fe]",
  "[2002:a9fe:a9fe::1]",
  "2852039166", // 169.254.169.254 as one number
  "0251.0376.0251.0376",
  "0xa9.0xfe.0xa9.0xfe",
  "2130706433:8080",
  "0177.1:8080",
  "0x7f.1:8080",
  "0.0.0.0:8080",
  "private.test",
];

/** An address as a host of a URL. */
export function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
