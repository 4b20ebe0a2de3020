import assert from "node:assert/strict";
import { applyAction } from "./applyAction.ts";
import { conservationProblem } from "./conservationProblem.ts";
import { createModel } from "./createModel.ts";
import type { Model } from "./model.ts";
import { moveToEpoch } from "./moveToEpoch.ts";
import { projectIn } from "./views.ts";

const MINTED = 3_000_000_000n;

/** A node served a project in epoch 1; its receipt is disputed. */
function disputedWorld(): Model {
  const model = createModel({
    times: { genesis: 0, epochSeconds: 60, late: 4, dispute: 3, decide: 5, creditThaw: 6, stakeThaw: 19 },
    prices: {
      fromEpoch: 0,
      feeBps: 500,
      included: 0n,
      base: 1_000n,
      perMRequests: 300_000n,
      perMCpuMs: 0n,
      perGiB: 0n,
      perGiBStored: 0n,
    },
    minStake: 1_000_000_000n,
    seatStakeFactor: 120n,
    maxSlashShareBps: 2_000n,
    defaultCap: 1_000_000n,
    maxCap: 100_000_000n,
    minBond: 5_000_000n,
    maxSlash: 200_000_000n,
    slashFloor: 5_000_000n,
    slashFactor: 1_000n,
    rewardFactor: 10n,
    arbiter: "arbiter",
    feeReceiver: "treasury",
    admin: "admin",
  });
  const by = "ada";
  const named = { projectId: 1n, nodeId: 1, epoch: 1, by };
  const receipts = [{ projectId: 1n, requests: 1_000_000n, cpuMs: 0n, egressKiB: 0n, storedMiB: 0n }];
  const done = (action: Parameters<typeof applyAction>[1]) =>
    assert.deepEqual(applyAction(model, action), {});
  done({ kind: "mint", by, amount: MINTED });
  moveToEpoch(model, 1);
  done({ kind: "register", by, operator: "op", region: 0, stake: 1_000_000_000n });
  done({ kind: "setPresence", by, nodeId: 1, untilEpoch: 9, leastCap: 0n });
  done({ kind: "createProject", by, domain: "first", nodeIds: [1], cap: 1_000_000n });
  done({ kind: "deposit", by, projectId: 1n, amount: 10_000_000n });
  moveToEpoch(model, 2);
  done({ kind: "submit", by, nodeId: 1, epoch: 1, receipts, signer: "op" });
  done({ kind: "dispute", ...named });
  return model;
}

describe("conservation of money in the model", () => {
  it("holds through a charge, a dispute and a guilty decision", () => {
    const model = disputedWorld();
    assert.equal(conservationProblem(model, MINTED), undefined);
    const guilty = { guilty: true, slash: 200_000_000n, reward: 100_000_000n } as const;
    applyAction(model, { kind: "decide", by: "arbiter", projectId: 1n, nodeId: 1, epoch: 1, ...guilty });
    // The bond, and ten times the bond of the slash.
    assert.equal(model.refunds.get("ada"), 55_000_000n);
    assert.equal(model.fees, 150_000_000n);
    assert.equal(conservationProblem(model, MINTED), undefined);
  });

  it("a unit that is missing anywhere is told, with the place", () => {
    const breaks: [RegExp, (model: Model) => void][] = [
      [/^escrow = /, (model) => model.escrowTokens--],
      [/^registry = /, (model) => model.registryTokens--],
      [/^held = /, (model) => model.refunds.set("ada", 1n)],
      [/^tokens = /, (model) => model.wallets.set("eve", 1n)],
      [/^held = /, (model) => model.disputed.clear()],
    ];
    for (const [place, spoil] of breaks) {
      const model = disputedWorld();
      spoil(model);
      assert.match(conservationProblem(model, MINTED) ?? "", place);
    }
    const model = disputedWorld();
    const credit = projectIn(model, 1n)?.credit;
    assert.ok(credit);
    credit.thawing = credit.balance + 1n;
    assert.match(conservationProblem(model, MINTED) ?? "", /the credit of project 1/);
  });
});
