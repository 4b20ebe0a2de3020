import { ApiError } from "./ApiError.ts";

/** `DENIED`: the operator's will, which no other node has to share. */
export function deniedError(value: string): ApiError {
  return new ApiError({
    code: "DENIED",
    message: "the operator of this node does not serve this",
    value,
    next: "ask another node, or the operator: /.well-known/worker3/node names whom to write to",
  });
}
