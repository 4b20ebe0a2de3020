export * from "./budgets.ts";
export * from "./project.ts";
export * from "./rights.ts";
export * from "./seats.ts";
export * from "./summary.ts";
export * from "./terms.ts";
export * from "./versions.ts";
