import type { Mutant } from "../Mutant.ts";

const price = "libraries/Price.sol";
const book = "base/PriceBook.sol";
const priceTest = "libraries/price.test.ts";
const setPrices = "settlement/setPrices.test.ts";

/** What a receipt costs, and from when. */
export const priceMutants: readonly Mutant[] = [
  {
    name: "price-rounds-up",
    rule: "prices are rounded down, against the node",
    file: price,
    find: "cpuMs * list.perMCpuMs) / 1e6",
    replace: "cpuMs * list.perMCpuMs + 999_999) / 1e6",
    tests: [priceTest],
  },
  {
    name: "egress-rounds-up",
    rule: "each term of a price is rounded down",
    file: price,
    find: "((egressKiB * list.perGiB) >> 20)",
    replace: "((egressKiB * list.perGiB + 0xfffff) >> 20)",
    tests: [priceTest],
  },
  {
    name: "terms-of-the-price-floored-apart",
    rule: "requests and CPU time are summed before they are rounded",
    file: price,
    find: "(beyond * list.perMRequests + cpuMs * list.perMCpuMs) / 1e6",
    replace: "(beyond * list.perMRequests) / 1e6 + (cpuMs * list.perMCpuMs) / 1e6",
    tests: [priceTest],
  },
  {
    name: "cap-not-applied",
    rule: "a seat charges an epoch at most its cap",
    file: price,
    find: "if (amount > cap) amount = cap;",
    replace: "",
    tests: [priceTest],
  },
  {
    name: "included-requests-are-charged",
    rule: "the base pays for the included requests",
    file: price,
    find: "requests > list.included ? requests - list.included : 0",
    replace: "requests",
    tests: [priceTest],
  },
  {
    name: "fee-rounds-down",
    rule: "the fee is rounded up, against the node",
    file: price,
    find: "(amount * feeBps + BPS - 1) / BPS",
    replace: "(amount * feeBps) / BPS",
    tests: [priceTest],
  },
  {
    name: "prices-one-epoch-early",
    rule: "new prices count from an epoch at least 2 ahead",
    file: book,
    find: "prices.fromEpoch < epoch + PRICES_AHEAD)",
    replace: "prices.fromEpoch + 1 < epoch + PRICES_AHEAD)",
    tests: [setPrices],
  },
  {
    name: "prices-change-too-often",
    rule: "a list is kept until its last receipt can no longer come",
    file: book,
    find: "if (epoch < earliest) revert",
    replace: "if (epoch + 1 < earliest) revert",
    tests: [setPrices],
  },
  {
    name: "prices-before-are-lost",
    rule: "a new list leaves the one before it to its own epochs",
    file: book,
    find: "_pricesBefore = _prices;",
    replace: "",
    tests: [setPrices],
  },
  {
    name: "prices-one-epoch-late",
    rule: "a list counts in its first epoch",
    file: book,
    find: "epoch >= _prices.fromEpoch ?",
    replace: "epoch > _prices.fromEpoch ?",
    tests: [setPrices],
  },
  {
    name: "fee-without-bound",
    rule: "the fee is at most 20 %",
    file: book,
    find: "prices.feeBps > Price.MAX_FEE_BPS ||",
    replace: "",
    tests: [setPrices],
  },
  {
    name: "anyone-sets-prices",
    rule: "only who holds the role sets prices",
    file: book,
    find: "function setPrices(PriceList calldata prices) external restricted {",
    replace: "function setPrices(PriceList calldata prices) external {",
    tests: ["base/roles.test.ts", setPrices],
  },
];
