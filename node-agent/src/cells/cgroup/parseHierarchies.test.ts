import assert from "node:assert/strict";
import { groupFiles } from "./groupFiles.ts";
import { parseHierarchies } from "./parseHierarchies.ts";
import { parseOomKills } from "./parseOomKills.ts";

const V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";

describe("parseHierarchies", () => {
  it("finds the agent's group in version 2", () => {
    assert.deepEqual(
      parseHierarchies({ mountinfo: `${V2}\n`, membership: "0::/system.slice/worker3.service\n" }),
      { v1: {}, v2: "/sys/fs/cgroup/system.slice/worker3.service" },
    );
  });

  it("finds it in each hierarchy of version 1, controllers alone or together", () => {
    const mountinfo = [
      "40 30 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
      "41 30 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
      "42 30 0:32 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
      "43 30 0:33 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
    ].join("\n");
    const membership = "9:name=systemd:/\n4:memory:/a/b\n3:pids:/\n1:cpu,cpuacct:/x\n0::/\n";
    assert.deepEqual(parseHierarchies({ mountinfo, membership }), {
      v1: {
        memory: "/sys/fs/cgroup/memory/a/b",
        cpu: "/sys/fs/cgroup/cpu,cpuacct/x",
        pids: "/sys/fs/cgroup/pids",
      },
      v2: "/sys/fs/cgroup/unified",
    });
  });

  it("counts from the part of the hierarchy that is mounted, as containers have it", () => {
    const mountinfo = "30 23 0:26 /docker/c1 /sys/fs/cgroup\\040x rw - cgroup2 cgroup rw";
    const at = (path: string) => parseHierarchies({ mountinfo, membership: `0::${path}` }).v2;
    assert.equal(at("/docker/c1"), "/sys/fs/cgroup x");
    assert.equal(at("/docker/c1/agent"), "/sys/fs/cgroup x/agent");
    assert.equal(at("/docker/c12"), undefined);
  });

  it("finds none where there are none", () => {
    assert.deepEqual(parseHierarchies({ mountinfo: "", membership: "" }), { v1: {}, v2: undefined });
  });
});

describe("groupFiles", () => {
  const limits = { memoryBytes: 1048576, pids: 9, cpuWeight: 50, cpuCores: 1.5 };
  it("says the same in both versions", () => {
    assert.deepEqual(
      groupFiles("cgroup1", ["memory", "pids", "cpu"], limits).map(({ name, value }) => `${name}=${value}`),
      [
        "memory.limit_in_bytes=1048576",
        "memory.memsw.limit_in_bytes=1048576",
        "pids.max=9",
        "cpu.shares=512",
        "cpu.cfs_period_us=100000",
        "cpu.cfs_quota_us=150000",
        "cpu.cfs_burst_us=150000",
      ],
    );
    assert.deepEqual(
      groupFiles("cgroup2", ["memory", "pids", "cpu"], limits).map(({ name, value }) => `${name}=${value}`),
      [
        "memory.max=1048576",
        "memory.swap.max=0",
        "memory.oom.group=1",
        "pids.max=9",
        "cpu.weight=50",
        "cpu.max=150000 100000",
        "cpu.max.burst=150000",
      ],
    );
    assert.deepEqual(groupFiles("cgroup2", [], limits), []);
  });
});

describe("parseOomKills", () => {
  it("reads both versions", () => {
    assert.equal(parseOomKills("low 0\nhigh 0\nmax 41\noom 3\noom_kill 2\noom_group_kill 1\n"), 2);
    assert.equal(parseOomKills("oom_kill_disable 0\nunder_oom 0\noom_kill 1\n"), 1);
    assert.equal(parseOomKills("oom_kill_disable 0\nunder_oom 0\n"), 0);
  });
});
