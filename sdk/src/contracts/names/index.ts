export * from "./claims.ts";
export * from "./lapse.ts";
export * from "./words.ts";
