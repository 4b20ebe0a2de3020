export * from "./credit.ts";
export * from "./deposits.ts";
