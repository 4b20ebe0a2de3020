export { CellError } from "./CellError.ts";
export { checkSupported } from "./checkSupported.ts";
export { workerdBinary } from "./workerdBinary.ts";
