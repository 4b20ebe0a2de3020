import { checkNetwork, type NetworkClient, nodes, RpcError, Worker3Error } from "@worker3/sdk";
import type { Logger } from "pino";
import { type Address, isAddressEqual } from "viem";
import type { Witnesses } from "../chain/createWitnesses.ts";
import { unknownNodeError, wrongKeyError } from "./IdentityError.ts";

export interface OperatorQuestion {
  readonly nodeId: number;
  /** The address of the key that this agent has. */
  readonly key: Address;
  readonly witnesses: Witnesses;
  readonly logger: Pick<Logger, "warn">;
}

/** What an RPC says that answers, and that is not what this node's configuration says. */
const WRONG_NETWORK: ReadonlySet<string> = new Set(["WRONG_CHAIN", "CONTRACT_MISSING", "WRONG_CONTRACTS"]);

/**
 * Makes sure before anything is served or given up that the chain has the contracts of `node.json` with its time line, and
 * that the key which is here is the one that it names for the node: else epochs would be cut wrong, and nothing of what is
 * served would be paid. Only what all RPCs say that answer keeps the agent from starting; one that is away does not.
 *
 * @throws {IdentityError} `OPERATOR_KEY_WRONG`, `UNKNOWN_NODE`.
 * @throws {RpcError} `WRONG_CHAIN`, `CONTRACT_MISSING`, `WRONG_CONTRACTS`.
 */
export async function requireOperator(question: OperatorQuestion): Promise<void> {
  const { nodeId, key, logger } = question;
  const wrong = await asked(question, (client) =>
    checkNetwork(client).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof RpcError && WRONG_NETWORK.has(error.code)) return error;
        throw error;
      },
    ),
  );
  const [first] = wrong;
  if (first !== undefined && wrong.every((error) => error !== undefined)) throw first;
  for (const error of wrong)
    if (error !== undefined) logger.warn({ err: error }, "an RPC is not one of this network");

  const operators = await asked(question, (client) =>
    nodes.nodeOf(client, { nodeId }).then(
      ({ operator }) => operator,
      (error: unknown) => {
        if (error instanceof Worker3Error && error.code === "UNKNOWN_NODE") return undefined;
        throw error;
      },
    ),
  );
  if (operators.length === 0) return;
  const others = operators.filter((operator) => operator === undefined || !isAddressEqual(operator, key));
  const [other] = others;
  if (others.length === 0) return;
  if (others.length === operators.length) {
    if (other === undefined && operators.every((operator) => operator === undefined))
      throw unknownNodeError(nodeId);
    if (other !== undefined && others.every((one) => one !== undefined && isAddressEqual(one, other)))
      throw wrongKeyError(nodeId, key, other);
  }
  logger.warn(
    { operators, key },
    "RPCs name different operators of this node; the agent starts all the same",
  );
}

/** What each RPC says that answers; none where none does. */
async function asked<answer>(
  { witnesses, logger }: OperatorQuestion,
  question: (client: NetworkClient) => Promise<answer>,
): Promise<answer[]> {
  try {
    return await witnesses.ask(question);
  } catch (error) {
    if (!(error instanceof Worker3Error)) throw error;
    logger.warn(
      { err: error },
      "the chain cannot be asked whose node this is; the agent starts all the same",
    );
    return [];
  }
}
