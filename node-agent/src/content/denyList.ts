import { CID } from "multiformats/cid";

/** What the operator of this node does not serve. */
export interface DenyList {
  cid(cid: string): boolean;
  project(projectId: bigint): boolean;
}

/** The CID in the form in which the agent knows it; undefined for what is none. */
function normalCid(text: string): string | undefined {
  try {
    return CID.parse(text).toV1().toString();
  } catch {
    return undefined;
  }
}

/** Whether a content is denied: it itself, or every project that names it. */
export function deniesContent(
  denied: DenyList,
  cid: string,
  uses: readonly { readonly projectId: bigint }[],
): boolean {
  return denied.cid(cid) || (uses.length > 0 && uses.every(({ projectId }) => denied.project(projectId)));
}

export function createDenyList(denied: {
  /** In any form that names them. */
  readonly cids: readonly string[];
  readonly projects: readonly number[];
}): DenyList {
  const cids = new Set(denied.cids.map((cid) => normalCid(cid) ?? cid));
  const projects = new Set(denied.projects.map(BigInt));
  return { cid: (cid) => cids.has(cid), project: (projectId) => projects.has(projectId) };
}
