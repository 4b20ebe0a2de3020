/** What tests of all packages, the devnet and the benchmarks share. Not published: it needs the repository and its tools. */
export { testAccount } from "./accounts.ts";
export { anvilPath } from "./anvilPath.ts";
export { type BrowserBundle, bundleForBrowser } from "./bundleForBrowser.ts";
export {
  collectFees,
  type Decision,
  decide,
  extend,
  held,
  mint,
  pauseSubmissions,
  poolSize,
  setMeter,
  setOperator,
  setRefill,
  setSuccessor,
  suspendDecisions,
} from "./calls.ts";
export { createTestNetwork, type TestNetwork } from "./createTestNetwork.ts";
export { type DeployNetworkParameters, deployNetwork, TEST_PRICES } from "./deployNetwork.ts";
export { exampleAddresses } from "./exampleAddresses.ts";
export { lagBehind } from "./laggingPool.ts";
export { minedReceipt } from "./minedReceipt.ts";
export { type Replayed, replayActions } from "./modelChain/replayActions.ts";
export { type PlayedKubo, playKubo } from "./playKubo.ts";
export { putMulticall } from "./putMulticall.ts";
export { type RpcCall, type RpcProxy, RpcRefusal, startRpcProxy } from "./rpcProxy.ts";
export { type Anvil, type StartAnvilParameters, startAnvil } from "./startAnvil.ts";
export { TEST_SIZE, testSize } from "./testSize.ts";
export { rejectsCode, throwsCode } from "./throwsCode.ts";
export { type WalletWithoutCode, walletWithoutCode } from "./walletWithoutCode.ts";
