import type { ErrorTexts } from "./ErrorText.ts";

/** Errors of what several contracts inherit: time line, pause, binding, access. */
export const sharedTexts: ErrorTexts = {
  TimesOutOfBounds: { message: "A span of the time line is outside its bounds, or too short for another." },
  GenesisInFuture: {
    message: "Epoch 0 would begin at {genesis:time}; the chain is at {timestamp:time}.",
    value: "genesis",
  },
  GenesisTooOld: {
    message: "A time line that began at {genesis:time} would be in epoch {epoch} already.",
    value: "genesis",
    next: "choose a genesis at most 2^20 epochs before now",
  },
  Paused: {
    message: "The network is paused for what is new until {until:time}.",
    value: "until",
    next: "try again after {until:time}; deposits, withdrawals and claims work",
  },
  PauseTooSoon: { message: "A pause just was: the next can start at {from:time}.", value: "from" },
  NotBinder: {
    message: "Only {binder}, who deployed the contract, binds it; {caller} did not.",
    value: "caller",
  },
  AlreadyBound: { message: "The contract obeys the settlement {settlement} for ever.", value: "settlement" },
  WrongSettlement: {
    message: "{settlement} is no settlement of this contract: it names others, or has another time line.",
    value: "settlement",
  },
  NotSettlement: { message: "Only the settlement calls this; {caller} is not.", value: "caller" },
  AccessManagedUnauthorized: {
    message: "{caller} has no role that may do this.",
    value: "caller",
    next: "this is for the network's administrators",
  },
  AccessManagedRequiredDelay: {
    message: "{caller} may do this after a delay of {delay} seconds only.",
    value: "delay",
    next: "schedule it with the access manager and execute it after the delay",
  },
  AccessManagedInvalidAuthority: { message: "{authority} is no access manager.", value: "authority" },
  ReentrancyGuardReentrantCall: { message: "The contract was called from within its own call." },
  InvalidShortString: { message: "A stored text is damaged." },
  StringTooLong: { message: "The text is longer than 31 bytes.", value: "str", next: "shorten it" },
};
