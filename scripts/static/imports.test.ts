import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Floors, findCircles, findClimbs, readImports } from "./imports.ts";

const ROOT = join(import.meta.dirname, "../..");
const PACKAGES = ["sdk/src", "node-agent/src", "cli/src"];
const AGENT = "node-agent/src";

/** What stands on nothing, and everybody may use. */
const GROUND = [
  "process",
  "logging",
  "background",
  "assetMarks.ts",
  "changes.ts",
  "extractedFolder.ts",
  "version.ts",
];

/**
 * The agent's house: each folder, and each file at the top that others use, with what it may import. The files that are not
 * here build the parts and hand them to each other. Of an edge all know the contract; a plane only who starts it.
 */
const FLOORS: Floors = {
  process: [],
  logging: [],
  background: [],
  "assetMarks.ts": [],
  "changes.ts": [],
  "extractedFolder.ts": [],
  "version.ts": [],
  "config.ts": [],
  "operatorKey.ts": ["config.ts"],
  ledger: GROUND,
  peers: GROUND,
  chain: [...GROUND, "ledger"],
  identity: [...GROUND, "chain"],
  content: [...GROUND, "ledger", "peers"],
  cells: [...GROUND, "peers"],
  bindings: [...GROUND, "cells"],
  // What the command has of the agent when it deploys: it shall stay as small as this.
  trial: [...GROUND, "cells", "bindings"],
  edge: GROUND,
  "edge/common": [...GROUND, "edge"],
  "edge/embedded": [...GROUND, "edge", "edge/common"],
  metering: [...GROUND, "ledger", "chain"],
  settlement: [...GROUND, "ledger", "chain", "metering"],
  reconcile: [...GROUND, "chain", "content", "cells", "edge"],
  watchdog: [...GROUND, "cells", "edge", "edge/embedded"],
  // Tests alone.
  serving: [],
  api: [
    ...GROUND,
    "config.ts",
    "identity",
    "ledger",
    "chain",
    "content",
    "cells",
    "edge",
    "settlement",
    "reconcile",
  ],
  admin: [...GROUND, "identity", "chain", "content", "cells", "settlement", "reconcile"],
  doctor: [...GROUND, "config.ts", "operatorKey.ts", "chain", "cells"],
};

/** What the sdk is made of, below what asks others: its folders may use each other, as no files go in a circle. */
const SDK_GROUND = [
  "abi",
  "bindings",
  "content",
  "contracts",
  "errors",
  "manifest",
  "network",
  "protocol",
  "receipts",
  "signing",
];

/** The sdk's house: what asks the chain, the nodes and the DNS stands on what it is made of, and what needs Node on top. */
const SDK_FLOORS: Floors = {
  ...Object.fromEntries(SDK_GROUND.map((folder) => [folder, SDK_GROUND])),
  model: SDK_GROUND,
  events: SDK_GROUND,
  nodeApi: SDK_GROUND,
  queries: [...SDK_GROUND, "events", "nodeApi"],
  upload: [...SDK_GROUND, "nodeApi"],
  node: [...SDK_GROUND, "nodeApi", "queries", "upload"],
};

const HOUSES: readonly [folder: string, floors: Floors][] = [
  [AGENT, FLOORS],
  ["sdk/src", SDK_FLOORS],
];

/**
 * The command's files that know the agent, and by which of its exports: they start it, have it look at a machine, or start
 * one worker as it would. `trial` is that alone: deployers have no agent.
 */
const STARTS_AGENT = {
  "cli/src/commands/node/doctor.ts": ["@worker3/node-agent"],
  "cli/src/commands/node/start.ts": ["@worker3/node-agent"],
  "cli/src/upload/tryWorker.ts": ["@worker3/node-agent/trial"],
};

const isTest = (file: string) => /\.test\.ts$|\/testing\//.test(file);

