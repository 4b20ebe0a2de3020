import { type Address, encodeAbiParameters, type Hash, type Hex, keccak256 } from "viem";
import { creditEscrow } from "../../abi/contracts.ts";
import type { Permit } from "../asset/permit.ts";
import { type CallEvents, defineWrite } from "../define.ts";

interface Amount {
  readonly projectId: bigint;
  /** Base units. */
  readonly amount: bigint;
}

export interface Deposited {
  /** Where it went. */
  readonly projectId: bigint;
  /** What arrived, in base units. */
  readonly amount: bigint;
  /** What stands after it. */
  readonly balance: bigint;
}

function deposited(events: CallEvents<"creditEscrow">): Deposited {
  const { projectId, amount, balance } = events.last("Deposited");
  return { projectId, amount, balance };
}

/**
 * Adds to a project's credit. Anyone may; never touches a thaw. Approved to the escrow before.
 *
 * @throws `UNKNOWN_PROJECT`, `INSUFFICIENT_BALANCE`, `INSUFFICIENT_ALLOWANCE`, or what every write throws, see
 *   `sendCall`.
 */
export const deposit = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "deposit",
  args: ({ projectId, amount }: Amount) => [projectId, amount],
  result: deposited,
});

export interface AmountAt {
  readonly domain: string;
  /** Whose `deploy` to the domain goes to the project. */
  readonly owner: Address;
  /** Base units, approved to the escrow before. */
  readonly amount: bigint;
}

/**
 * `deposit` into the project to which `deploy` of an account to a domain goes, or nowhere: an id that is only predicted would
 * pay whoever created it first. Anyone may.
 *
 * @throws `NOTHING_DEPLOYED_AT`, `NAME_TAKEN`, `INSUFFICIENT_BALANCE`, `INSUFFICIENT_ALLOWANCE`, or what every write throws,
 *   see `sendCall`.
 */
export const depositAt = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "depositAt",
  args: ({ domain, owner, amount }: AmountAt) => [domain, owner, amount],
  result: deposited,
});

export interface PermittedAmount extends Amount {
  /** See `asset.signPermit`. */
  readonly permit: Permit;
}

/**
 * `deposit` with an EIP-2612 permit in the same call, instead of an `approve` before. A permit that somebody used before
 * does no harm.
 *
 * @throws `UNKNOWN_PROJECT`, `INSUFFICIENT_BALANCE`, `INSUFFICIENT_ALLOWANCE` where the permit did not count, or what
 *   every write throws, see `sendCall`.
 */
export const depositWithPermit = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "depositWithPermit",
  args: ({ projectId, amount, permit: { deadline, v, r, s } }: PermittedAmount) => [
    projectId,
    amount,
    deadline,
    v,
    r,
    s,
  ],
  result: deposited,
});

/** What tells one deposit by authorization from every other. */
export interface AuthorizedDeposit {
  readonly projectId: bigint;
  /** Who has to own the project when the deposit is made. */
  readonly owner: Address;
  /** 32 bytes that the payer chooses: tells several authorizations for one project apart. */
  readonly salt: Hash;
}

/**
 * The nonce of an authorization that pays into one project of one owner: `keccak256(abi.encode(projectId, owner, salt))`.
 *
 * Source: `depositWithAuthorization` in contracts/CreditEscrow.sol.
 */
export function authorizationNonce({ projectId, owner, salt }: AuthorizedDeposit): Hash {
  const types = [{ type: "uint64" }, { type: "address" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [projectId, owner, salt]));
}

export interface AuthorizedAmount extends AuthorizedDeposit {
  /** Who pays. */
  readonly from: Address;
  /** Base units. */
  readonly amount: bigint;
  /** Unix time, in seconds: the authorization counts after it. */
  readonly validAfter: bigint;
  /** Unix time, in seconds: and before it. */
  readonly validBefore: bigint;
  /** Of `from`, see `asset.authorizationTypedData`; of a contract by ERC-1271. */
  readonly signature: Hex;
}

/**
 * `deposit` of what `from` authorized by a signature (ERC-3009), for one project of one owner. Anyone relays it, and pays the
 * gas. One that somebody else was quicker with fails with `ALREADY_DEPOSITED` and does no harm.
 *
 * @throws `UNKNOWN_PROJECT`, `NOT_PROJECT_OWNER` where another owns the project, `ALREADY_DEPOSITED`, `NO_AUTHORIZATIONS` for
 *   an asset without them, what the asset refuses a signature with, or what every write throws, see `sendCall`.
 */
export const depositWithAuthorization = /* @__PURE__ */ defineWrite({
  contract: creditEscrow,
  functionName: "depositWithAuthorization",
  args: ({ projectId, owner, from, amount, validAfter, validBefore, salt, signature }: AuthorizedAmount) => [
    projectId,
    owner,
    from,
    amount,
    validAfter,
    validBefore,
    salt,
    signature,
  ],
  result: deposited,
});
