import assert from "node:assert/strict";
import { type LaneStep, nextStep, planLanes } from "./lanes.ts";

const SECONDS: Readonly<Record<string, number>> = {
  build: 40,
  contracts: 120,
  types: 20,
  agent: 150,
  lint: 10,
  e2e: 90,
  time: 5,
};
const secondsOf = (name: string): number => SECONDS[name] ?? 30;
const STEPS: readonly LaneStep[] = [
  { name: "time", alone: true },
  { name: "lint" },
  { name: "build" },
  { name: "contracts", needs: ["build"] },
  { name: "types", needs: ["build"] },
  { name: "agent" },
  { name: "e2e" },
];

describe("nextStep", () => {
  const rows: [what: string, running: string[], ended: string[], next: string | undefined][] = [
    ["the longest way, not the longest step", [], [], "build"],
    ["the longest of those that wait for nothing", ["build"], [], "agent"],
    ["what waited, when it may", ["agent"], ["build"], "contracts"],
    ["a short one where the long ones are gone", ["agent"], ["build", "contracts", "e2e"], "types"],
    ["nothing while what all others need runs", ["build"], ["agent", "lint", "e2e"], undefined],
    [
      "nothing that is to be alone while others run",
      ["agent"],
      ["build", "contracts", "types", "lint", "e2e"],
      undefined,
    ],
    ["what is to be alone at the end", [], ["build", "contracts", "types", "lint", "e2e", "agent"], "time"],
    [
      "nothing beside what is alone",
      ["time"],
      ["build", "contracts", "types", "lint", "e2e", "agent"],
      undefined,
    ],
    ["nothing where nothing is left", [], STEPS.map(({ name }) => name), undefined],
  ];
  for (const [what, running, ended, next] of rows) {
    it(`takes ${what}`, () => {
      const progress = { running: new Set(running), ended: new Set(ended) };
      assert.equal(nextStep(STEPS, progress, secondsOf)?.name, next);
    });
  }

  it("starts nothing beside one that is alone, though others wait", () => {
    const progress = { running: new Set(["time"]), ended: new Set<string>() };
    assert.equal(nextStep(STEPS, progress, secondsOf), undefined);
  });
});

describe("planLanes", () => {
  it("fills two lanes so that they end about together, and puts last what is alone", () => {
    const plan = planLanes(STEPS, 2, secondsOf);
    assert.deepEqual(
      plan.map(({ name, lane, from, to }) => [name, lane, from, to]),
      [
        ["build", 0, 0, 40],
        ["agent", 1, 0, 150],
        ["contracts", 0, 40, 160],
        ["e2e", 1, 150, 240],
        ["types", 0, 160, 180],
        ["lint", 0, 180, 190],
        ["time", 0, 240, 245],
      ],
    );
  });

  it("runs one after the other in one lane, each step once and after what it needs", () => {
    const plan = planLanes(STEPS, 1, secondsOf);
    assert.deepEqual(new Set(plan.map(({ name }) => name)), new Set(STEPS.map(({ name }) => name)));
    assert.equal(
      plan.at(-1)?.to,
      Object.values(SECONDS).reduce((sum, seconds) => sum + seconds, 0),
    );
    const place = (name: string) => plan.findIndex((step) => step.name === name);
    assert.ok(place("build") < place("contracts") && place("build") < place("types"));
  });

  it("tells of steps that wait for each other", () => {
    const circle = [
      { name: "a", needs: ["b"] },
      { name: "b", needs: ["a"] },
    ];
    assert.throws(() => planLanes([...circle], 2, () => 1), /wait for each other/);
  });
});