describe("imports", () => {
  const imports = readImports(ROOT, PACKAGES);

  it("go in no circle, types included", () => {
    assert.ok(
      imports.size > 500 && [...imports.values()].flat().length > 1_500,
      "the check reads no imports",
    );
    assert.deepEqual(findCircles(readImports(ROOT, [...PACKAGES, "ignition", "scripts", "test"])), []);
  });

  it("of what is built and deployed name no script and no test", () => {
    const climbs = [...readImports(ROOT, [...PACKAGES, "ignition"])].flatMap(([from, all]) =>
      isTest(from) ? [] : all.filter((to) => /^(scripts|test)\//.test(to)).map((to) => `${from} -> ${to}`),
    );
    assert.deepEqual(climbs, []);
    assert.doesNotMatch(readFileSync(join(ROOT, "hardhat.config.ts"), "utf8"), /"\.\/(scripts|test)\//);
  });

  for (const [folder, floors] of HOUSES) {
    it(`of the folders of ${folder} go down, floor by floor`, () => {
      const climbs = findClimbs(imports, floors, { below: folder, isChecked: (file) => !isTest(file) });
      assert.deepEqual(climbs, []);
    });

    it(`each folder of ${folder} has its floor`, () => {
      const folders = readdirSync(join(ROOT, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== "testing")
        .map(({ name }) => name);
      assert.deepEqual(
        folders.filter((name) => floors[name] === undefined),
        [],
        "say in FLOORS what it may import",
      );
    });
  }

  it("of the agent are the command's only where it starts it", () => {
    const knowing = [...imports.keys()].flatMap((file): [string, string[]][] => {
      if (!file.startsWith("cli/src/") || isTest(file)) return [];
      const names = readFileSync(join(ROOT, file), "utf8").match(/(?<=")@worker3\/node-agent[^"]*/g);
      return names === null ? [] : [[file, [...new Set(names)]]];
    });
    assert.deepEqual(Object.fromEntries(knowing), STARTS_AGENT);
  });

  it("of what is published stay in their package by relative paths", () => {
    const strays = [...imports].flatMap(([from, all]) => {
      const own = PACKAGES.find((folder) => from.startsWith(`${folder}/`)) ?? "";
      return isTest(from)
        ? []
        : all.filter((to) => !to.startsWith(`${own}/`)).map((to) => `${from} -> ${to}`);
    });
    assert.deepEqual(strays, []);
  });

  it("of what tests share are by its name, outside of the sdk", () => {
    const inside = [...imports].flatMap(([from, all]) =>
      from.startsWith("sdk/src/")
        ? []
        : all.filter((to) => to.startsWith("sdk/src/testing/")).map((to) => `${from} -> ${to}`),
    );
    assert.deepEqual(inside, []);
  });

  describe("are read as they are written", () => {
    let root: string;
    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), "imports-"));
    });
    afterEach(() => rm(root, { recursive: true }));

    async function write(files: Record<string, string>) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
      return readImports(root, ["src"]);
    }

    it("in all forms, and not in texts of programs", async () => {
      const read = await write({
        "src/a.ts": [
          'import type { B } from "./b.ts";',
          "import {",
          "  type C,",
          "  c,",
          '} from "./deep/c.ts";',
          'export * from "./d.ts";',
          'export const later = () => import("./e.ts");',
          'import "./f.ts";',
          'import { readFile } from "node:fs";',
          "const text = `",
          '  import x from "./none.ts";',
          "`;",
        ].join("\n"),
      });
      assert.deepEqual(read.get("src/a.ts"), [
        "src/b.ts",
        "src/deep/c.ts",
        "src/d.ts",
        "src/f.ts",
        "src/e.ts",
      ]);
    });

    it("and a circle is found, also by types, over several files and beside another", async () => {
      const read = await write({
        "src/a.ts": 'import type { B } from "./b.ts";',
        "src/b.ts": 'export * from "./c.ts";\nimport "./leaf.ts";',
        "src/c.ts": 'const a = () => import("./a.ts");\nimport "./x.ts";',
        "src/x.ts": 'import "./y.ts";',
        "src/y.ts": 'import "./x.ts";',
        "src/leaf.ts": "",
        "src/top.ts": 'import "./a.ts";\nimport "./x.ts";',
      });
      assert.deepEqual(findCircles(read).sort(), [
        ["src/a.ts", "src/b.ts", "src/c.ts"],
        ["src/x.ts", "src/y.ts"],
      ]);
    });

    it("and one that goes up is found: the inner folder counts, the wiring is nobody's to import", async () => {
      const read = await write({
        "src/low/a.ts": 'import "../high/b.ts";\nimport "./own.ts";',
        "src/high/b.ts": 'import "../low/a.ts";\nimport "./inner/c.ts";\nimport "../main.ts";',
        "src/high/inner/c.ts": 'import "../b.ts";',
        "src/main.ts": 'import "./low/a.ts";\nimport "./high/inner/c.ts";',
        "src/low/a.test.ts": 'import "../high/b.ts";',
      });
      const floors = { low: [], high: ["low"], "high/inner": ["high"] };
      const climbs = findClimbs(read, floors, { below: "src", isChecked: (file) => !isTest(file) });
      assert.deepEqual(climbs.map(({ way }) => way).sort(), [
        "high -> high/inner",
        "high -> src/main.ts",
        "low -> high",
      ]);
    });
  });
});
