export type { BlockReader, BlockStore } from "./blockStore.ts";
export { carOf } from "./carOf.ts";
export {
  checkLayout,
  isOwnPath,
  isReservedPath,
  MANIFEST_PATH,
  OUTDATED_MANIFEST_PATH,
  OWN_DIRECTORY,
  WORKER_DIRECTORY,
} from "./checkLayout.ts";
export { checkPath } from "./checkPath.ts";
export { cidOfDigest } from "./cidOfDigest.ts";
export { encodeCar } from "./encodeCar.ts";
export {
  CarError,
  type CarErrorCode,
  type CarErrorOptions,
  CidError,
  type CidPart,
  DagError,
  type DagErrorCode,
  PathError,
} from "./errors.ts";
export { type ExpandedSize, type ExpandedSizeOptions, expandedSize } from "./expandedSize.ts";
export { fileContent } from "./fileContent.ts";
export { foldName } from "./foldName.ts";
export { type ContentLimits, DEFAULT_LIMITS } from "./limits.ts";
export { type FolderListing, type ListedFile, type ListFilesOptions, listFiles } from "./listFiles.ts";
export { nameProblem } from "./nameProblem.ts";
export { type Folder, type FolderEntry, type PackedFolder, type PackOptions, pack } from "./pack.ts";
export { type DeploymentCid, parseDeploymentCid } from "./parseDeploymentCid.ts";
export { PROFILE } from "./profile.ts";
export type { FileContent } from "./storeFile.ts";
export { type VerifyCarOptions, verifyCar } from "./verifyCar.ts";
export { type Block, walkDag } from "./walkDag.ts";
