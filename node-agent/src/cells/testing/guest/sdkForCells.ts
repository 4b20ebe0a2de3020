/** What cells, their tests and their log use of the sdk. */

export { RpcError } from "../../../../../sdk/src/errors/errorClasses.ts";
export { Worker3Error, type Worker3ErrorOptions } from "../../../../../sdk/src/errors/Worker3Error.ts";
export { parseManifest } from "../../../../../sdk/src/manifest/parseManifest.ts";
export { usesOf } from "../../../../../sdk/src/manifest/uses.ts";
