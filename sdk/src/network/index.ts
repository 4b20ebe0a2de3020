export { chainOf } from "./chainOf.ts";
export { checkNetwork } from "./checkNetwork.ts";
export {
  type CreateNetworkClientParameters,
  createNetworkClient,
  type NetworkClient,
} from "./createNetworkClient.ts";
export {
  type CreateNetworkWriterParameters,
  createNetworkWriter,
  type NetworkWriter,
} from "./createNetworkWriter.ts";
export { NetworkError } from "./NetworkError.ts";
export { addressesOf, type Network, type NetworkContracts } from "./network.ts";
export { type NetworkDocument, networkSchema } from "./networkSchema.ts";
export { networkToJson } from "./networkToJson.ts";
export { createOwnWrites, type OwnWrite, type OwnWrites } from "./ownWrites.ts";
export { parseNetwork } from "./parseNetwork.ts";
export { REQUEST_TIMEOUT_MS, transportOf } from "./transportOf.ts";
