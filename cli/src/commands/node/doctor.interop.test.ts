import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requiredContracts } from "@worker3/sdk";
import { exampleAddresses } from "@worker3/sdk/testing";
import { asNobody } from "../../../../node-agent/src/cells/testing/asNobody.ts";
import { NetworkWorld } from "../../../../node-agent/src/cells/testing/NetworkWorld.ts";

const BIN = join(import.meta.dirname, "../../../bin/worker3.js");

interface Ended {
  readonly code: number;
  readonly document: {
    readonly ok: boolean;
    readonly missing: readonly string[];
    readonly checks: readonly {
      readonly name: string;
      readonly ok: boolean;
      readonly detail: string;
      readonly fix?: string;
    }[];
    readonly enforces: { readonly network: string; readonly sandbox: boolean; readonly seccomp: boolean };
    readonly error?: {
      readonly code: string;
      readonly value: string;
      readonly next: string;
      readonly message: string;
    };
  };
}

describe("a node's machine, on one that is played", function () {
  this.timeout(60_000);
  let home: string;
  let state: string;
  let world: NetworkWorld;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), "w3d-"));
    await chmod(home, 0o755);
    state = join(home, "n");
    await mkdir(state);
    world = await NetworkWorld.create();
    const network = {
      chainId: 31337,
      rpcUrl: "http://127.0.0.1:1",
      zone: "worker3.localhost",
      decimals: 6,
      contracts: exampleAddresses(requiredContracts),
      epochSeconds: 20,
      genesis: "2026-11-01T00:00:00Z",
      times: { late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 },
    };
    const config = { nodeId: 9, network, listen: { host: "127.0.0.1", port: 0 } };
    await writeFile(join(state, "node.json"), JSON.stringify(config));
    await writeFile(join(state, "operator.key"), `0x${"11".repeat(32)}\n`, { mode: 0o600 });
  });
  after(async () => {
    await world?.close();
    await rm(home, { recursive: true, force: true });
  });

  const forward = (on: 0 | 1) => {
    const { file, args } = world.onMachine({
      file: "sh",
      args: ["-c", `echo ${on} > /proc/sys/net/ipv4/ip_forward`],
    });
    return once(spawn(file, args), "exit");
  };
  const ended = (command: { file: string; args: readonly string[] }): Promise<Ended> =>
    new Promise((resolve, reject) => {
      execFile(
        command.file,
        command.args,
        { timeout: 50_000, killSignal: "SIGKILL" },
        (error, stdout, stderr) => {
          if (stdout.trim() === "") reject(new Error(stderr));
          else resolve({ code: error === null ? 0 : Number(error.code), document: JSON.parse(stdout) });
        },
      );
    });
  const worker3 = (...args: string[]) => {
    const all = ["--conditions=source", "--no-warnings", BIN, ...args, "--state", state, "--json"];
    return world.onMachine({ file: process.execPath, args: all });
  };

  it("doctor finds that root has what is needed, and leaves nothing behind", async () => {
    const { code, document } = await ended(worker3("node", "doctor"));
    assert.deepEqual([code, document.ok, document.missing], [0, true, []], JSON.stringify(document.checks));
    const { network, sandbox, seccomp } = document.enforces;
    assert.deepEqual([network, sandbox, seccomp], ["netns", true, true]);
    const chain = document.checks.find(({ name }) => name === "chain");
    assert.equal(chain?.ok, false, "nobody answers there");
    for (const { ok, fix, name } of document.checks) assert.equal(fix === undefined, ok, name);
    const tables = await new Promise<string>((resolve) => {
      const { file, args } = world.onMachine({ file: "nft", args: ["list", "tables"] });
      execFile(file, args, (_error, stdout) => resolve(stdout));
    });
    assert.doesNotMatch(tables, /w3_0_/);
  });

  it("doctor finds for a user without rights that pasta does it", async () => {
    const { file, args } = world.onMachine(
      asNobody(home, BIN, ["node", "doctor", "--state", "/tmp/none", "--json"]),
    );
    const { code, document } = await ended({ file, args });
    assert.deepEqual(
      [code, document.enforces.network, document.enforces.sandbox],
      [0, "pasta", true],
      JSON.stringify(document.checks),
    );
  });

  it("start refuses below the minimum, naming what is missing, and changes nothing; doctor says how to get it", async () => {
    await forward(0);
    try {
      const [start, doctor] = [await ended(worker3("node", "start")), await ended(worker3("node", "doctor"))];
      assert.deepEqual([start.code, doctor.code], [1, 1]);
      const { error } = start.document;
      assert.deepEqual([error?.code, error?.value], ["BELOW_MINIMUM", "network"]);
      assert.match(error?.next ?? "", /worker3 node doctor.*--allow-host-network/);
      assert.deepEqual(doctor.document.missing, ["network"]);
      const fix = doctor.document.checks.find(({ name }) => name === "network")?.fix;
      assert.match(fix ?? "", /^sysctl -w net\.ipv4\.ip_forward=1/);
      assert.equal(existsSync(join(state, "network", "record.json")), false);
    } finally {
      await forward(1);
    }
  });

  it("start does without when told to, and goes on saying so; else it serves in the cells' own network", async () => {
    for (const [flags, network] of [
      [["--allow-host-network"], "workerd"],
      [[], "netns"],
    ] as const) {
      const { file, args } = worker3("node", "start", ...flags);
      const agent = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"] });
      try {
        const [line] = await once(agent.stdout, "data");
        assert.equal(JSON.parse(String(line)).event, "ready");
        const { document } = await ended(worker3("node", "status"));
        assert.equal(document.enforces.network, network);
        const { notes } = document.enforces as unknown as { notes: string[] };
        assert.equal(/share this machine's network/.test(notes.join()), network === "workerd");
        const exit = once(agent, "exit");
        agent.kill("SIGTERM");
        await exit;
        await assert.rejects(readFile(join(state, "network", "record.json")));
        await assert.rejects(readFile(join(state, "cgroups.json")));
      } finally {
        agent.kill("SIGKILL");
      }
    }
  });

  it("what a killed agent made, the next one removes; and it leaves nothing itself", async () => {
    const start = async () => {
      const { file, args } = worker3("node", "start");
      const agent = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"] });
      await once(agent.stdout, "data");
      return { agent, exit: once(agent, "exit") };
    };
    const made = async (): Promise<string[]> => {
      const { name } = JSON.parse(await readFile(join(state, "network", "record.json"), "utf8"));
      const { directories } = JSON.parse(await readFile(join(state, "cgroups.json"), "utf8"));
      return [`/run/netns/${name}`, ...directories];
    };
    const killed = await start();
    const left = await made();
    killed.agent.kill("SIGKILL");
    await killed.exit;
    assert.deepEqual(
      left.filter((path) => !existsSync(path)),
      [],
    );
    const next = await start();
    try {
      assert.deepEqual(
        left.filter((path) => existsSync(path)),
        [],
      );
      const own = await made();
      assert.deepEqual(
        own.filter((path) => !existsSync(path)),
        [],
      );
      next.agent.kill("SIGTERM");
      await next.exit;
      assert.deepEqual(
        own.filter((path) => existsSync(path)),
        [],
      );
    } finally {
      next.agent.kill("SIGKILL");
    }
  });
});
