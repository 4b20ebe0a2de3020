import {
  type Account,
  type Address,
  type Chain,
  createWalletClient,
  custom,
  type EIP1193Provider,
  type Transport,
  type WalletClient,
} from "viem";
import { chainOf } from "./chainOf.ts";
import {
  type CreateNetworkClientParameters,
  createNetworkClient,
  type NetworkClient,
} from "./createNetworkClient.ts";
import { transportOf } from "./transportOf.ts";

/** What writes take: a client that reads, and one that signs and sends. */
export interface NetworkWriter extends NetworkClient {
  readonly walletClient: WalletClient<Transport, Chain, Account | undefined>;
}

export interface CreateNetworkWriterParameters extends CreateNetworkClientParameters {
  /** Sends by default: a local account, or the address of one that `provider` signs for. */
  readonly account?: Account | Address | undefined;
  /** A wallet (EIP-1193), such as a browser's. Absent: transactions are signed here and sent to the network's RPCs. */
  readonly provider?: EIP1193Provider | undefined;
}

/** A client that reads and writes. */
export function createNetworkWriter({
  account,
  provider,
  ...parameters
}: CreateNetworkWriterParameters): NetworkWriter {
  const client = createNetworkClient(parameters);
  const { network, transport } = parameters;
  // An account that an RPC signs for sends by one RPC, once: the next one would send another transaction.
  const walletTransport = transport ?? transportOf({ rpcUrls: [network.rpcUrls[0]] });
  const walletClient: NetworkWriter["walletClient"] = createWalletClient({
    chain: chainOf(network),
    transport: provider === undefined ? walletTransport : custom(provider),
    pollingInterval: client.publicClient.pollingInterval,
    ...(account === undefined ? {} : { account }),
  });
  return { ...client, walletClient };
}
