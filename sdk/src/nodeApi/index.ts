export {
  type AskNode,
  type NodeDocument,
  type NodeTotals,
  type ProjectStatus,
  readNodeDocument,
  readNodeUsage,
  readProjectStatus,
} from "./documents.ts";
export { NodeError, nodeUnreachable } from "./NodeError.ts";
export { type ProjectIndexPage, readProjectIndex } from "./projectIndex.ts";
export { answersGraceMs, enoughOf, type WithQuorumParameters, withQuorum } from "./quorum.ts";
export { parseJson, type ReadJsonParameters, readJson, readText } from "./readJson.ts";
export { type Replica, replicasOf, urlsOf } from "./replicas.ts";
export { askSupport, type NodeSupport } from "./support.ts";
