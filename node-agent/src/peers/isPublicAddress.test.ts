import assert from "node:assert/strict";
import { isPublicAddress } from "./isPublicAddress.ts";

describe("isPublicAddress", () => {
  const publicOnes = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"];
  const others = [
    ["loopback", "127.0.0.1", "127.255.0.1", "::1"],
    ["private", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd00::1", "fc00::1"],
    ["link-local", "169.254.1.1", "fe80::1", "fe80::1%eth0"],
    ["metadata", "169.254.169.254", "fd00:ec2::254", "100.100.100.200"],
    ["unspecified", "0.0.0.0", "0.1.2.3", "::"],
    ["carrier's", "100.64.0.1"],
    ["reserved", "192.0.2.1", "198.18.0.1", "240.0.0.1", "255.255.255.255", "2001:db8::1", "3fff::1"],
    ["multicast", "224.0.0.1", "ff02::1"],
    [
      "IPv4 inside IPv6",
      "::ffff:127.0.0.1",
      "::ffff:7f00:1",
      "::ffff:a9fe:a9fe",
      "::127.0.0.1",
      "2002:7f00:1::",
    ],
    ["translated", "64:ff9b::7f00:1", "2001::7f00:1"],
    ["no address", "", "localhost", "127.1", "0x7f.0.0.1", "1.1.1.1:80", "[::1]"],
  ];

  it("takes what is on the internet, an IPv4 address in IPv6 form too", () => {
    for (const address of [...publicOnes, "::ffff:1.1.1.1"])
      assert.equal(isPublicAddress(address), true, address);
  });

  for (const [kind, ...addresses] of others) {
    it(`refuses what is ${kind}`, () => {
      for (const address of addresses) assert.equal(isPublicAddress(address), false, address);
    });
  }
});
