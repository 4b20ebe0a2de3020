export * as asset from "./asset.ts";
export { type Call, type CallTarget, type EncodedCall, encodeCall } from "./call.ts";
export * as escrow from "./escrow.ts";
export * as nodes from "./nodes/index.ts";
export * as projects from "./projects/index.ts";
export type { ReadOptions } from "./read.ts";
export type { Mined, WriteOptions } from "./send.ts";
export * as settlement from "./settlement/index.ts";
export {
  type CalledContract,
  type ContractKey,
  type ContractName,
  calledContracts,
  contractKeys,
  contractTable,
  type DeployedContract,
  deployedContracts,
  type FactContract,
  factContracts,
  type NamingView,
  namingViews,
  type OptionalContract,
  type OwnContract,
  optionalContracts,
  ownContracts,
  type RequiredContract,
  recordOf,
  requiredContracts,
} from "./table.ts";
export { untilAborted } from "./untilAborted.ts";
