export { CellError } from "./CellError.ts";
export { checkSupported } from "./checkSupported.ts";
export { checkScriptSize } from "./limits/checkScriptSize.ts";
export { workerdBinary } from "./workerdBinary.ts";
