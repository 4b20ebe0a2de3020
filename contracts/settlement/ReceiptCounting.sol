// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICreditEscrow} from "../interfaces/ICreditEscrow.sol";
import {INameRegistry} from "../interfaces/INameRegistry.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
import {Price, PriceList} from "../libraries/Price.sol";
import {Receipt, Receipts} from "../libraries/Receipts.sol";
import {Signature} from "../libraries/Signature.sol";
import {Ring, RingLib} from "../types/Ring.sol";
import {Terms, TermsLib} from "../types/Terms.sol";
import {PriceBook} from "./PriceBook.sol";

/// @title From a signed batch of receipts to charges
abstract contract ReceiptCounting is PriceBook, EIP712 {
    using Price for PriceList;
    using Receipts for bytes;

    /// @dev What was counted for a node in an epoch. One slot.
    struct Bucket {
        uint64 pending;
        uint16 feeBps;
    }

    uint256 private constant MAX_RECEIPTS = 256;
    bytes32 private constant BATCH_TYPEHASH = keccak256(
        "UsageBatch(uint32 nodeId,uint32 epoch,bytes32 statements,bytes receipts)"
    );

    INodeRegistry internal immutable NODES;
    IProjectRegistry internal immutable PROJECTS;
    ICreditEscrow internal immutable ESCROW;

    mapping(uint64 projectId => Ring) private _rings;
    mapping(uint32 nodeId => mapping(uint32 epoch => Bucket)) internal _buckets;
    mapping(bytes32 batchHash => bool) internal _batches;

    constructor(INodeRegistry nodes, IProjectRegistry projects, ICreditEscrow escrow) EIP712("worker3", "1") {
        (address ofStakes, address ofCredit) = (address(nodes.asset()), address(escrow.asset()));
        if (ofStakes != ofCredit) revert AssetsDiffer(ofStakes, ofCredit);
        NODES = nodes;
        PROJECTS = projects;
        ESCROW = escrow;
    }

    /// @inheritdoc IUsageSettlement
    function submit(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata receipts,
        bytes calldata signature
    ) external whenNotPaused {
        uint256 count = receipts.length / Receipts.RECEIPT_BYTES;
        if (count == 0 || count > MAX_RECEIPTS || receipts.length % Receipts.RECEIPT_BYTES != 0) {
            revert BatchHasWrongSize(receipts.length, MAX_RECEIPTS);
        }
        uint32 now_ = currentEpoch();
        if (epoch >= now_ || now_ > epoch + LATE) revert NotSubmittable(epoch, now_);
        _requireSigned(nodeId, epoch, statements, receipts, signature);

        bytes memory lines = _count(nodeId, epoch, receipts, count);
        if (lines.length == 0) revert NothingCounted(nodeId, epoch);
        _batches[_batchHash(nodeId, epoch, statements, lines)] = true;
        emit BatchCounted(nodeId, epoch, statements, lines);
    }

    /// @inheritdoc IUsageSettlement
    function open(uint64 projectId) external {
        if (msg.sender != address(PROJECTS)) revert INameRegistry.NotProjectRegistry(msg.sender);
        _rings[projectId] = RingLib.open(currentEpoch());
    }

    /// @inheritdoc IUsageSettlement
    function isCounted(uint64 projectId, uint32 epoch, uint8 seat) external view returns (bool counted) {
        Ring ring = _rings[projectId];
        uint256 newest = ring.last();
        if (epoch + RingLib.SPAN <= newest) revert EpochForgotten(epoch, uint32(newest - RingLib.SPAN + 1));
        return seat < TermsLib.SEATS && ring.isCounted(epoch, seat);
    }

    /// @inheritdoc IUsageSettlement
    function ringOf(uint64 projectId) external view returns (Ring ring) {
        return _rings[projectId];
    }

    /// @inheritdoc IUsageSettlement
    function isBatch(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines
    ) external view returns (bool counted) {
        return _batches[batchHashOf(nodeId, epoch, statements, lines)];
    }

    /// @inheritdoc IUsageSettlement
    function batchHashOf(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines
    ) public pure returns (bytes32 batchHash) {
        return _batchHash(nodeId, epoch, statements, lines);
    }

    function _requireSigned(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata receipts,
        bytes calldata signature
    ) private view {
        (address operator, uint32 retiredFrom) = NODES.signerOf(nodeId);
        if (retiredFrom != 0 && epoch >= retiredFrom) revert UsageAfterRetirement(nodeId, epoch, retiredFrom);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(BATCH_TYPEHASH, nodeId, epoch, statements, keccak256(receipts)))
        );
        if (!Signature.isValid(operator, digest, signature)) revert WrongBatchSignature(nodeId, operator);
    }

    /// Marks, charges and books what counts; the lines of exactly that come back.
    function _count(
        uint32 nodeId,
        uint32 epoch,
        bytes calldata receipts,
        uint256 count
    ) private returns (bytes memory lines) {
        PriceList memory prices = pricesAt(epoch);
        uint256[] memory words = _termsWords(receipts, count, epoch);
        // Which receipt a debit belongs to, and its seat.
        uint256[] memory places = new uint256[](count);
        uint256[] memory debits = new uint256[](count);
        uint256 candidates;

        for (uint256 i = 0; i < count; i++) {
            Receipt receipt = receipts.receiptAt(i);
            uint64 projectId = receipt.projectId();
            Terms terms = Terms.wrap(words[i]);
            uint256 seat = terms.seatOf(nodeId);
            if (seat == TermsLib.SEATS) {
                emit ReceiptSkipped(nodeId, epoch, projectId, SkipReason.NoSeat);
                continue;
            }
            Ring ring = _rings[projectId];
            if (ring.isCounted(epoch, seat)) {
                emit ReceiptSkipped(nodeId, epoch, projectId, SkipReason.AlreadyCounted);
                continue;
            }
            _rings[projectId] = ring.mark(epoch, seat);
            places[candidates] = (i << 8) | seat;
            debits[candidates++] = (uint256(projectId) << 64) | _amountOf(prices, terms, receipt);
        }
        assembly ("memory-safe") {
            mstore(debits, candidates)
        }

        uint256 refused = ESCROW.charge(debits);
        uint256 total;
        lines = Receipts.allocate(candidates);
        for (uint256 i = 0; i < candidates; i++) {
            uint256 place = places[i];
            Receipt receipt = receipts.receiptAt(place >> 8);
            if (((refused >> i) & 1) == 1) {
                uint64 projectId = receipt.projectId();
                _rings[projectId] = _rings[projectId].unmark(epoch, uint8(place));
                emit ReceiptSkipped(nodeId, epoch, projectId, SkipReason.TooLittleCredit);
                continue;
            }
            uint64 amount = uint64(debits[i]);
            total += amount;
            lines.append(receipt, amount);
        }

        // The sum of at most 256 amounts below 2^40, on top of those of earlier batches: far below 2^64.
        Bucket storage bucket = _buckets[nodeId][epoch];
        bucket.pending += uint64(total);
        bucket.feeBps = prices.feeBps;
    }

    function _amountOf(PriceList memory prices, Terms terms, Receipt receipt) private pure returns (uint256) {
        return
            prices.amountOf(terms.cap(), receipt.requests(), receipt.cpuMs(), receipt.egressKiB(), receipt.storedMiB());
    }

    function _termsWords(bytes calldata receipts, uint256 count, uint32 epoch) private view returns (uint256[] memory) {
        uint64[] memory projectIds = new uint64[](count);
        for (uint256 i = 0; i < count; i++) {
            projectIds[i] = receipts.receiptAt(i).projectId();
        }
        return PROJECTS.termsWords(projectIds, epoch);
    }

    function _batchHash(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes memory lines
    ) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(nodeId, epoch, statements, lines));
    }
}
