import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "../cells/Cell.ts";
import { NOBODY } from "../cells/sandbox/bwrapSandbox.ts";
import { fetchEdge } from "../edge/testing/testEdge.ts";
import { until } from "../testing/until.ts";
import { handler } from "./testing/attackedNode.ts";
import { ATTACK_SOURCES } from "./testing/attackSources.ts";
import { confinedNode } from "./testing/confinedNode.ts";
import { fileAttack, nothingButItsOwn } from "./testing/fileAttack.ts";
import { reachesNoUnixSocket } from "./testing/unixSocketAttack.ts";

const NODE = { compatibilityFlags: ["nodejs_compat"] };
/** The state of a TCP socket that listens, in `/proc/net/tcp`. */
const LISTENS = "0A";
/** Long enough that what is measured is not the limit of CPU time. */
const BUSY = { ...NODE, limits: { cpuMs: 30_000 } };
/** What a tenant's code may try against the sandbox and the control groups: both real, on a node whose neighbours are being visited. */
describe("a hostile tenant, confined", function () {
  this.timeout(120_000);
  const attacked = confinedNode({ isWatched: ({ spec }) => spec.projectId !== attacked.idOf("unwatched") });
  const { attack, deploy, idOf, incidentsOf, cellsOf } = attacked;

  const neighbour = (): Cell => attacked.node.serving.cells.cells()[0] ?? assert.fail("no neighbour");

  it("is in a sandbox, a network and control groups", () => {
    const { memory, pids, ...others } = attacked.node.serving.cells.enforces;
    assert.deepEqual(others, {
      sandbox: true,
      bound: "bwrap",
      seccomp: true,
      network: "netns",
      cpu: "watchdog",
      notes: [],
    });
    for (const kind of [memory, pids]) assert.match(kind, /^cgroup[12]$/);
  });

  it("reads nothing of the machine, of other processes or of other tenants", async () => {
    const { home } = attacked.node;
    const { spec, socketPath, logPath, pid } = neighbour();
    const paths = [
      ...["/etc/passwd", "/etc/shadow", "/etc/resolv.conf", "/proc", "/root", "/home", "/run", "/dev/mem"],
      ...["self", "1", "2", process.pid, process.ppid, pid].map((of) => `/proc/${of}/environ`),
      ...["/proc/self/cmdline", "/proc/self/maps", "/proc/net/tcp", "/sys/kernel/notes"],
      ...[home, join(home, "api.sock"), join(home, "network/record.json"), join(home, "cells")],
      ...[spec.folder, join(spec.folder, "worker/index.js"), socketPath, logPath],
      ...["/deployment", "/deployment/worker/index.js", "/cell.capnp", "/workerd", "/s/t", "/state"],
      ...["/bundle/../etc/passwd", "/tmp/../../etc/passwd", `/bundle/../${spec.folder}/worker/index.js`],
    ];
    const { status, body } = await attack("files", fileAttack(paths, process.pid), NODE);
    assert.equal(status, 200, body);
    assert.deepEqual(JSON.parse(body), nothingButItsOwn(paths));
  });

  it("has behind workerd a process without rights, that sees no file and no process but its own", async () => {
    const { node } = attacked;
    const [files] = cellsOf(idOf("files"));
    assert.ok(files !== undefined);
    const record = JSON.parse(readFileSync(join(node.home, "network/record.json"), "utf8")) as {
      name: string;
    };
    const network = statSync(`/run/netns/${record.name}`).ino;
    for (const cell of [files, neighbour()]) {
      const of = (path: string) => `/proc/${cell.pid}/${path}`;
      const status = Object.fromEntries(
        readFileSync(of("status"), "utf8")
          .split("\n")
          .map((line) => line.split(/:\s+/)),
      );
      assert.deepEqual(
        [status.Uid, status.Groups, status.CapEff, status.CapBnd, status.NoNewPrivs, status.Seccomp],
        [Array(4).fill(NOBODY.uid).join("\t"), "", "0".repeat(16), "0".repeat(16), "1", "2"],
      );
      assert.deepEqual(
        readdirSync(of("root/proc"))
          .filter((name) => /^\d+$/.test(name))
          .map((pid) => readFileSync(of(`root/proc/${pid}/comm`), "utf8").trim()),
        ["bwrap", "workerd"],
      );
      assert.deepEqual(readdirSync(of("root/s")).sort(), ["c", "t"]);
      assert.deepEqual(readdirSync(of("root/tmp")), []);
      for (const path of ["etc/passwd", "root", "home", "run", "sys", node.home])
        assert.equal(existsSync(of(join("root", path))), false, path);
      const open = ["tcp", "tcp6", "udp", "udp6"].flatMap((kind) => {
        const [, ...sockets] = readFileSync(of(`net/${kind}`), "utf8")
          .trim()
          .split("\n");
        return sockets.filter((line) => kind.startsWith("udp") || line.split(/\s+/)[4] === LISTENS);
      });
      assert.deepEqual(open, []);
      assert.equal(readlinkSync(of("ns/net")), `net:[${network}]`);
      for (const kind of ["memory", "pids"]) {
        const lines = readFileSync(of("cgroup"), "utf8").split("\n");
        const groups = lines.filter((line) => line.includes(kind) || line.startsWith("0::"));
        assert.ok(
          groups.some((line) => /\/w3-1-[0-9a-f]{6}\/[0-9a-f]{8}$/.test(line)),
          groups.join(),
        );
      }
    }
  });

  it("connects to no unix socket: not the agent's, not another cell's, not its own", async () => {
    const others = [neighbour().socketPath, "/s/t", "/s/c"];
    await reachesNoUnixSocket(attacked.node.home, others, (source) => attack("unix", source, NODE));
  });

  it("that loops for ever is killed", async () => {
    const { status, code, projectId } = await attack("loop", ATTACK_SOURCES.loop, BUSY);
    assert.equal(status, 503);
    // It may be cut for its CPU time a moment before it is found to hang; it ends all the same.
    assert.match(String(code), /^CPU_(HANG|LIMIT)$/);
    await until("its end", () => incidentsOf(projectId).includes("CPU_HANG 1"));
  });

  for (const [what, name, source] of [
    [
      "JavaScript's heap",
      "heap",
      handler(
        "const held = []; for (;;) { for (let i = 0; i < 200; i++) held.push(new Array(1000).fill(i)); await scheduler.wait(1); }",
      ),
    ],
    ["ArrayBuffers", "buffers", ATTACK_SOURCES.buffers],
  ] as const) {
    it(`that fills ${what} is killed by the agent`, async () => {
      const { status, code: told, projectId } = await attack(name, source, BUSY);
      assert.deepEqual([status, told], [503, "MEMORY_LIMIT"]);
      for (const incident of incidentsOf(projectId)) assert.equal(incident, "MEMORY_LIMIT 1");
    });
  }

  it("that fills memory while the watchdog does not look is killed by the kernel", async () => {
    const { node } = attacked;
    const projectId = idOf("unwatched");
    const source = "return new Response(new Uint8Array(600 << 20).fill(1).at(-1) + '')";
    await deploy("unwatched", handler(source), BUSY);
    // A POST is not tried again on the next cell.
    const answer = fetchEdge(node.edge, { host: node.hostOf(projectId), method: "POST", body: "x" });
    assert.deepEqual(
      [(await answer).status, (await answer).headers["worker3-error"]],
      [502, "UPSTREAM_FAILED"],
    );
    await until("it is told", () => node.serving.incidents.of(projectId).length > 0);
    assert.deepEqual(
      node.serving.incidents.of(projectId).map(({ code, message }) => [code, message]),
      [["MEMORY_LIMIT", "the kernel ended it"]],
    );
  });

  it("whose folder on disk has links to files of the machine and of others gets none of them", async () => {
    const { node } = attacked;
    const targets = [
      "/etc/passwd",
      join(neighbour().spec.folder, "worker/index.js"),
      join(node.home, "network/record.json"),
    ];
    for (const [index, target] of targets.entries()) {
      const site = idOf(`linked site ${index}`);
      await node.deploy(site, {
        manifest: { assets: {} },
        files: { "assets/index.html": "its own" },
        links: { "assets/secret.txt": target, "assets/_headers": target },
      });
      const at = (path: string) => fetchEdge(node.edge, { host: node.hostOf(site), path });
      assert.deepEqual([(await at("/")).body, (await at("/secret.txt")).status], ["its own", 404]);
      const worker = idOf(`linked worker ${index}`);
      await node.deploy(worker, {
        manifest: {
          main: "index.js",
          modules: { "index.js": "esm", "secret.txt": "text" },
          compatibilityDate: "2026-11-01",
        },
        files: {
          "worker/index.js": `import secret from "./secret.txt"; export default { fetch: () => new Response(secret) }`,
        },
        links: { "worker/secret.txt": target },
      });
      const answer = await fetchEdge(node.edge, { host: node.hostOf(worker) });
      assert.deepEqual([answer.status, answer.headers["worker3-error"]], [503, "CELL_START_FAILED"]);
    }
  });
});
