import { nodes, Worker3Error } from "@worker3/sdk";
import type { Logger } from "pino";
import { type Address, isAddressEqual } from "viem";
import type { Witnesses } from "../chain/createWitnesses.ts";
import { wrongKeyError } from "./IdentityError.ts";

export interface OperatorQuestion {
  readonly nodeId: number;
  /** The address of the key that this agent has. */
  readonly key: Address;
  readonly witnesses: Witnesses;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * Makes sure before anything is served that the key which is here is the one that the chain names: with another nothing of
 * what is served is ever paid. Only what all RPCs say that answer keeps the agent from starting; one that is away, or does
 * not know the node yet, does not.
 *
 * @throws {IdentityError} `OPERATOR_KEY_WRONG`.
 */
export async function requireOperator({ nodeId, key, witnesses, logger }: OperatorQuestion): Promise<void> {
  const operators = await witnesses
    .ask(async (client) => (await nodes.nodeOf(client, { nodeId })).operator)
    .catch((error: unknown): Address[] => {
      if (!(error instanceof Worker3Error)) throw error;
      logger.warn(
        { err: error },
        "the chain cannot be asked whose key this is; the agent starts all the same",
      );
      return [];
    });
  const [other] = operators.filter((operator) => !isAddressEqual(operator, key));
  if (other === undefined) return;
  if (operators.every((operator) => isAddressEqual(operator, other))) throw wrongKeyError(nodeId, key, other);
  logger.warn(
    { operators, key },
    "RPCs name different operators of this node; the agent starts all the same",
  );
}
