import type { Strategy } from "../Strategy.ts";
import { adminRaisesFee } from "./adminRaisesFee.ts";
import { adminSetsWorstPrices } from "./adminSetsWorstPrices.ts";
import { arbiterAsleep } from "./arbiterAsleep.ts";
import { arbiterForNode } from "./arbiterForNode.ts";
import { arbiterLate } from "./arbiterLate.ts";
import { arbiterRobsNodes } from "./arbiterRobsNodes.ts";
import { arbiterWithAccomplice } from "./arbiterWithAccomplice.ts";
import { drawGrinding } from "./drawGrinding.ts";
import { guardianPauses } from "./guardianPauses.ts";
import { honesty } from "./honesty.ts";
import { meterKeyStolen } from "./meterKeyStolen.ts";
import { nodeAddsAFifth } from "./nodeAddsAFifth.ts";
import { nodeAddsTwoPercent } from "./nodeAddsTwoPercent.ts";
import { nodeBaitsDisputes } from "./nodeBaitsDisputes.ts";
import { nodeCheatsAndLeaves } from "./nodeCheatsAndLeaves.ts";
import { nodeCherryPicks } from "./nodeCherryPicks.ts";
import { nodeDiesFull } from "./nodeDiesFull.ts";
import { nodeHiresACarefulFlooder } from "./nodeHiresACarefulFlooder.ts";
import { nodeHiresAFlooder } from "./nodeHiresAFlooder.ts";
import { nodeInventsAndSubmitsLate } from "./nodeInventsAndSubmitsLate.ts";
import { nodeInventsForAbsentOwners } from "./nodeInventsForAbsentOwners.ts";
import { nodeInventsToCap } from "./nodeInventsToCap.ts";
import { nodeKeepsARipeThaw } from "./nodeKeepsARipeThaw.ts";
import { nodeKeepsNamesByDust } from "./nodeKeepsNamesByDust.ts";
import { nodeReportsWithoutSeat } from "./nodeReportsWithoutSeat.ts";
import { nodeRetiresAndReportsOn } from "./nodeRetiresAndReportsOn.ts";
import { nodeServesHalf } from "./nodeServesHalf.ts";
import { nodeServesOtherBytes } from "./nodeServesOtherBytes.ts";
import { nodeSignsTwoBatches } from "./nodeSignsTwoBatches.ts";
import { nodeSlashesItselfFirst } from "./nodeSlashesItselfFirst.ts";
import { nodeTriples } from "./nodeTriples.ts";
import { nodeWhitewashes } from "./nodeWhitewashes.ts";
import { nodeWithSeatsExits } from "./nodeWithSeatsExits.ts";
import { operatorKeyStolen } from "./operatorKeyStolen.ts";
import { outsiderFloods } from "./outsiderFloods.ts";
import { outsiderLapsesNames } from "./outsiderLapsesNames.ts";
import { ownerChangesTerms } from "./ownerChangesTerms.ts";
import { ownerDisputesACarelessArbiter } from "./ownerDisputesACarelessArbiter.ts";
import { ownerDisputesEverything } from "./ownerDisputesEverything.ts";
import { ownerDisputesTheLargest } from "./ownerDisputesTheLargest.ts";
import { ownerFloodsUnderALowCap } from "./ownerFloodsUnderALowCap.ts";
import { ownerHasNoCredit } from "./ownerHasNoCredit.ts";
import { ownerHopesForADraw } from "./ownerHopesForADraw.ts";
import { ownerKeepsARipeThaw } from "./ownerKeepsARipeThaw.ts";
import { ownerPaysItself } from "./ownerPaysItself.ts";
import { ownerRaisesCapWithoutCredit } from "./ownerRaisesCapWithoutCredit.ts";
import { ownerSeatsAhead, ownerSeatsAheadOfTheRule } from "./ownerSeatsAhead.ts";
import { ownerTransfersBeforeReceipts } from "./ownerTransfersBeforeReceipts.ts";
import { ownerWithdrawsAtOnce } from "./ownerWithdrawsAtOnce.ts";
import { priceRiseFrontRun } from "./priceRiseFrontRun.ts";
import { replicasCollude } from "./replicasCollude.ts";
import { replicasColludeUnseen } from "./replicasColludeUnseen.ts";
import { squatterKeepsNames } from "./squatterKeepsNames.ts";
import { sybilNodes } from "./sybilNodes.ts";

/** Every strategy, in the order of the table. */
export const strategies: readonly Strategy[] = [
  honesty,
  nodeInventsToCap,
  nodeTriples,
  nodeAddsAFifth,
  nodeAddsTwoPercent,
  nodeCherryPicks,
  nodeInventsForAbsentOwners,
  nodeInventsAndSubmitsLate,
  nodeSignsTwoBatches,
  nodeReportsWithoutSeat,
  nodeServesOtherBytes,
  nodeServesHalf,
  nodeRetiresAndReportsOn,
  nodeCheatsAndLeaves,
  nodeKeepsARipeThaw,
  nodeWithSeatsExits(
    24,
    "seatStakeFactor is (late + 1) x 24 seats: what can be invented before anyone sees the first epoch is the stake itself, and some of it is found.",
  ),
  nodeWithSeatsExits(
    30,
    "The contracts do not add up a node's seats: beyond the 24 that seatStakeFactor stands for, more can be invented than the stake covers, and only what owners find makes up for it. `Lens.exposureOf` says who sits on how many.",
  ),
  nodeDiesFull,
  nodeKeepsNamesByDust,
  nodeSlashesItselfFirst,
  nodeHiresAFlooder,
  nodeHiresACarefulFlooder,
  replicasCollude,
  replicasColludeUnseen,
  sybilNodes,
  drawGrinding,
  priceRiseFrontRun,
  arbiterAsleep,
  nodeWhitewashes,
  arbiterLate,
  nodeBaitsDisputes,
  ownerWithdrawsAtOnce,
  ownerKeepsARipeThaw,
  ownerChangesTerms,
  ownerSeatsAhead,
  ownerSeatsAheadOfTheRule,
  ownerTransfersBeforeReceipts,
  ownerDisputesEverything,
  ownerDisputesACarelessArbiter,
  ownerHopesForADraw,
  ownerDisputesTheLargest,
  ownerHasNoCredit,
  ownerRaisesCapWithoutCredit,
  ownerFloodsUnderALowCap,
  ownerPaysItself,
  outsiderFloods,
  outsiderLapsesNames,
  squatterKeepsNames,
  arbiterForNode,
  arbiterRobsNodes,
  arbiterWithAccomplice,
  operatorKeyStolen,
  meterKeyStolen,
  adminRaisesFee,
  adminSetsWorstPrices,
  guardianPauses,
];
