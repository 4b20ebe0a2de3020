/** What cells and their tests use of the sdk. */
export { Worker3Error, type Worker3ErrorOptions } from "../../../../../sdk/src/errors/Worker3Error.ts";
export { parseManifest } from "../../../../../sdk/src/manifest/parseManifest.ts";
