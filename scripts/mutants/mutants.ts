import { disputeMutants } from "./list/disputes.ts";
import { escrowMutants } from "./list/escrow.ts";
import { nameMutants } from "./list/names.ts";
import { nodeMutants } from "./list/nodes.ts";
import { paymentMutants } from "./list/payment.ts";
import { priceMutants } from "./list/prices.ts";
import { projectMutants } from "./list/projects.ts";
import { submitMutants } from "./list/submit.ts";
import { timeMutants } from "./list/time.ts";
import { typeMutants } from "./list/types.ts";
import type { Mutant } from "./Mutant.ts";

/** Every bug that `npm run test:mutants` plants. */
export const mutants: readonly Mutant[] = [
  ...nodeMutants,
  ...escrowMutants,
  ...projectMutants,
  ...nameMutants,
  ...typeMutants,
  ...timeMutants,
  ...priceMutants,
  ...disputeMutants,
  ...paymentMutants,
  ...submitMutants,
];
