import { ApiError } from "./ApiError.ts";

/** `UNKNOWN_PROJECT`. */
export function unknownProject(projectId: bigint): ApiError {
  return new ApiError({
    code: "UNKNOWN_PROJECT",
    message: "this node does not serve the project",
    value: String(projectId),
    next: "ask one of the project's replicas: worker3 project show lists them",
  });
}
