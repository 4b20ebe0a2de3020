export { CellError } from "./cells/CellError.ts";
export { checkSupported } from "./cells/checkSupported.ts";
export { checkScriptSize } from "./cells/limits/checkScriptSize.ts";
export { workerdBinary } from "./cells/workerdBinary.ts";
