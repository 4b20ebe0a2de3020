import type { DoctorReport } from "@worker3/node-agent";
import { defineCommand } from "../../command.ts";
import { stateDirectory, stateOption } from "../../nodeState/stateOption.ts";
import { table } from "../../text/table.ts";

/** `worker3 node doctor` */
export const doctor = defineCommand({
  name: "doctor",
  summary: "what this machine can hold strangers' code to, and how to get the rest",
  description:
    "Tries what a node's cells would be confined by, as the user that asks, and removes it again. Exit code 0 where the minimum holds: a sandbox, and a network of the cells' own.",
  options: { state: stateOption },
  async run(context, { state }) {
    using progress = context.progress("Trying what this machine has");
    const { runDoctor } = await import("@worker3/node-agent");
    const report = await runDoctor({ stateDirectory: stateDirectory(state) });
    progress.done();
    context.out(report, textOf(report), { failed: !report.ok });
  },
});

function textOf({ ok, missing, checks }: DoctorReport): string {
  const rows = checks.map(({ name, ok, needed, detail }) => [
    ok ? "ok" : needed ? "MISSING" : "no",
    name,
    detail,
  ]);
  const fixes = checks.flatMap(({ name, fix }) => (fix === undefined ? [] : [`  ${name}: ${fix}`]));
  return [
    table(["", "what", "found"], rows),
    ...(fixes.length === 0 ? [] : ["", "To get the rest:", ...fixes]),
    "",
    ok
      ? "This machine holds strangers' code to the minimum."
      : `Below the minimum: no ${missing.join(", no ")}. \`worker3 node start\` refuses here unless told otherwise.`,
  ].join("\n");
}
