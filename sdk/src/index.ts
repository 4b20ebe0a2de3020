export {
  accessManagerAbi,
  creditEscrowAbi,
  mockUSDAbi,
  nodeRegistryAbi,
  projectRegistryAbi,
  usageSettlementAbi,
} from "./abi/index.ts";
export * from "./content/index.ts";
export * from "./contracts/index.ts";
export * from "./errors/index.ts";
export * from "./events/index.ts";
export * from "./manifest/index.ts";
export * from "./network/index.ts";
export * from "./protocol/index.ts";
export * from "./receipts/index.ts";
export * from "./signing/index.ts";
