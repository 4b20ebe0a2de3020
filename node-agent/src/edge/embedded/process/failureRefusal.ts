import type { Refusal } from "../../Refusal.ts";

/** What the visitor is told where an upstream failed before its response head. */
export function failureRefusal(errorCode: string, version: number | undefined): Refusal {
  switch (errorCode) {
    case "UND_ERR_INVALID_ARG":
      return { status: 400, code: "BAD_REQUEST", message: "the request has an invalid header" };
    case "UND_ERR_HEADERS_TIMEOUT":
      return {
        status: 504,
        code: "UPSTREAM_TIMEOUT",
        message: "the project did not answer in time",
        version,
      };
    default:
      return { status: 502, code: "UPSTREAM_FAILED", message: "the project could not answer", version };
  }
}
