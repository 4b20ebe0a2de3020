import assert from "node:assert/strict";
import { argument, type CommandGroup, defineCommand, flag, option, requiredOption } from "./command.ts";
import type { Prompts } from "./context/prompts.ts";
import { CliError } from "./errors.ts";
import { positiveAmount } from "./inputs/amount.ts";
import type { RegisteredCommand } from "./registry.ts";
import { NOBODY, runHere } from "./testing/runHere.ts";

const echo = defineCommand({
  name: "echo",
  summary: "says what it got",
  arguments: {
    first: argument("<first>", "anything"),
    amount: argument("<amount>", "money", positiveAmount),
  },
  options: {
    to: option("--to <name>", "a name"),
    all: flag("--all", "everything"),
    wait: flag("--no-wait", "do not wait"),
    version: option("--version <version>", "a version"),
  },
  examples: ["worker3 echo a 1"],
  run: async (context, input) => context.out({ ...input, at: new Date(0) }, `got ${input.first}`),
});
const spend = defineCommand({
  name: "spend",
  summary: "asks first",
  options: { node: requiredOption("--node <id>", "a node") },
  async run(context) {
    await context.confirm("Really?", { cost: "5 USD" });
    context.out({ spent: true }, "spent");
  },
});
const fail = defineCommand({
  name: "fail",
  summary: "fails",
  arguments: { how: argument("<how>", "how") },
  async run(context, { how }) {
    if (how === "bug")
      throw new TypeError("undefined is not a function\nand more", { cause: new Error("the reason") });
    if (how === "document") return context.out({ ok: false }, "not ok", { failed: true });
    throw new CliError({
      code: "NO_CREDIT",
      message: "There is none.",
      value: "7",
      next: "pay",
      txHash: "0x12",
    });
  },
});
const group: CommandGroup = { name: "money", summary: "about money", commands: [spend] };
const COMMANDS: RegisteredCommand[] = [
  { name: "echo", summary: "says what it got", load: async () => echo },
  { name: "fail", summary: "fails", load: async () => fail },
  { name: "money", summary: "about money", load: async () => group },
];

async function run(
  args: string[],
  prompts: Prompts = NOBODY,
): Promise<{ code: number | null; out: string; err: string }> {
  const { code, stdout, stderr } = await runHere(args, { commands: COMMANDS, prompts });
  return { code, out: stdout, err: stderr };
}

async function usage(...args: string[]): Promise<{ message: string; value?: string; next?: string }> {
  const { code, out, err } = await run([...args, "--json"]);
  assert.equal(code, 2, out);
  assert.equal(err, "");
  const { error } = JSON.parse(out);
  assert.equal(error.code, "USAGE");
  return error;
}

