/** How a visitor speaks: HTTP/1.0 goes as 1.1, a WebSocket is one whatever its handshake came by. */
export type VisitorProtocol = "http/1.1" | "h2" | "websocket";

/**
 * Who sent a request, as far as the node itself knows it. Each plane makes it in one place, of the connection that it
 * holds. What somebody else says of a visitor, a proxy in front of the node or a node that forwards, enters at that place
 * and nowhere else, and only from those who are believed.
 */
export interface Visitor {
  /** An IPv4 or IPv6 address; one of IPv4 in its own form, also where it came by a socket for both. */
  readonly address: string;
  readonly protocol: VisitorProtocol;
  readonly isTls: boolean;
  /**
   * By how many nodes the request was forwarded until it came here, as it says itself; 0: the visitor is connected to this
   * one. Nobody has to vouch for it: a request that claims to be forwarded is only not forwarded again.
   */
  readonly hops: number;
}
