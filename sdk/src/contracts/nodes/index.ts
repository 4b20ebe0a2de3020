export { type AcceptOwnershipParameters, acceptOwnership } from "./acceptOwnership.ts";
export { type AddStakeParameters, type AddStakeResult, addStake } from "./addStake.ts";
export { type CancelUnstakeParameters, cancelUnstake } from "./cancelUnstake.ts";
export { type DrawParameters, draw } from "./draw.ts";
export { type EndpointsOfParameters, endpointsOf } from "./endpointsOf.ts";
export { type IsGoneParameters, isGone } from "./isGone.ts";
export { type IsKeeperParameters, isKeeper } from "./isKeeper.ts";
export { minStake } from "./minStake.ts";
export { nodeCount } from "./nodeCount.ts";
export { type Node, type NodeOfParameters, nodeOf } from "./nodeOf.ts";
export { type NodeSummary, type NodeSummaryParameters, nodeSummary } from "./nodeSummary.ts";
export { type OwnerOfParameters, ownerOf } from "./ownerOf.ts";
export { type PauseResult, pause } from "./pause.ts";
export { pausedUntil } from "./pausedUntil.ts";
export { type PoolSizeParameters, poolSize } from "./poolSize.ts";
export { type PruneParameters, prune } from "./prune.ts";
export { type ReadNodesParameters, readNodes } from "./readNodes.ts";
export { type RegisterParameters, type RegisterResult, register } from "./register.ts";
export {
  type RequestUnstakeParameters,
  type RequestUnstakeResult,
  requestUnstake,
} from "./requestUnstake.ts";
export { type RequireActiveParameters, requireActive } from "./requireActive.ts";
export { type SetAcceptingParameters, setAccepting } from "./setAccepting.ts";
export { type SetEndpointParameters, setEndpoint } from "./setEndpoint.ts";
export { type SetMinStakeParameters, setMinStake } from "./setMinStake.ts";
export { type SetOperatorParameters, setOperator } from "./setOperator.ts";
export { type SetRegionParameters, setRegion } from "./setRegion.ts";
export { type SignerOf, type SignerOfParameters, signerOf } from "./signerOf.ts";
export { type TransferOwnershipParameters, transferOwnership } from "./transferOwnership.ts";
export { type WithdrawStakeParameters, type WithdrawStakeResult, withdrawStake } from "./withdrawStake.ts";
