/** What cells, their tests and their log use of the sdk. */

export {
  isOwnPath,
  MANIFEST_PATH,
  OWN_DIRECTORY,
  WORKER_DIRECTORY,
} from "../../../../../sdk/src/content/checkLayout.ts";
export { ContractError, RpcError } from "../../../../../sdk/src/errors/errorClasses.ts";
export { Worker3Error, type Worker3ErrorOptions } from "../../../../../sdk/src/errors/Worker3Error.ts";
export {
  type Capabilities,
  checkSupported,
  SupportError,
} from "../../../../../sdk/src/manifest/checkSupported.ts";
export { parseManifest } from "../../../../../sdk/src/manifest/parseManifest.ts";
