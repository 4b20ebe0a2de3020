import assert from "node:assert/strict";
import { chooseSteps, parseRunOptions, type Step, UsageError } from "./chooseSteps.ts";

const step = (name: string, ...needs: string[]): Step => ({ name, command: ["true"], needs });
const STEPS: readonly Step[] = [
  step("install Go"),
  step("install Kubo", "install Go"),
  step("Kubo", "install Kubo"),
  step("agent"),
  step("a killed agent"),
];

describe("chooseSteps", () => {
  const rows: [what: string, names: string[], chosen: string[]][] = [
    ["all where none is named", [], STEPS.map(({ name }) => name)],
    [
      "one by its name, whatever its capitals, with all that it needs",
      ["kubo"],
      ["install Go", "install Kubo", "Kubo"],
    ],
    ["one by its whole name, though it is a part of another's", ["Agent"], ["agent"]],
    ["all that have the part", ["ill"], ["a killed agent"]],
    [
      "several, in the order of the list",
      ["killed", "install"],
      ["install Go", "install Kubo", "a killed agent"],
    ],
  ];
  for (const [what, names, chosen] of rows) {
    it(`takes ${what}`, () => {
      assert.deepEqual(
        chooseSteps(STEPS, names).map(({ name }) => name),
        chosen,
      );
    });
  }

  it("names the steps that there are where one is unknown", () => {
    assert.throws(
      () => chooseSteps(STEPS, ["agent", "gehth"]),
      (error: unknown) =>
        error instanceof UsageError &&
        /no step "gehth"[\s\S]*\n {2}Kubo\n[\s\S]* {2}a killed agent$/.test(error.message),
    );
  });
});

describe("parseRunOptions", () => {
  it("reads names and options in any order", () => {
    assert.deepEqual(parseRunOptions(["a b", "--list", "c", "--record", "--lanes", "3"]), {
      help: false,
      list: true,
      record: true,
      lanes: 3,
      names: ["a b", "c"],
    });
    assert.deepEqual(parseRunOptions([]), {
      help: false,
      list: false,
      record: false,
      lanes: undefined,
      names: [],
    });
  });

  for (const args of [["--lanes", "0"], ["--lanes", "two"], ["--nothing"]]) {
    it(`refuses ${args.join(" ")}`, () => {
      assert.throws(() => parseRunOptions(args), UsageError);
    });
  }
});
