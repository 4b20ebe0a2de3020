export { DiskError } from "./errors.ts";
export { openScratchStore, type ScratchStore } from "./openScratchStore.ts";
export { type PackedDiskFolder, type PackFolderOptions, packFolder } from "./packFolder.ts";
export { readDiskFile } from "./readDiskFile.ts";
export { readFolder } from "./readFolder.ts";
export { writeCar } from "./writeCar.ts";
