import assert from "node:assert/strict";
import { CellError } from "./CellError.ts";
import { noCgroups } from "./cgroup/noCgroups.ts";
import { enforcesOf } from "./enforcesOf.ts";
import { hostNetwork } from "./network/hostNetwork.ts";
import { requireMinimum } from "./requireMinimum.ts";
import { bareSandbox } from "./sandbox/bareSandbox.ts";
import { bwrapSandbox } from "./sandbox/bwrapSandbox.ts";

const NONE = { allowHostNetwork: false, allowUnsandboxed: false };
const programs = { bwrap: "/usr/bin/bwrap", workerd: "/workerd" };
const bare = { sandbox: bareSandbox(programs), notes: ["bwrap is not installed"] };
const bwrap = { sandbox: bwrapSandbox({ ...programs, filter: new Uint8Array(8) }), notes: [] };
const netns = { kind: "netns", notes: [] } as const;
const cgroups = noCgroups();

function missing(enforces: ReturnType<typeof enforcesOf>, allowed = NONE): CellError | undefined {
  try {
    requireMinimum(enforces, allowed);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof CellError && error.code === "BELOW_MINIMUM");
    return error;
  }
}

describe("a node serves strangers", () => {
  it("with a sandbox and a network of the cells' own", () => {
    assert.equal(missing(enforcesOf({ choice: bwrap, network: netns, cgroups })), undefined);
  });

  it("not without one of them, unless its operator said so; and the refusal says what is missing and what to do", () => {
    const enforces = enforcesOf({ choice: bare, network: hostNetwork(["nft is not installed"]), cgroups });
    const both = missing(enforces);
    assert.equal(both?.value, "sandbox, network");
    assert.match(both?.message ?? "", /bwrap is not installed.*nft is not installed/);
    assert.match(both?.next ?? "", /worker3 node doctor.*--allow-unsandboxed --allow-host-network/);
    assert.equal(missing(enforces, { ...NONE, allowUnsandboxed: true })?.value, "network");
    assert.equal(missing(enforces, { ...NONE, allowHostNetwork: true })?.value, "sandbox");
    assert.equal(missing(enforces, { allowHostNetwork: true, allowUnsandboxed: true }), undefined);
  });

  it("and goes on saying what it does not hold them to", () => {
    const { notes, ...told } = enforcesOf({ choice: bare, network: hostNetwork(), cgroups });
    assert.deepEqual(told, {
      sandbox: false,
      bound: "none",
      seccomp: false,
      memory: "none",
      cpu: "none",
      pids: "none",
      network: "workerd",
    });
    assert.match(notes.join("\n"), /not limited, only measured: memory, CPU time, the number of processes/);
    assert.match(notes.join("\n"), /share this machine's network/);
  });

  it("and tells what the agent itself watches over, where the kernel does not", () => {
    const agent = { memory: "polled", cpu: "watchdog" } as const;
    const here = enforcesOf({ choice: bwrap, network: netns, cgroups, agent });
    assert.deepEqual([here.memory, here.cpu, here.pids], ["polled", "watchdog", "none"]);
    const groups = { memory: "cgroup2", cpu: "cgroup2", pids: "cgroup2", notes: [] } as const;
    const there = enforcesOf({ choice: bwrap, network: netns, cgroups: groups, agent });
    assert.deepEqual(
      [there.memory, there.cpu, there.pids, there.notes],
      ["cgroup2", "watchdog", "cgroup2", []],
    );
  });
});
