export * from "../abi/namespaces.ts";
export { type Call, type CallTarget, type EncodedCall, encodeCall } from "./call.ts";
export type { ReadOptions } from "./read.ts";
export type { Mined, WriteOptions } from "./send.ts";
export { type Settled, sendInARow } from "./sendInARow.ts";
export {
  type ContractKey,
  contractKeys,
  contractTable,
  type DeployedContract,
  deployedContracts,
  type FactContract,
  factContracts,
  makerOf,
  namingViews,
  ownContracts,
  recordOf,
  requiredContracts,
} from "./table.ts";
export { untilAborted } from "./untilAborted.ts";
