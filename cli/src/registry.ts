import type { CommandDefinition, CommandGroup } from "./command.ts";

/** A command by name; its code is loaded when it is called, for that takes longer than everything before. */
export interface RegisteredCommand {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandDefinition | CommandGroup>;
}

/** Every command, in the order of the help. */
export const COMMANDS: readonly RegisteredCommand[] = [
  {
    name: "deploy",
    summary: "puts a project on the network, or its next version",
    load: async () => (await import("./commands/deploy.ts")).deploy,
  },
  {
    name: "pack",
    summary: "makes a deployment folder or project into a CAR and tells its CID",
    load: async () => (await import("./commands/pack.ts")).pack,
  },
  {
    name: "push",
    summary: "uploads content for a version that the chain names already",
    load: async () => (await import("./commands/push.ts")).push,
  },
  {
    name: "versions",
    summary: "lists a project's versions",
    load: async () => (await import("./commands/versions.ts")).versions,
  },
  {
    name: "rollback",
    summary: "goes back to an earlier version",
    load: async () => (await import("./commands/rollback.ts")).rollback,
  },
  {
    name: "activate",
    summary: "makes a version live that was proposed",
    load: async () => (await import("./commands/activate.ts")).activate,
  },
  {
    name: "split",
    summary: "shows a second version to some visitors",
    load: async () => (await import("./commands/split.ts")).split,
  },
  {
    name: "domains",
    summary: "lists, adds and removes a project's domains",
    load: async () => (await import("./commands/domains.ts")).domains,
  },
  {
    name: "credit",
    summary: "pays for a project",
    load: async () => (await import("./commands/credit.ts")).credit,
  },
  {
    name: "project",
    summary: "shows a project and changes its terms, rights and owner",
    load: async () => (await import("./commands/project.ts")).project,
  },
  {
    name: "projects",
    summary: "lists the projects of an account",
    load: async () => (await import("./commands/projects.ts")).projects,
  },
  {
    name: "whoami",
    summary: "tells which account acts, on which network, and what it has there",
    load: async () => (await import("./commands/whoami.ts")).whoami,
  },
  {
    name: "usage",
    summary: "what a project used, by epoch and node",
    load: async () => (await import("./commands/usage.ts")).usage,
  },
  {
    name: "receipts",
    summary: "the receipts that the chain counted",
    load: async () => (await import("./commands/receipts.ts")).receipts,
  },
  {
    name: "release",
    summary: "accepts a receipt early",
    load: async () => (await import("./commands/release.ts")).release,
  },
  {
    name: "dispute",
    summary: "disputes a receipt, with a bond",
    load: async () => (await import("./commands/dispute.ts")).dispute,
  },
  {
    name: "verify",
    summary: "compares what replicas serve with what the chain names",
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  {
    name: "export",
    summary: "fetches a version's content as a CAR",
    load: async () => (await import("./commands/export.ts")).exportCar,
  },
  {
    name: "node",
    summary: "sets up, runs and pays a node",
    load: async () => (await import("./commands/node.ts")).node,
  },
];
