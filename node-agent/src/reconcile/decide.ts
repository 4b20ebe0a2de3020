import type { Seat } from "../chain/view/chainProject.ts";

/** What the chain wants of a project on this node. */
export interface Wanted {
  /** What the terms of this epoch, and of the next, give the node. */
  readonly seat: Seat;
  /** The operator does not serve the project, or the content of the version. */
  readonly isDenied: boolean;
  /** The version to serve; 0 before the first is live. */
  readonly version: number;
  /**
   * Whether the credit pays for this epoch or, where the node only prepares, for this and the next; undefined while that is
   * not known.
   */
  readonly funded: boolean | undefined;
  /** The node has charged all that it may in this epoch. */
  readonly capReached: boolean;
}

/** What is there, of the wanted version unless it says otherwise. */
export interface Actual {
  readonly hasContent: boolean;
  /** Why it cannot be served although its content is here. */
  readonly trouble: Refusal | undefined;
  readonly cell: "none" | "starting" | "warm";
  /** Somebody waits for it: a visitor, or the deployer of a version that just became live. */
  readonly isAskedFor: boolean;
  /** Its cell ended by itself a moment ago, and is not started again yet. */
  readonly isResting: boolean;
  /** The version that visitors get now, whether its cell runs or sleeps; undefined where they get none. */
  readonly served: number | undefined;
}

/** What visitors get instead of a project. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
}

/** Where visitors go. `keep` leaves them where they are: with the version before. */
export type RouteDecision =
  | { readonly to: "nowhere" }
  | { readonly to: "keep" }
  | { readonly to: "cell" }
  | { readonly to: "sleeping" }
  | { readonly to: "refusal"; readonly refusal: Refusal };

/** The one idempotent step to take next. `prepare`: whatever makes a first start quick, without a cell. */
export type StepDecision = "none" | "forget" | "stop" | "fetch" | "prepare" | "start";

export interface Decision {
  readonly route: RouteDecision;
  readonly step: StepDecision;
}

const REFUSALS = {
  denied: {
    status: 451,
    code: "DENIED",
    message: "The operator of this node does not serve this. Other nodes may.",
  },
  noVersion: {
    status: 503,
    code: "NO_VERSION",
    message: "This project has no live version yet.",
    retryAfterSeconds: 10,
  },
  noCredit: {
    status: 402,
    code: "NO_CREDIT",
    message: "The credit of this project does not pay for another epoch. Its owner can deposit more.",
    retryAfterSeconds: 60,
  },
  creditUnknown: {
    status: 503,
    code: "CREDIT_UNKNOWN",
    message: "This node has not learnt yet whether this project has credit.",
    retryAfterSeconds: 2,
  },
  capReached: {
    status: 402,
    code: "CAP_REACHED",
    message: "This project has reached on this node what its owner lets a node charge in an epoch.",
    retryAfterSeconds: 60,
  },
  waiting: {
    status: 503,
    code: "WAITING_FOR_CONTENT",
    message: "This node waits for the content of this project's version.",
    retryAfterSeconds: 2,
  },
} as const satisfies Record<string, Refusal>;

/**
 * What to do about one project, from what the chain wants and what is there. Visitors never get a version that is not
 * held and checked; until then they get the one before. They get nothing in an epoch whose terms give the node no seat, for
 * nobody pays for that; a seat of the next epoch is made ready for its first moment.
 */
export function decide(wanted: Wanted, actual: Actual, { serveUnpaid }: { serveUnpaid: boolean }): Decision {
  const isOther = actual.served !== undefined && actual.served !== wanted.version;
  const otherOr = (refusal: Refusal): RouteDecision =>
    isOther ? { to: "keep" } : { to: "refusal", refusal };

  if (wanted.seat === "none") return { route: { to: "nowhere" }, step: "forget" };
  if (wanted.seat === "prepares")
    return { route: { to: "nowhere" }, step: stepAhead(wanted, actual, serveUnpaid) };
  if (wanted.isDenied) return { route: { to: "refusal", refusal: REFUSALS.denied }, step: "stop" };
  if (wanted.version === 0) return { route: { to: "refusal", refusal: REFUSALS.noVersion }, step: "none" };
  if (!serveUnpaid) {
    // An unfunded project is owed nothing: no fetch, no cell.
    if (wanted.funded === false)
      return { route: { to: "refusal", refusal: REFUSALS.noCredit }, step: "stop" };
    if (wanted.funded === undefined && actual.served !== wanted.version) {
      // What is served stays served, also through its cell's sleep; nothing new is begun.
      const route: RouteDecision = isOther
        ? { to: "keep" }
        : { to: "refusal", refusal: REFUSALS.creditUnknown };
      return { route, step: "none" };
    }
    if (wanted.capReached) return { route: { to: "refusal", refusal: REFUSALS.capReached }, step: "none" };
  }
  if (!actual.hasContent) return { route: otherOr(REFUSALS.waiting), step: "fetch" };
  if (actual.trouble !== undefined) return { route: otherOr(actual.trouble), step: "none" };
  if (actual.cell === "warm") return { route: { to: "cell" }, step: "none" };
  if (actual.isAskedFor || isOther) {
    // The version before goes on until the new one is warm; where there is none, visitors wait for the cell.
    const route: RouteDecision = isOther ? { to: "keep" } : { to: "sleeping" };
    return { route, step: actual.cell === "none" && !actual.isResting ? "start" : "none" };
  }
  return { route: { to: "sleeping" }, step: "none" };
}

/** What a node does for a seat of the next epoch. It is owed nothing before the credit covers both. */
function stepAhead(
  { isDenied, version, funded }: Wanted,
  { hasContent, trouble }: Actual,
  serveUnpaid: boolean,
): StepDecision {
  if (isDenied || version === 0 || (funded !== true && !serveUnpaid)) return "stop";
  if (!hasContent) return "fetch";
  return trouble === undefined ? "prepare" : "none";
}