describe("the command line", () => {
  it("hands a command its arguments, parsed, and its options by name", async () => {
    const { code, out } = await run(["echo", "a", "1.5", "--all", "--no-wait", "--version", "4", "--json"]);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), {
      first: "a",
      amount: "1500000",
      all: true,
      wait: false,
      version: "4",
      at: "1970-01-01T00:00:00.000Z",
    });
  });

  it("says what an absent option is", async () => {
    const { out } = await run(["--json", "echo", "a", "1"]);
    assert.deepEqual(JSON.parse(out), {
      first: "a",
      amount: "1000000",
      all: false,
      wait: true,
      at: "1970-01-01T00:00:00.000Z",
    });
  });

  it("speaks to people without --json", async () => {
    assert.deepEqual(await run(["echo", "a", "1"]), { code: 0, out: "got a\n", err: "" });
  });

  it("answers wrong usage with exit code 2, naming the value and what was meant", async () => {
    assert.deepEqual(await usage("ehco"), {
      code: "USAGE",
      message: "Unknown command 'ehco'.",
      value: "ehco",
      next: "did you mean echo?",
    });
    assert.equal((await usage("echo", "a", "1", "--tooo", "x")).value, "--tooo");
    assert.equal((await usage("echo", "a")).value, "amount");
    assert.match((await usage("echo", "a", "1", "surplus")).message, /[Tt]oo many arguments/);
    assert.equal((await usage("money", "spend")).next, "see worker3 money --help");
    assert.match((await usage("money")).message, /which command of this group/);
    assert.equal((await usage("money", "spnd")).next, "did you mean spend?");
    const { message, value } = await usage("echo", "a", "a lot");
    assert.equal(value, "a lot");
    assert.match(message, /digits with at most 6 decimals/);
  });

  it("answers people the same in words, on stderr", async () => {
    const { code, out, err } = await run(["ehco"]);
    assert.deepEqual([code, out], [2, ""]);
    assert.equal(err, "Unknown command 'ehco'. [USAGE]\n  next: did you mean echo?\n");
    assert.equal((await run([])).code, 2);
  });

  it("prints a failure as document or as text, with exit code 1", async () => {
    const { code, out, err } = await run(["fail", "so", "--json"]);
    assert.deepEqual([code, err], [1, ""]);
    assert.deepEqual(JSON.parse(out), {
      error: { code: "NO_CREDIT", message: "There is none.", value: "7", next: "pay", txHash: "0x12" },
    });
    const human = await run(["fail", "so"]);
    assert.deepEqual([human.code, human.out], [1, ""]);
    assert.equal(
      human.err,
      "There is none. [NO_CREDIT]\n  value: 0.000007 USD\n  transaction: 0x12\n  next: pay\n",
    );
  });

  it("calls a bug a bug, and shows its stack and what caused it only when asked", async () => {
    const { code, err } = await run(["fail", "bug"]);
    assert.equal(code, 1);
    assert.match(err, /\[INTERNAL\]/);
    assert.doesNotMatch(err, /at Object|\.ts:|the reason/);
    const { err: all } = await run(["fail", "bug", "--verbose"]);
    assert.match(all, /runCommandLine\.test\.ts:/);
    assert.match(all, /\[cause\]: Error: the reason\n +at .*runCommandLine\.test\.ts:/);
  });

  it("can fail with a document", async () => {
    assert.deepEqual(await run(["fail", "document", "--json"]), { code: 1, out: '{"ok":false}\n', err: "" });
  });

  it("spends nothing without a terminal and without --yes", async () => {
    const { code, out } = await run(["money", "spend", "--node", "1", "--json"]);
    assert.equal(code, 2);
    const { error } = JSON.parse(out);
    assert.deepEqual([error.code, error.value], ["CONFIRMATION_NEEDED", "5 USD"]);
    const { code: done, err } = await run(["money", "spend", "--node", "1", "--yes"]);
    assert.equal(done, 0);
    assert.match(err, /5 USD/, "the price is shown all the same");
  });

  it("takes a person's no for a no", async () => {
    const asked: string[] = [];
    const person = (answer: boolean): Prompts => ({
      ...NOBODY,
      interactive: true,
      async confirm(question) {
        asked.push(question);
        return answer;
      },
    });
    const { code, err } = await run(["money", "spend", "--node", "1"], person(false));
    assert.equal(code, 1);
    assert.match(err, /\[DECLINED\]/);
    assert.deepEqual(asked, ["Really? It costs 5 USD."]);
    assert.equal((await run(["money", "spend", "--node", "1"], person(true))).out, "spent\n");
  });

  it("shows help and version without running anything", async () => {
    assert.deepEqual(await run(["--version"]), { code: 0, out: "1.2.3\n", err: "" });
    const whole = await run(["--help"]);
    assert.equal(whole.code, 0);
    assert.match(whole.out, /echo +says what it got/);
    for (const args of [
      ["help", "echo"],
      ["echo", "--help"],
    ]) {
      const { code, out } = await run(args);
      assert.equal(code, 0);
      assert.match(out, /--to <name>/);
      assert.match(out, /--keystore <file>/);
      assert.match(out, /Examples:\n {2}worker3 echo a 1/);
    }
    assert.match((await run(["money", "--help"])).out, /spend +asks first/);
  });
});
