// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {EpochClock} from "./base/EpochClock.sol";
import {PriceBook} from "./base/PriceBook.sol";
import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Price, PriceList} from "./libraries/Price.sol";
import {Receipt, Receipts} from "./libraries/Receipts.sol";
import {Signature} from "./libraries/Signature.sol";
import {Ring, RingLib} from "./types/Ring.sol";
import {Terms, TermsLib} from "./types/Terms.sol";

/// @title Settlement: from signed receipts to payment
contract UsageSettlement is PriceBook, EIP712, ReentrancyGuardTransient {
    using Price for PriceList;
    using SafeCast for uint256;
    using Receipts for bytes;

    /// @dev What was counted for a node in an epoch. One slot.
    struct Bucket {
        uint64 pending;
        uint16 feeBps;
    }

    /// @dev What is payable to a node before its epoch matures: its share and the network's. One slot.
    struct Payable {
        uint64 amount;
        uint64 fee;
    }

    /// slot 0: status 8 | openedIn 24 | disputer 160 | bond 64
    /// slot 1: amount 64 | feeBps 16
    struct DisputeSlots {
        Status status;
        uint24 openedIn;
        address disputer;
        uint64 bond;
        uint64 amount;
        uint16 feeBps;
    }

    uint256 private constant MAX_RECEIPTS = 256;
    uint64 private constant MOST_MIN_BOND = 1_000e6;
    uint64 private constant MOST_MAX_SLASH = 100_000e6;
    bytes32 private constant BATCH_TYPEHASH = keccak256(
        "UsageBatch(uint32 nodeId,uint32 epoch,bytes32 statements,bytes receipts)"
    );
    bytes32 private constant RELEASE_TYPEHASH = keccak256(
        "Release(uint64 projectId,uint32 nodeId,uint32 epoch,uint64 amount)"
    );

    INodeRegistry private immutable NODES;
    IProjectRegistry private immutable PROJECTS;
    ICreditEscrow private immutable ESCROW;

    /// @inheritdoc IUsageSettlement
    uint64 public minBond;
    /// @inheritdoc IUsageSettlement
    uint64 public maxSlash;
    /// @inheritdoc IUsageSettlement
    address public arbiter;
    mapping(uint64 projectId => Ring) private _rings;
    mapping(uint32 nodeId => mapping(uint32 epoch => Bucket)) private _buckets;
    mapping(bytes32 batchHash => bool) private _batches;
    mapping(uint32 nodeId => Payable) private _payable;
    mapping(uint64 projectId => mapping(uint32 nodeId => mapping(uint32 epoch => DisputeSlots))) private _disputes;

    /// @param authority The access manager.
    /// @param prices Count from epoch 0 on.
    constructor(
        address authority,
        INodeRegistry nodes,
        IProjectRegistry projects,
        ICreditEscrow escrow,
        PriceList memory prices,
        uint64 minBond_,
        uint64 maxSlash_,
        address arbiter_
    )
        AccessManaged(authority)
        EpochClock(nodes.times())
        PriceBook(prices, projects.defaultCap())
        EIP712("worker3", "1")
    {
        (address ofStakes, address ofCredit) = (address(nodes.asset()), address(escrow.asset()));
        if (ofStakes != ofCredit) revert AssetsDiffer(ofStakes, ofCredit);
        NODES = nodes;
        PROJECTS = projects;
        ESCROW = escrow;
        _setParameters(minBond_, maxSlash_, arbiter_);
    }

    // From receipt to charge

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
            revert BatchSize(receipts.length, MAX_RECEIPTS);
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
        if (msg.sender != address(PROJECTS)) revert NotProjectRegistry(msg.sender);
        _rings[projectId] = RingLib.open(currentEpoch());
    }

    // From charge to payment

    /// @inheritdoc IUsageSettlement
    function release(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines,
        uint256 index,
        bytes calldata signature
    ) external {
        (uint64 projectId, uint64 amount) = _touchable(nodeId, epoch, statements, lines, index);
        if (msg.sender != PROJECTS.ownerOf(projectId)) {
            bytes32 digest = _hashTypedDataV4(
                keccak256(abi.encode(RELEASE_TYPEHASH, projectId, nodeId, epoch, amount))
            );
            if (!Signature.isValid(PROJECTS.meterOf(projectId), digest, signature)) {
                revert NotReleasable(projectId, msg.sender);
            }
        }

        _disputes[projectId][nodeId][epoch].status = Status.Released;
        Bucket storage bucket = _buckets[nodeId][epoch];
        bucket.pending -= amount;
        _makePayable(nodeId, amount, bucket.feeBps);
        emit Released(projectId, nodeId, epoch, amount);
    }

    /// @inheritdoc IUsageSettlement
    function dispute(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines,
        uint256 index,
        string calldata reason
    ) external nonReentrant {
        (uint64 projectId, uint64 amount) = _touchable(nodeId, epoch, statements, lines, index);
        address owner = PROJECTS.ownerOf(projectId);
        if (msg.sender != owner) revert NotProjectOwner(projectId, msg.sender, owner);

        Bucket storage bucket = _buckets[nodeId][epoch];
        bucket.pending -= amount;
        DisputeSlots storage opened = _disputes[projectId][nodeId][epoch];
        opened.status = Status.Disputed;
        opened.openedIn = uint24(currentEpoch());
        opened.disputer = msg.sender;
        opened.amount = amount;
        opened.feeBps = bucket.feeBps;

        opened.bond = ESCROW.takeBond(msg.sender, uint64(Math.max(minBond, amount)));
        emit Disputed(projectId, nodeId, epoch, msg.sender, amount, opened.bond, reason);
    }

    /// @inheritdoc IUsageSettlement
    function decide(
        uint64 projectId,
        uint32 nodeId,
        uint32 epoch,
        bool guilty,
        uint64 slash,
        uint64 reward
    ) external nonReentrant {
        if (msg.sender != arbiter) revert NotArbiter(msg.sender, arbiter);
        if (guilty ? slash > maxSlash || reward > slash / 2 : slash | reward != 0) {
            revert SlashOutOfBounds(guilty, slash, reward, maxSlash);
        }
        (DisputeSlots memory opened, uint32 lastEpoch) = _settle(projectId, nodeId, epoch);
        if (currentEpoch() > lastEpoch) revert DecisionWindow(lastEpoch, currentEpoch());

        uint64 slashed;
        if (guilty) {
            ESCROW.refund(projectId, opened.amount);
            ESCROW.owe(opened.disputer, opened.bond);
            if (slash != 0) (slashed, reward) = _slash(nodeId, slash, opened.disputer, reward);
        } else {
            _makePayable(nodeId, opened.amount, opened.feeBps);
            _makePayable(nodeId, opened.bond, 0);
        }
        emit Decided(projectId, nodeId, epoch, guilty, slashed, reward);
    }

    /// @inheritdoc IUsageSettlement
    function draw(uint64 projectId, uint32 nodeId, uint32 epoch) external {
        (DisputeSlots memory opened, uint32 lastEpoch) = _settle(projectId, nodeId, epoch);
        if (currentEpoch() <= lastEpoch) revert DecisionWindow(lastEpoch, currentEpoch());

        _makePayable(nodeId, opened.amount, opened.feeBps);
        ESCROW.owe(opened.disputer, opened.bond);
        emit Drawn(projectId, nodeId, epoch);
    }

    /// @inheritdoc IUsageSettlement
    function claim(uint32 nodeId, uint32[] calldata epochs) external nonReentrant returns (uint64 paid, uint64 fee) {
        Payable memory ready = _payable[nodeId];
        if (ready.amount | ready.fee != 0) delete _payable[nodeId];
        uint256 total = uint256(ready.amount) + ready.fee;
        uint256 fees = ready.fee;

        mapping(uint32 epoch => Bucket) storage buckets = _buckets[nodeId];
        uint256 immature = _firstImmature();
        uint32[] memory paidEpochs = new uint32[](epochs.length);
        uint256 count = 0;
        unchecked {
            for (uint256 i = 0; i < epochs.length; i++) {
                uint32 epoch = epochs[i];
                if (epoch >= immature) continue;
                Bucket memory bucket = buckets[epoch];
                if (bucket.pending == 0) continue;
                delete buckets[epoch];
                total += bucket.pending;
                fees += Price.feeOf(bucket.pending, bucket.feeBps);
                paidEpochs[count++] = epoch;
            }
        }
        (paid, fee) = ((total - fees).toUint64(), fees.toUint64());
        if (paid | fee == 0) revert NothingToClaim(nodeId);
        assembly ("memory-safe") {
            mstore(paidEpochs, count)
        }

        address owner = NODES.ownerOf(nodeId);
        emit Claimed(nodeId, paidEpochs, paid, fee);
        ESCROW.pay(owner, paid, fee);
    }

    // Parameters

    /// @inheritdoc IUsageSettlement
    function setParameters(uint64 minBond_, uint64 maxSlash_, address arbiter_) external restricted {
        _setParameters(minBond_, maxSlash_, arbiter_);
    }

    // Views

    /// @inheritdoc IUsageSettlement
    function statusOf(uint64 projectId, uint32 nodeId, uint32 epoch) external view returns (Dispute memory record) {
        DisputeSlots memory slots = _disputes[projectId][nodeId][epoch];
        return Dispute(slots.status, slots.openedIn, slots.disputer, slots.bond, slots.amount, slots.feeBps);
    }

    /// @inheritdoc IUsageSettlement
    function isCounted(uint64 projectId, uint32 epoch, uint8 seat) external view returns (bool counted) {
        return seat < TermsLib.SEATS && _rings[projectId].isCounted(epoch, seat);
    }

    /// @inheritdoc IUsageSettlement
    function isBatch(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines
    ) external view returns (bool counted) {
        return _batches[_batchHash(nodeId, epoch, statements, lines)];
    }

    /// @inheritdoc IUsageSettlement
    function pending(uint32 nodeId, uint32 epoch) external view returns (uint64 amount, uint16 feeBps) {
        return (_buckets[nodeId][epoch].pending, _buckets[nodeId][epoch].feeBps);
    }

    /// @inheritdoc IUsageSettlement
    function payableOf(uint32 nodeId) external view returns (uint64 amount, uint64 fee) {
        return (_payable[nodeId].amount, _payable[nodeId].fee);
    }

    /// @inheritdoc IUsageSettlement
    function claimable(uint32 nodeId, uint32[] calldata epochs) external view returns (uint64 paid, uint64 fee) {
        (paid, fee) = (_payable[nodeId].amount, _payable[nodeId].fee);
        for (uint256 i = 0; i < epochs.length; i++) {
            bool seen;
            for (uint256 j = 0; j < i && !seen; j++) {
                seen = epochs[j] == epochs[i];
            }
            if (seen || epochs[i] >= _firstImmature()) continue;
            Bucket memory bucket = _buckets[nodeId][epochs[i]];
            uint64 part = uint64(Price.feeOf(bucket.pending, bucket.feeBps));
            paid += bucket.pending - part;
            fee += part;
        }
    }

    /// @inheritdoc IUsageSettlement
    function ringOf(uint64 projectId) external view returns (Ring ring) {
        return _rings[projectId];
    }

    /// @inheritdoc IUsageSettlement
    function nodeRegistry() external view returns (INodeRegistry) {
        return NODES;
    }

    /// @inheritdoc IUsageSettlement
    function projectRegistry() external view returns (IProjectRegistry) {
        return PROJECTS;
    }

    /// @inheritdoc IUsageSettlement
    function creditEscrow() external view returns (ICreditEscrow) {
        return ESCROW;
    }

    // Internals

    function _requireSigned(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata receipts,
        bytes calldata signature
    ) private view {
        (address operator, uint32 retiredFrom) = NODES.signerOf(nodeId);
        if (retiredFrom != 0 && epoch >= retiredFrom) revert NodeRetired(nodeId, epoch, retiredFrom);
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
            debits[candidates++] =
                (uint256(projectId) << 64) |
                prices.amountOf(terms.cap(), receipt.requests(), receipt.cpuMs(), receipt.egressKiB());
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
            if ((refused >> i) & 1 == 1) {
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

    function _termsWords(bytes calldata receipts, uint256 count, uint32 epoch) private view returns (uint256[] memory) {
        uint64[] memory projectIds = new uint64[](count);
        for (uint256 i = 0; i < count; i++) {
            projectIds[i] = receipts.receiptAt(i).projectId();
        }
        return PROJECTS.termsWords(projectIds, epoch);
    }

    /// The line of a counted batch that may still be released or disputed.
    function _touchable(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines,
        uint256 index
    ) private view returns (uint64 projectId, uint64 amount) {
        uint256 lastEpoch = epoch + LATE + DISPUTE;
        if (currentEpoch() > lastEpoch) revert WindowClosed(epoch, uint32(lastEpoch));
        bytes32 batchHash = _batchHash(nodeId, epoch, statements, lines);
        if (!_batches[batchHash]) revert UnknownBatch(nodeId, epoch, batchHash);
        if (index >= lines.length / Receipts.LINE_BYTES) {
            revert NoSuchLine(index, lines.length / Receipts.LINE_BYTES);
        }

        Receipt receipt;
        (receipt, amount) = lines.lineAt(index);
        projectId = receipt.projectId();
        Status status = _disputes[projectId][nodeId][epoch].status;
        if (status != Status.Untouched) revert AlreadyTouched(projectId, nodeId, epoch, status);
    }

    /// Ends a dispute, once: what it was, and the last epoch in which it could be decided.
    function _settle(
        uint64 projectId,
        uint32 nodeId,
        uint32 epoch
    ) private returns (DisputeSlots memory opened, uint32 lastEpoch) {
        DisputeSlots storage slots = _disputes[projectId][nodeId][epoch];
        opened = slots;
        if (opened.status != Status.Disputed) revert NotDisputed(projectId, nodeId, epoch, opened.status);
        slots.status = Status.Settled;
        lastEpoch = uint32(opened.openedIn + DECIDE);
    }

    /// Takes stake to the escrow; a smaller stake gives a smaller reward.
    function _slash(uint32 nodeId, uint64 slash, address disputer, uint64 reward) private returns (uint64, uint64) {
        uint64 taken = NODES.slash(nodeId, slash, address(ESCROW));
        if (taken == 0) return (0, 0);
        return ESCROW.takeSlash(address(NODES), taken, disputer, reward);
    }

    function _makePayable(uint32 nodeId, uint64 amount, uint256 feeBps) private {
        uint64 fee = uint64(Price.feeOf(amount, feeBps));
        Payable storage ready = _payable[nodeId];
        ready.amount += amount - fee;
        ready.fee += fee;
    }

    /// Buckets mature when now > e + late + dispute: the first epoch that has not.
    function _firstImmature() private view returns (uint256) {
        uint256 epoch = currentEpoch();
        return epoch > LATE + DISPUTE ? epoch - LATE - DISPUTE : 0;
    }

    function _batchHash(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes memory lines
    ) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(nodeId, epoch, statements, lines));
    }

    function _setParameters(uint64 minBond_, uint64 maxSlash_, address arbiter_) private {
        if (minBond_ > MOST_MIN_BOND || maxSlash_ > MOST_MAX_SLASH || arbiter_ == address(0)) {
            revert ParametersOutOfBounds(minBond_, maxSlash_, arbiter_);
        }
        minBond = minBond_;
        maxSlash = maxSlash_;
        arbiter = arbiter_;
        emit ParametersSet(minBond_, maxSlash_, arbiter_);
    }
}
