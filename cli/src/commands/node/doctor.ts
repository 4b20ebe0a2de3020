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

function textOf({ missing, allowed, checks }: DoctorReport): string {
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
    verdictOf({ missing, allowed }),
  ].join("\n");
}

/** What `node start` would make of this machine, with the settings of this folder. */
export function verdictOf({ missing, allowed }: Pick<DoctorReport, "missing" | "allowed">): string {
  if (missing.length === 0) return "This machine holds strangers' code to the minimum.";
  const below = `Below the minimum: no ${missing.join(", no ")}.`;
  const refusedFor = missing.filter((what) => !allowed.includes(what));
  const settings = allowed.map((what) => SETTINGS[what]).join(" and ");
  if (refusedFor.length === 0)
    return `${below} \`worker3 node start\` serves here all the same, for node.json says ${settings}.`;
  const flags = refusedFor.map((what) => FLAGS[what]).join(" and ");
  const partly = allowed.length === 0 ? "" : `, though node.json says ${settings}`;
  return `${below} \`worker3 node start\` refuses here${partly}, unless told otherwise: ${flags}.`;
}

const SETTINGS = { sandbox: "cells.allowUnsandboxed", network: "cells.allowHostNetwork" };
const FLAGS = { sandbox: "--allow-unsandboxed", network: "--allow-host-network" };
