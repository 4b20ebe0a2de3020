import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findMachineObjects, newObjects, objectLine, type Places } from "./machineObjects.ts";

/** The kernel's files are played by folders, because only root may make the real ones. */
describe("what a run can leave in the kernel", () => {
  let folder: string;
  let places: Places;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "objects-"));
    places = {
      cgroups: join(folder, "cgroup"),
      namespaces: join(folder, "netns"),
      interfaces: join(folder, "net"),
      mounts: join(folder, "mountinfo"),
    };
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is found by the names that agents and tests give, wherever it lies", async () => {
    await mkdir(join(places.cgroups, "memory/session/w3-1-0a1b2c/cell"), { recursive: true });
    await mkdir(join(places.cgroups, "memory/docker"), { recursive: true });
    await mkdir(join(places.namespaces, "w3t-machine-0a1b2c"), { recursive: true });
    await mkdir(join(places.namespaces, "another"), { recursive: true });
    await mkdir(join(places.interfaces, "w3h0a1b2c"), { recursive: true });
    await mkdir(join(places.interfaces, "eth0"), { recursive: true });
    const own = `${tmpdir()}/devnet-1/with a blank`;
    const lines = [
      "22 1 0:21 / /proc rw - proc proc rw",
      `77 1 8:1 / ${own.replaceAll(" ", "\\040")} rw - tmpfs tmpfs rw`,
    ];
    await writeFile(places.mounts, `${lines.join("\n")}\n`);
    assert.deepEqual(await findMachineObjects(places), [
      { kind: "control group", name: join(places.cgroups, "memory/session/w3-1-0a1b2c") },
      { kind: "network namespace", name: join(places.namespaces, "w3t-machine-0a1b2c") },
      { kind: "network interface", name: "w3h0a1b2c" },
      { kind: "mount", name: own },
    ]);
  });

  it("is nothing on a machine that shows nothing", async () => {
    assert.deepEqual(await findMachineObjects(places), []);
  });

  it("is only what was not there before, and says how to remove it", () => {
    const old = { kind: "network namespace", name: "/run/netns/w3-1-aaaaaa" } as const;
    const made = { kind: "network namespace", name: "/run/netns/w3-2-bbbbbb" } as const;
    const [left, ...others] = newObjects([old], [old, made]);
    assert.deepEqual([left, others], [made, []]);
    assert.match(
      objectLine(made),
      /^network namespace .*w3-2-bbbbbb; remove it: ip netns delete w3-2-bbbbbb$/,
    );
  });
});
