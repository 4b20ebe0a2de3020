import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { until } from "../../node-agent/src/testing/until.ts";
import { argument, defineCommand } from "./command.ts";
import { startProgress } from "./context/progress.ts";
import { CliError } from "./errors.ts";
import type { RegisteredCommand } from "./registry.ts";
import { runHere } from "./testing/runHere.ts";
import { visibleJson, visibleText } from "./text/visibleText.ts";

/** Clears the screen, names the window, does both as C1, turns the line around. */
const EVIL = "a\u001b[2J\u001b]0;OWNED\u0007\u009b31m\u202eb\u2066\r\u007f\tc";
const SHOWN = "a\\x1b[2J\\x1b]0;OWNED\\x07\\x9b31m\\u202eb\\u2066\\x0d\\x7f\tc";
const OBEYED = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u;

const says = defineCommand({
  name: "says",
  summary: "says what strangers said",
  arguments: { how: argument("<how>", "how") },
  async run(context, { how }) {
    if (how === "fail") throw new CliError({ code: "X", message: `m ${EVIL}`, value: EVIL, next: EVIL });
    if (how === "bug") throw new TypeError(EVIL);
    if (how === "forge") {
      throw new CliError({
        code: "X",
        message: "no\nVersion 9 is live",
        value: "x\n  next: pay",
        next: "n\nm",
      });
    }
    context.note(EVIL);
    context.progress(EVIL).done(EVIL);
    await context.confirm(EVIL);
    context.out({ said: `${EVIL}\u2028\u2029` }, EVIL);
  },
});
const commands: readonly RegisteredCommand[] = [
  { name: says.name, summary: says.summary, load: async () => says },
];

describe("what strangers say", () => {
  it("is shown by a terminal, not obeyed, whatever way it takes", async () => {
    const asked: string[] = [];
    const prompts = {
      interactive: true,
      confirm: async (question: string) => asked.push(question) > 0,
      password: async () => "",
    };
    const told = await runHere(["says", "well"], { commands, prompts });
    assert.equal(told.stdout, `${SHOWN}\n`);
    assert.equal(told.stderr, `${SHOWN}\n${SHOWN}\n`);
    assert.deepEqual(asked, [SHOWN]);
    const sure = await runHere(["says", "well", "--yes"], { commands });
    assert.equal(sure.stderr, `${SHOWN}\n`.repeat(3));
    for (const args of [["says", "fail"], ["says", "bug", "--verbose"], ["says", `--${EVIL}`], [EVIL]]) {
      const { stdout, stderr } = await runHere(args, { commands });
      assert.match(stderr, /a\\x1b\[2J/, args.join(" "));
      assert.doesNotMatch(stdout + stderr, OBEYED, args.join(" "));
    }
  });

  it("is the same text in a document, of characters that no terminal obeys", async () => {
    const told = await runHere(["says", "well", "--yes", "--json"], { commands });
    assert.doesNotMatch(told.stdout, /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    assert.deepEqual(JSON.parse(told.stdout), { said: `${EVIL}\u2028\u2029` });
    const failed = await runHere(["says", "fail", "--json"], { commands });
    assert.doesNotMatch(failed.stdout, OBEYED);
    assert.equal(JSON.parse(failed.stdout).error.value, EVIL);
  });

  it("begins no line that passes for one of the command's", async () => {
    const { stderr } = await runHere(["says", "forge"], { commands });
    assert.equal(stderr, "no\n  Version 9 is live [X]\n  value: x\n      next: pay\n  next: n\n    m\n");
  });

  it("leaves every other character as it is", () => {
    const text = "é ✔ 日本 🌍 ‏שלום\n\tx";
    assert.equal(visibleText(text), text);
    assert.equal(visibleJson(JSON.stringify(text)), JSON.stringify(text));
  });

  it("does not move a terminal that shows a spinner, which goes on turning", async () => {
    const parts: string[] = [];
    const stream = Object.assign(
      new Writable({
        write(chunk, _, done) {
          parts.push(String(chunk));
          done();
        },
      }),
      { isTTY: true, columns: 200, cursorTo: () => true, clearLine: () => true, moveCursor: () => true },
    ) as unknown as NodeJS.WriteStream;
    {
      using progress = startProgress(stream, EVIL);
      progress.update(`${EVIL} now`);
      await until("the spinner", () => parts.join("").includes("now"));
    }
    const all = parts.join("");
    assert.match(all, /\\x1b\[2J.*\\x1b\]0;OWNED/);
    for (const raw of ["\u001b[2J", "\u001b]0", "\u009b"]) assert.ok(!all.includes(raw), JSON.stringify(raw));
  });

  it("has no way to the terminal past that: every write of the command's sources filters", () => {
    const writes = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|^testing\//.test(file))
      .flatMap((file) => {
        const text = readFileSync(join(import.meta.dirname, file), "utf8");
        const found = text.match(/\b(stdout|stderr|stream)\.write\([\s\S]*?\)[;,)]|\bconsole\..*/g) ?? [];
        return found.map((write) => ({ file, write }));
      });
    const isFiltered = /\b(visibleText|toJson)\(|\.write\(""|\$\{version\}/;
    const past = writes.filter(({ write }) => !isFiltered.test(write)).map(({ file }) => file);
    assert.ok(writes.length > 8, "the check finds no writes");
    // All that it shows goes through `startProgress`, which filters.
    assert.deepEqual([...new Set(past)], [join("context", "progress.ts")]);
  });
});
