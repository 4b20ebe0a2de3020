export type { CommandContext } from "./context/CommandContext.ts";
