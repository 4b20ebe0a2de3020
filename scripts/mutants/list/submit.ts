import type { Mutant } from "../Mutant.ts";

const file = "settlement/ReceiptCounting.sol";
const submit = "settlement/submit.test.ts";
const submitTerms = "settlement/submitTerms.test.ts";
const submitSignature = "settlement/submitSignature.test.ts";
const submitWindow = "settlement/submitWindow.test.ts";

/** From receipt to charge. */
export const submitMutants: readonly Mutant[] = [
  {
    name: "retired-node-counts",
    rule: "no receipt of the epoch in which a node is retired, or of a later one, counts",
    file,
    find: "if (retiredFrom != 0 && epoch >= retiredFrom) revert UsageAfterRetirement(nodeId, epoch, retiredFrom);",
    replace: "",
    tests: [submitWindow],
  },
  {
    name: "retirement-counts-one-epoch-late",
    rule: "the last epoch of a retired node is the one before retiredFrom",
    file,
    find: "epoch >= retiredFrom)",
    replace: "epoch > retiredFrom)",
    tests: [submitWindow],
  },
  {
    name: "terms-of-the-submission",
    rule: "a receipt is judged by the terms of its own epoch",
    file,
    find: "PROJECTS.termsWords(projectIds, epoch)",
    replace: "PROJECTS.termsWords(projectIds, currentEpoch())",
    tests: [submitTerms],
  },
  {
    name: "prices-of-the-submission",
    rule: "a receipt uses the price list of its own epoch",
    file,
    find: "PriceList memory prices = pricesAt(epoch);",
    replace: "PriceList memory prices = pricesAt(currentEpoch());",
    tests: ["settlement/setPrices.test.ts"],
  },
  {
    name: "hash-of-submitted-bytes",
    rule: "the batch's hash commits to the lines that were counted, not to the bytes that were submitted",
    file,
    find: "_batches[_batchHash(nodeId, epoch, statements, lines)] = true;",
    replace: "_batches[_batchHash(nodeId, epoch, statements, receipts)] = true;",
    tests: [submit],
  },
  {
    name: "counts-again",
    rule: "a receipt counts once",
    file,
    find: "if (ring.isCounted(epoch, seat)) {",
    replace: "if (seat > 255) {",
    tests: [submit],
  },
  {
    name: "submit-one-epoch-late",
    rule: "usage of e is submitted until e + late",
    file,
    find: "now_ > epoch + LATE) revert",
    replace: "now_ > epoch + LATE + 1) revert",
    tests: [submitWindow],
  },
  {
    name: "submit-one-epoch-short",
    rule: "usage of e may still be submitted in e + late",
    file,
    find: "now_ > epoch + LATE) revert",
    replace: "now_ >= epoch + LATE) revert",
    tests: [submitWindow],
  },
  {
    name: "submit-in-its-own-epoch",
    rule: "usage of e is submitted after e",
    file,
    find: "if (epoch >= now_ ||",
    replace: "if (epoch > now_ ||",
    tests: [submitWindow],
  },
  {
    name: "skip-marks-the-ring",
    rule: "a receipt that is skipped for want of credit leaves no mark and may come again",
    file,
    find: "_rings[projectId] = _rings[projectId].unmark(epoch, uint8(place));",
    replace: "",
    tests: [submit],
  },
  {
    name: "uncharged-receipt-is-booked",
    rule: "what the credit does not cover is not owed",
    file,
    find: "emit ReceiptSkipped(nodeId, epoch, projectId, SkipReason.TooLittleCredit);\n                continue;",
    replace: "emit ReceiptSkipped(nodeId, epoch, projectId, SkipReason.TooLittleCredit);",
    tests: [submit],
  },
  {
    name: "empty-batch-is-kept",
    rule: "a batch that counts nothing is refused",
    file,
    find: "if (lines.length == 0) revert NothingCounted(nodeId, epoch);",
    replace: "",
    tests: [submit],
  },
  {
    name: "batch-without-limit",
    rule: "a batch has at most 256 receipts, a bit for each in the escrow's answer",
    file,
    find: "count == 0 || count > MAX_RECEIPTS ||",
    replace: "count == 0 || count > MAX_RECEIPTS + 1 ||",
    tests: [submit],
  },
  {
    name: "batch-overwrites-the-bucket",
    rule: "a second batch of an epoch adds to what the first has counted",
    file,
    find: "bucket.pending += uint64(total);",
    replace: "bucket.pending = uint64(total);",
    tests: [submit],
  },
  {
    name: "batch-of-another-operator",
    rule: "a batch is signed by the node's operator",
    file,
    find: "if (!Signature.isValid(operator, digest, signature)) revert WrongBatchSignature(nodeId, operator);",
    replace: "",
    tests: [submitSignature],
  },
  {
    name: "domain-without-chain-id",
    rule: "a signature is for one chain: its id is in the domain",
    file,
    find: "bytes32 digest = _hashTypedDataV4(\n            keccak256(abi.encode(BATCH_TYPEHASH, nodeId, epoch, statements, keccak256(receipts)))\n        );",
    replace: `bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901",
                keccak256(
                    abi.encode(
                        keccak256("EIP712Domain(string name,string version,address verifyingContract)"),
                        keccak256("worker3"),
                        keccak256("1"),
                        address(this)
                    )
                ),
                keccak256(abi.encode(BATCH_TYPEHASH, nodeId, epoch, statements, keccak256(receipts)))
            )
        );`,
    tests: [submitSignature],
  },
  {
    name: "pause-does-not-stop-submit",
    rule: "a pause stops submit",
    file,
    find: ") external whenNotPaused {",
    replace: ") external {",
    tests: [submit, "base/pause.test.ts"],
  },
  {
    name: "anyone-opens-a-ring",
    rule: "only the project registry opens a project's ring: opening it again would let receipts count twice",
    file,
    find: "if (msg.sender != address(PROJECTS)) revert INameRegistry.NotProjectRegistry(msg.sender);",
    replace: "",
    tests: ["settlement/open.test.ts"],
  },
  {
    name: "storage-is-not-read",
    rule: "a receipt is charged for what its seat had to hold",
    file,
    find: "receipt.egressKiB(), receipt.storedMiB());",
    replace: "receipt.egressKiB(), 0);",
    tests: [submit],
  },
  {
    name: "receipt-fields-overlap",
    rule: "each field of a receipt has bits of its own",
    file: "libraries/Receipts.sol",
    find: "uint48(Receipt.unwrap(receipt) >> 40)",
    replace: "uint48(Receipt.unwrap(receipt) >> 39)",
    tests: [submit],
  },
  {
    name: "forgotten-epoch-is-called-counted",
    rule: "nobody is told that a seat was counted in an epoch that the ring has forgotten",
    file,
    find: "if (epoch + RingLib.SPAN <= newest) revert EpochForgotten(epoch, uint32(newest - RingLib.SPAN + 1));",
    replace: "",
    tests: ["settlement/views.test.ts"],
  },
];
