import type { Logger } from "pino";
import type { Waits } from "../background/backoff.ts";
import { createTurns } from "../background/createTurns.ts";
import type { FundingView } from "./createFunding.ts";

export interface LooksParts {
  /**
   * Whether it has to be known if the project can pay: this node has a seat now or in the next epoch, and something was ever
   * paid in.
   */
  readonly asks: (projectId: bigint) => boolean;
  readonly reconcile: (projectId: bigint) => Promise<void>;
  readonly funding: Pick<FundingView, "refresh">;
  /** The epoch that is now. */
  readonly epoch: () => number;
  readonly waits?: Waits;
  readonly logger: Pick<Logger, "debug" | "warn" | "error">;
  readonly signal: AbortSignal;
}

const WAITS: Waits = { firstMs: 500, mostMs: 15_000 };

/**
 * Looks at a project of which the chain may say something new: it is reconciled by what is known, then the chain is asked
 * whether it is paid for, where that is not known for this epoch, and what changed by that is reconciled. Where the chain
 * cannot be asked it is asked again until it answers. Never rejects.
 */
export function createLooks(parts: LooksParts): (projectId: bigint) => Promise<void> {
  const { asks, reconcile, funding, epoch, waits = WAITS, logger, signal } = parts;
  return createTurns<bigint>({
    async work(projectId) {
      const isAsked = asks(projectId);
      await reconcile(projectId);
      if (isAsked && (await funding.refresh(projectId, epoch()))) await reconcile(projectId);
    },
    failed: "whether a project is paid for could not be asked",
    about: (projectId) => ({ projectId: String(projectId) }),
    // A chain that is away the follower tells once, not each project.
    expected: "debug",
    waits,
    logger,
    signal,
  });
}
