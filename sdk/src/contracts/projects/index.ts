export { type AcceptOwnershipParameters, acceptOwnership } from "./acceptOwnership.ts";
export { type ActivateParameters, activate } from "./activate.ts";
export { type AddVersionParameters, type AddVersionResult, addVersion } from "./addVersion.ts";
export {
  type AssignReplicasParameters,
  type AssignReplicasResult,
  assignReplicas,
} from "./assignReplicas.ts";
export { type BudgetOfParameters, budgetOf } from "./budgetOf.ts";
export { type ClaimDomainParameters, claimDomain } from "./claimDomain.ts";
export { type CloseParameters, type CloseResult, close } from "./close.ts";
export { type ContenthashParameters, contenthash } from "./contenthash.ts";
export { type CreateProjectParameters, type CreateProjectResult, createProject } from "./createProject.ts";
export { defaultCap } from "./defaultCap.ts";
export { type DeployParameters, type DeployResult, deploy } from "./deploy.ts";
export { type LapseParameters, type LapseResult, lapse } from "./lapse.ts";
export { type LeaveParameters, leave } from "./leave.ts";
export { maxCap } from "./maxCap.ts";
export { type MayDeployParameters, mayDeploy } from "./mayDeploy.ts";
export { type MeterOfParameters, meterOf } from "./meterOf.ts";
export { type OwnerOfParameters, ownerOf } from "./ownerOf.ts";
export { type PauseResult, pause } from "./pause.ts";
export { pausedUntil } from "./pausedUntil.ts";
export { type ProjectAtParameters, projectAt } from "./projectAt.ts";
export { projectCount } from "./projectCount.ts";
export { type Project, type ProjectOfParameters, projectOf } from "./projectOf.ts";
export { type ProjectSummary, type ProjectSummaryParameters, projectSummary } from "./projectSummary.ts";
export { type ReadProjectsParameters, readProjects } from "./readProjects.ts";
export { type RefillParameters, type RefillResult, refill } from "./refill.ts";
export { type ReleaseDomainParameters, releaseDomain } from "./releaseDomain.ts";
export { type Resolved, type ResolveParameters, resolve } from "./resolve.ts";
export { type SetBudgetParameters, type SetBudgetResult, setBudget } from "./setBudget.ts";
export { type Rights, type SetDelegateParameters, setDelegate } from "./setDelegate.ts";
export { type SetMaxCapParameters, setMaxCap } from "./setMaxCap.ts";
export { type SetMeterParameters, setMeter } from "./setMeter.ts";
export { type SetRefillParameters, setRefill } from "./setRefill.ts";
export { type SetReplicasParameters, type SetReplicasResult, setReplicas } from "./setReplicas.ts";
export { type SplitParameters, split } from "./split.ts";
export { type TermsAtParameters, termsAt } from "./termsAt.ts";
export { type TermsWordsParameters, termsWords } from "./termsWords.ts";
export { type TransferOwnershipParameters, transferOwnership } from "./transferOwnership.ts";
export { type VersionContent, type VersionOfParameters, versionOf } from "./versionOf.ts";
export { zone } from "./zone.ts";
