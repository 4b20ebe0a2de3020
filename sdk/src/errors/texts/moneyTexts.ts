import type { ErrorTexts } from "./ErrorText.ts";

/** Errors of the credit escrow and of the asset. */
export const moneyTexts: ErrorTexts = {
  NothingDeposited: {
    message: "Nothing arrived for project {projectId}.",
    value: "projectId",
    next: "deposit more than 0: worker3 credit deposit {projectId} <amount>",
  },
  WithdrawOutOfRange: {
    message: "{amount:amount} cannot be asked back: the credit is {balance:amount}.",
    value: "amount",
    next: "ask for an amount above 0 and up to {balance:amount}",
  },
  NoCreditThaws: {
    message: "No credit of project {projectId} was asked back.",
    value: "projectId",
    next: "worker3 credit withdraw {projectId} <amount>",
  },
  CreditStillThaws: {
    message: "The credit of project {projectId} leaves after epoch {lastEpoch}.",
    value: "lastEpoch",
    next: "try again after epoch {lastEpoch}",
  },
  NothingDeployedAt: {
    message: "A deployment of {owner} to {domain} would create a project: there is none to deposit to.",
    value: "domain",
    next: "deploy first: worker3 deploy <dir> --domain {domain}",
  },
  NoAuthorizations: {
    message: "The asset {asset} takes no authorizations (ERC-3009).",
    value: "asset",
    next: "approve the amount to the escrow, and deposit it: worker3 credit deposit",
  },
  AlreadyDeposited: {
    message: "The authorization of {from} with the nonce {nonce} was used already, or taken back.",
    value: "nonce",
    next: "look for the deposit in the project's credit; for another one sign with another salt",
  },
  CreditOverflow: {
    message: "A credit of {balance:amount} is more than the escrow can hold.",
    value: "balance",
  },
  NothingOwed: { message: "Nothing is owed to {who}.", value: "who" },
  WrongReceiver: {
    message: "{receiver} cannot receive fees: it is the zero address or a contract of the network.",
    value: "receiver",
    next: "name an account that can take the asset out again",
  },
  BondTooSmall: {
    message: "{received:amount} arrived; the bond has to be {bond:amount}.",
    value: "received",
    next: "use an asset that takes no fee on transfers",
  },
  AssetHasWrongDecimals: {
    message: "The token {asset} has {decimals} decimals; every amount here has 6.",
    value: "decimals",
    next: "use a token with 6 decimals",
  },
  AssetsDiffer: {
    message: "Stakes are of {ofStakes} and credit of {ofCredit}; both have to be of one asset.",
    value: "ofCredit",
  },
  SafeERC20FailedOperation: {
    message: "The token {token} refused the transfer.",
    value: "token",
    next: "check the balance and the allowance of the paying account",
  },
  SafeCastOverflowedUintDowncast: { message: "{value} does not fit {bits} bits.", value: "value" },
  ERC20InsufficientBalance: {
    code: "INSUFFICIENT_BALANCE",
    message: "{sender} holds {balance:amount} of the asset; {needed:amount} are needed.",
    value: "balance",
    next: "send the asset to {sender} first",
  },
  ERC20InsufficientAllowance: {
    code: "INSUFFICIENT_ALLOWANCE",
    message: "{spender} may take {allowance:amount} of the asset; {needed:amount} are needed.",
    value: "allowance",
    next: "approve at least {needed:amount} to {spender}",
  },
  ERC20InvalidApprover: { message: "{approver} cannot approve.", value: "approver" },
  ERC20InvalidReceiver: { message: "{receiver} cannot receive the asset.", value: "receiver" },
  ERC20InvalidSender: { message: "{sender} cannot send the asset.", value: "sender" },
  ERC20InvalidSpender: { message: "{spender} cannot be allowed to spend.", value: "spender" },
  ERC2612ExpiredSignature: {
    message: "The permit expired at {deadline:time}.",
    value: "deadline",
    next: "sign a new permit",
  },
  ERC2612InvalidSigner: {
    message: "The permit is signed by {signer}, not by {owner}.",
    value: "signer",
    next: "sign the permit with the key of {owner}",
  },
  ERC3009InvalidAuthorizationTime: {
    message: "The authorization counts after {validAfter:time} and before {validBefore:time}, not now.",
    value: "validBefore",
    next: "sign one that counts now",
  },
  ERC3009InvalidSignature: {
    message: "The payer did not sign this authorization.",
    next: "sign what asset.authorizationTypedData gives, with the key that pays",
  },
  ERC3009UsedAuthorization: {
    message: "The authorization of {authorizer} with the nonce {nonce} was used already, or taken back.",
    value: "nonce",
    next: "sign another one, with another salt",
  },
  ECDSAInvalidSignature: { message: "The permit's signature is none.", next: "sign a new permit" },
  ECDSAInvalidSignatureLength: { message: "A signature of {length} bytes is none.", value: "length" },
  ECDSAInvalidSignatureS: { message: "The signature has a high s.", value: "s", next: "sign with a low s" },
  InvalidAccountNonce: {
    message: "The permit of {account} needs the nonce {currentNonce}.",
    value: "currentNonce",
    next: "sign a new permit",
  },
};
