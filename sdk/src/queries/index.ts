export {
  isRouted,
  proofName,
  proofOf,
  proofText,
  type ReadTxt,
  type ResolveDomainParameters,
  resolveDomain,
} from "./domainProof.ts";
export { readClaimants, readDomains } from "./domains.ts";
export {
  type EventQuestion,
  inChainOrder,
  type LogQuestion,
  type MinedLog,
  readEvents,
  readLogs,
  streamEvents,
  streamLogs,
} from "./logs.ts";
export { mapInWindows } from "./mapInWindows.ts";
export {
  type FindOwnedProjectsParameters,
  findOwnedIds,
  findOwnedProjects,
  type OwnedIds,
  type OwnedProject,
  type OwnedProjects,
  type RefusedRow,
} from "./ownedProjects.ts";
export { QueryError } from "./QueryError.ts";
export { type ReceiptFacts, readReceiptStates, receiptState, type UsageState } from "./receiptStates.ts";
export {
  type CountedReceipt,
  type FindReceiptParameters,
  findReceipt,
  type ReadReceiptsParameters,
  readMaturedEpochs,
  readReceipts,
  readSeatNodes,
} from "./receipts.ts";
export {
  type EpochUsage,
  type NodeUsage,
  type ReadUsageParameters,
  readUsage,
  type SilentNode,
} from "./usage.ts";
export {
  type DeployedVersion,
  type ProjectQuestion,
  readDeployments,
  readProjectsNaming,
  readVersionBefore,
  readVersions,
  type VersionFact,
} from "./versions.ts";
