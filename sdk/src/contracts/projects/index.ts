export * from "./domains.ts";
export * from "./project.ts";
export * from "./rights.ts";
export * from "./summary.ts";
export * from "./terms.ts";
export * from "./versions.ts";
