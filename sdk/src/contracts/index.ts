export * as asset from "./asset/index.ts";
export * as escrow from "./escrow/index.ts";
export * as nodes from "./nodes/index.ts";
export * as projects from "./projects/index.ts";
export type { ReadOptions } from "./readView.ts";
export type { Mined, WriteOptions } from "./sendCall.ts";
export * as settlement from "./settlement/index.ts";
export { untilAborted } from "./untilAborted.ts";
