export * from "./authorization.ts";
export * from "./permit.ts";
export * from "./spending.ts";
export * from "./token.ts";
