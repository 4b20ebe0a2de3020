export * from "./node.ts";
export * from "./stake.ts";
export * from "./summary.ts";
