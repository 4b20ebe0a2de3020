export { DiskError } from "./errors.ts";
export { openScratchStore, type ScratchStore } from "./openScratchStore.ts";
export { type PackedDiskFolder, type PackFolderOptions, packFolder } from "./packFolder.ts";
export { putCar } from "./putCar.ts";
export { readDiskFile } from "./readDiskFile.ts";
export { readFolder } from "./readFolder.ts";
export { readTxt } from "./readTxt.ts";
export { requireUtf8Name } from "./requireUtf8Name.ts";
export { writeCar } from "./writeCar.ts";
