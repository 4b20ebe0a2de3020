export * from "./batches.ts";
export * from "./claims.ts";
export * from "./disputes.ts";
export * from "./epochs.ts";
export * from "./parameters.ts";
