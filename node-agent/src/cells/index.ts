export type { Cell, CellEnd, CellSpec, CellState } from "./Cell.ts";
export { CellError, type CellErrorCode } from "./CellError.ts";
export type { CellRunner, Enforces } from "./CellRunner.ts";
export { checkSupported } from "./checkSupported.ts";
export { type CellRunnerOptions, createCellRunner } from "./createCellRunner.ts";
export type { SandboxKind } from "./sandbox/Sandbox.ts";
export { type WorkerdBinary, workerdBinary } from "./workerdBinary.ts";
