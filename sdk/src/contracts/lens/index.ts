export * from "./exposure.ts";
export * from "./lines.ts";
export * from "./names.ts";
export * from "./project.ts";
export * from "./resolve.ts";
