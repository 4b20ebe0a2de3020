import type { Mutant } from "../Mutant.ts";

const ring = "types/Ring.sol";
const ringTest = "libraries/ring.test.ts";
const termsTest = "libraries/terms.test.ts";
const signatureTest = "libraries/signature.test.ts";

/** The words that hot paths read, and signatures. */
export const typeMutants: readonly Mutant[] = [
  {
    name: "ring-not-cleared",
    rule: "a ring that moves forward clears what it passes",
    file: ring,
    find: "(word & ~_passed(newest, epoch) & ~uint256(type(uint32).max)) | epoch",
    replace: "(word & ~uint256(type(uint32).max)) | epoch",
    tests: [ringTest],
  },
  {
    name: "ring-clears-one-too-few",
    rule: "a ring clears every epoch it passes",
    file: ring,
    find: "uint256 count = epoch - newest;",
    replace: "uint256 count = epoch - newest - 1;",
    tests: [ringTest],
  },
  {
    name: "ring-stuck-after-a-rest",
    rule: "a project that rested longer than its ring remembers is counted again",
    file: ring,
    find: "if (count >= SPAN) return type(uint256).max << 32;",
    replace: "",
    tests: [ringTest],
  },
  {
    name: "forgotten-epoch-counts-again",
    rule: "what the ring has forgotten reads as counted",
    file: ring,
    find: "return type(uint8).max;",
    replace: "return 0;",
    tests: [ringTest],
  },
  {
    name: "ring-remembers-one-too-many",
    rule: "the ring has forgotten an epoch 28 before its last",
    file: ring,
    find: "if (epoch + SPAN <= newest)",
    replace: "if (epoch + SPAN < newest)",
    tests: [ringTest],
  },
  {
    name: "seat-twice",
    rule: "a node holds one seat of a project",
    file: "types/Terms.sol",
    find: "if (Terms.wrap(word).seatOf(nodeId) < SEATS) revert SeatTwice(uint32(nodeId));",
    replace: "",
    tests: [termsTest],
  },
  {
    name: "nobody-has-a-seat",
    rule: "an empty seat is nobody's",
    file: "types/Terms.sol",
    find: "if (nodeId == 0) return SEATS;",
    replace: "",
    tests: [termsTest],
  },
  {
    name: "empty-seats-are-counted",
    rule: "the budget is for the seats that are taken",
    file: "types/Terms.sol",
    find: "if (terms.nodeAt(i) != 0) taken++;",
    replace: "if (terms.nodeAt(i) != 0 || i == 0) taken++;",
    tests: [termsTest],
  },
  {
    name: "high-s",
    rule: "a signature has one form: a high s is refused",
    file: "libraries/Signature.sol",
    find: "(recovered, , ) = ECDSA.tryRecoverCalldata(digest, signature);",
    replace:
      "recovered = ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));",
    tests: [signatureTest],
  },
  {
    name: "zero-signer",
    rule: "nobody's signature is nobody's: the zero signer is refused",
    file: "libraries/Signature.sol",
    find: "if (signer == address(0)) return false;",
    replace: "",
    tests: [signatureTest],
  },
];
