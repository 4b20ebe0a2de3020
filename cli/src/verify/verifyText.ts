import { namesOf } from "../text/namesOf.ts";
import type { ComparedReplica } from "./compareReplica.ts";
import type { VerifyPlan } from "./readPlan.ts";

/** `incomplete`: what answered is right, but not every replica could be asked. `nothing`: no file can be compared. */
export type VerifyOutcome = "same" | "differs" | "incomplete" | "nothing";

/** @param asked How many files each replica is asked for. */
export function outcomeOf(replicas: readonly Pick<ComparedReplica, "state">[], asked: number): VerifyOutcome {
  if (replicas.some(({ state }) => state === "differs")) return "differs";
  if (replicas.length === 0 || replicas.some(({ state }) => state !== "same")) return "incomplete";
  return asked === 0 ? "nothing" : "same";
}

/** What a verification found. */
export interface VerifyResult extends Pick<VerifyPlan, "comparable" | "skipped"> {
  readonly domain: string;
  readonly version: number;
  readonly cid: string;
  readonly split:
    | (Pick<VerifyPlan, "comparable" | "skipped"> & {
        readonly version: number;
        readonly bps: number;
        readonly cid: string;
      })
    | null;
  readonly replicas: readonly ComparedReplica[];
  readonly outcome: VerifyOutcome;
}

/** The document of `verify` for a person. */
export function verifyText(result: VerifyResult): string {
  const { domain, version, cid, split, replicas, comparable, skipped, outcome } = result;
  const all = comparable + (split?.comparable ?? 0);
  const left = skipped.length + (split?.skipped.length ?? 0);
  const most = Math.max(0, ...replicas.map(({ files }) => files));
  return [
    `${domain} has version ${version}: ${cid}`,
    ...(split === null
      ? []
      : [`and for ${split.bps / 100} % of its visitors version ${split.version}: ${split.cid}`]),
    ...replicas.flatMap((replica) => replicaLines(replica, all, split !== null)),
    ...(left === 0 ? [] : [`${left} files cannot be compared; --json lists them`]),
    ...(most > 0 && most < all && outcome === "same" ? ["--all compares every file."] : []),
    verdict(outcome, replicas),
  ].join("\n");
}

function replicaLines({ nodeId, state, files, mismatches }: ComparedReplica, all: number, isSplit: boolean) {
  const [first] = mismatches;
  if (state === "unreachable") return [`node ${nodeId}: not reachable: ${first?.got}`];
  if (state === "denied") {
    return [`node ${nodeId}: its operator does not serve this project (${first?.got}); other nodes may`];
  }
  return [
    `node ${nodeId}: ${files} of ${all} files compared, ${mismatches.length} differ`,
    ...mismatches.map(({ path, version, reason, expected, got }) => {
      const where = `${path || "(replica)"}${isSplit ? ` of version ${version}` : ""}`;
      return `  ${where}: ${reason}: expected ${expected}, got ${got}`;
    }),
  ];
}

function verdict(outcome: VerifyOutcome, replicas: readonly ComparedReplica[]): string {
  switch (outcome) {
    case "same":
      return "All replicas serve what the chain names.";
    case "nothing":
      return "Nothing to compare: it has no static files that answer by themselves, and what a worker answers is computed.";
    case "differs":
      return "NOT what the chain names.";
    case "incomplete": {
      if (replicas.length === 0) return "It has no replicas.";
      const missing = replicas.filter(({ state }) => state !== "same").map(({ nodeId }) => nodeId);
      const others =
        missing.length < replicas.length ? "The others serve what the chain names" : "Nothing was compared";
      return `${others}; could not be asked: ${namesOf(missing)}.`;
    }
  }
}
