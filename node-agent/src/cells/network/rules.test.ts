import assert from "node:assert/strict";
import { firewallRules } from "./firewallRules.ts";
import { freeSubnet } from "./freeSubnet.ts";
import { natRules } from "./natRules.ts";
import { parseResolvers } from "./parseResolvers.ts";

// What the rules do is in openCellNetwork.interop.test.ts; here is what they are made of.

describe("firewallRules", () => {
  const rules = firewallRules({ ownAddresses: ["5.6.7.8", "2a00::5"], resolvers: ["10.0.0.53", "fd00::53"] });
  const lines = rules.split("\n").map((line) => line.trim());

  it("drops where no rule accepts, in every direction", () => {
    assert.equal(lines.filter((line) => line.endsWith("policy drop;")).length, 3);
    assert.ok(!rules.includes("policy accept"));
  });

  it("lets resolvers be asked before it refuses private addresses, on their port alone", () => {
    for (const rule of [
      "ip daddr 10.0.0.53 meta l4proto { tcp, udp } th dport 53 accept",
      "ip6 daddr fd00::53 meta l4proto { tcp, udp } th dport 53 accept",
    ]) {
      const refused = lines.findIndex((line) => line.includes("@special"));
      assert.ok(lines.includes(rule) && lines.indexOf(rule) < refused, rule);
    }
  });

  it("lets of the machine's own addresses the web server be visited, and refuses the rest of them", () => {
    for (const own of ["ip daddr 5.6.7.8", "ip6 daddr 2a00::5"]) {
      const allowed = lines.indexOf(`${own} tcp dport { 80, 443 } accept`);
      assert.ok(allowed > 0);
      assert.equal(lines[allowed + 1], `${own} reject with icmpx type admin-prohibited`);
    }
  });
});

describe("natRules", () => {
  it("speak of the node's own interface and addresses in every rule", () => {
    const rules = natRules({
      table: "w3_1_abcdef",
      interface: "w3habcdef",
      subnet4: "198.18.0.4/30",
      subnet6: "fd00:1::/64",
      resolvers: ["10.0.0.53"],
    });
    const verdicts = rules.split("\n").filter((line) => /(accept|drop|masquerade)$/.test(line));
    assert.ok(verdicts.length >= 6);
    for (const line of verdicts) assert.match(line, /"w3habcdef"/);
    assert.match(rules, /^table inet w3_1_abcdef \{/);
    const none = natRules({ table: "t", interface: "i", subnet4: "198.18.0.4/30", resolvers: [] });
    assert.doesNotMatch(none, /ip6 saddr/);
  });
});

describe("freeSubnet", () => {
  it("stays inside 198.18.0.0/15, with two addresses that are neither its first nor its last", () => {
    assert.deepEqual(
      freeSubnet("", () => 0),
      {
        subnet: "198.18.0.0/30",
        host: "198.18.0.1",
        cells: "198.18.0.2",
      },
    );
    assert.deepEqual(
      freeSubnet("", () => 0.999999),
      {
        subnet: "198.19.255.252/30",
        host: "198.19.255.253",
        cells: "198.19.255.254",
      },
    );
  });

  it("takes none that the machine has a route to, and says so where there is none", () => {
    const randoms = [0, 0, 0.5];
    const { subnet } = freeSubnet("198.18.0.0/30 dev w3h0\n", () => randoms.shift() ?? 0);
    assert.equal(subnet, "198.19.0.0/30");
    assert.throws(() => freeSubnet("198.18.0.0/30 dev w3h0\n", () => 0), /is free/);
  });
});

describe("parseResolvers", () => {
  it("takes those that another network reaches, in order", () => {
    const text =
      "# nameserver 9.9.9.9\nnameserver 127.0.0.53\nnameserver ::1\nnameserver fe80::1%eth0\n" +
      "search a.b\n nameserver\t10.0.0.1 \nnameserver 2001:db8::1\nnameserver nonsense\n";
    assert.deepEqual(parseResolvers(text), ["10.0.0.1", "2001:db8::1"]);
    assert.deepEqual(parseResolvers(""), []);
  });
});
