// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
import {Price} from "../libraries/Price.sol";
import {Receipt, Receipts} from "../libraries/Receipts.sol";
import {Signature} from "../libraries/Signature.sol";
import {ReceiptCounting} from "./ReceiptCounting.sol";

/// @title What may happen to a counted receipt before it matures: release, dispute and decision
abstract contract ReceiptDisputes is ReceiptCounting, ReentrancyGuardTransient {
    using Receipts for bytes;

    /// @dev What is payable to a node before its epoch matures: its share and the network's. One slot.
    struct Payable {
        uint64 amount;
        uint64 fee;
    }

    /// slot 0: status 8 | openedIn 24 | disputer 160 | bond 64
    /// slot 1: amount 64 | feeBps 16 | extended 8
    /// slot 2: batchHash
    struct DisputeSlots {
        Status status;
        uint24 openedIn;
        address disputer;
        uint64 bond;
        uint64 amount;
        uint16 feeBps;
        bool extended;
        bytes32 batchHash;
    }

    uint64 private constant MOST_MIN_BOND = 1_000e6;
    uint64 private constant MOST_MAX_SLASH = 100_000e6;
    uint16 private constant LEAST_SLASH_FACTOR = 10;
    uint16 private constant MOST_SLASH_FACTOR = 1_000;
    uint8 private constant MOST_REWARD_FACTOR = 10;
    /// Epochs that a suspension lasts at most, and from its end to the next.
    uint32 private constant SUSPENSION = 30;
    uint32 private constant SUSPENSION_REST = 30;
    bytes32 private constant RELEASE_TYPEHASH = keccak256(
        "Release(uint64 projectId,uint32 nodeId,uint32 epoch,uint64 amount)"
    );

    Parameters private _parameters;
    /// @inheritdoc IUsageSettlement
    uint32 public decisionsSuspendedUntil;
    mapping(uint32 nodeId => Payable) internal _payable;
    mapping(uint64 projectId => mapping(uint32 nodeId => mapping(uint32 epoch => DisputeSlots))) private _disputes;

    constructor(Parameters memory parameters_) {
        _setParameters(parameters_);
    }

    modifier onlyArbiter() {
        if (msg.sender != _parameters.arbiter) revert NotArbiter(msg.sender, _parameters.arbiter);
        uint32 until = decisionsSuspendedUntil;
        if (currentEpoch() < until) revert DecisionsAreSuspended(until);
        _;
    }

    /// @inheritdoc IUsageSettlement
    function release(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines,
        uint256 index,
        bytes calldata signature
    ) external {
        (uint64 projectId, uint64 amount, ) = _touchable(nodeId, epoch, statements, lines, index);
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
        uint64 maxBond,
        string calldata reason
    ) external nonReentrant {
        (uint64 projectId, uint64 amount, bytes32 batchHash) = _touchable(nodeId, epoch, statements, lines, index);
        address owner = PROJECTS.ownerOf(projectId);
        if (msg.sender != owner) revert IProjectRegistry.NotProjectOwner(projectId, msg.sender, owner);
        uint64 bond = uint64(Math.max(_parameters.minBond, amount));
        if (bond > maxBond) revert BondAboveMost(bond, maxBond);

        Bucket storage bucket = _buckets[nodeId][epoch];
        bucket.pending -= amount;
        DisputeSlots storage opened = _disputes[projectId][nodeId][epoch];
        opened.status = Status.Disputed;
        opened.openedIn = uint24(currentEpoch());
        opened.disputer = msg.sender;
        opened.amount = amount;
        opened.feeBps = bucket.feeBps;
        opened.batchHash = batchHash;

        opened.bond = ESCROW.takeBond(msg.sender, bond);
        emit Disputed(projectId, nodeId, epoch, msg.sender, amount, opened.bond, batchHash, reason);
    }

    /// @inheritdoc IUsageSettlement
    function decide(
        uint64 projectId,
        uint32 nodeId,
        uint32 epoch,
        bool guilty,
        uint64 slash,
        uint64 reward
    ) external nonReentrant onlyArbiter {
        (DisputeSlots memory opened, uint32 lastEpoch) = _settle(projectId, nodeId, epoch);
        if (currentEpoch() > lastEpoch) revert DecisionTooLate(lastEpoch, currentEpoch());

        (slash, reward) = guilty ? _withinBounds(opened, slash, reward) : (0, 0);
        if (guilty) {
            ESCROW.refund(projectId, opened.amount);
            ESCROW.owe(opened.disputer, opened.bond);
            if (slash != 0) (slash, reward) = _slash(nodeId, slash, opened.disputer, reward);
        } else {
            _makePayable(nodeId, opened.amount, opened.feeBps);
            _makePayable(nodeId, opened.bond, 0);
        }
        emit Decided(projectId, nodeId, epoch, guilty, slash, reward);
    }

    /// @inheritdoc IUsageSettlement
    function extend(uint64 projectId, uint32 nodeId, uint32 epoch) external onlyArbiter {
        DisputeSlots storage opened = _requireDisputed(projectId, nodeId, epoch);
        if (opened.extended) revert AlreadyExtended(projectId, nodeId, epoch);
        uint32 lastEpoch = _lastEpochOf(opened);
        if (currentEpoch() > lastEpoch) revert DecisionTooLate(lastEpoch, currentEpoch());
        opened.extended = true;
        emit Extended(projectId, nodeId, epoch, _lastEpochOf(opened));
    }

    /// @inheritdoc IUsageSettlement
    function draw(uint64 projectId, uint32 nodeId, uint32 epoch) external {
        (DisputeSlots memory opened, uint32 lastEpoch) = _settle(projectId, nodeId, epoch);
        if (currentEpoch() <= lastEpoch) revert DrawTooEarly(lastEpoch, currentEpoch());

        _makePayable(nodeId, opened.amount, opened.feeBps);
        ESCROW.owe(opened.disputer, opened.bond);
        emit Drawn(projectId, nodeId, epoch);
    }

    // Parameters

    /// @inheritdoc IUsageSettlement
    function suspendDecisions() external restricted {
        uint32 last = decisionsSuspendedUntil;
        uint32 now_ = currentEpoch();
        if (last != 0 && now_ < last + SUSPENSION_REST) revert SuspensionTooSoon(last + SUSPENSION_REST);
        _suspendUntil(now_ + SUSPENSION);
    }

    /// @inheritdoc IUsageSettlement
    function setParameters(Parameters calldata parameters_) external restricted {
        // Another arbiter starts with a clean sheet; the same one goes on, and the guardian waits for its next turn.
        uint32 now_ = currentEpoch();
        uint32 until = decisionsSuspendedUntil;
        if (until != 0 && parameters_.arbiter != _parameters.arbiter) _suspendUntil(0);
        else if (now_ < until) _suspendUntil(now_);
        _setParameters(parameters_);
    }

    // Views

    /// @inheritdoc IUsageSettlement
    function parameters() external view returns (Parameters memory) {
        return _parameters;
    }

    /// @inheritdoc IUsageSettlement
    function statusOf(uint64 projectId, uint32 nodeId, uint32 epoch) external view returns (Dispute memory record) {
        DisputeSlots memory slots = _disputes[projectId][nodeId][epoch];
        return
            Dispute({
                status: slots.status,
                openedIn: slots.openedIn,
                extended: slots.extended,
                disputer: slots.disputer,
                bond: slots.bond,
                amount: slots.amount,
                feeBps: slots.feeBps,
                batchHash: slots.batchHash
            });
    }

    // Internals

    /// The line of a counted batch that may still be released or disputed.
    function _touchable(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines,
        uint256 index
    ) private view returns (uint64 projectId, uint64 amount, bytes32 batchHash) {
        uint256 lastEpoch = epoch + LATE + DISPUTE;
        if (currentEpoch() > lastEpoch) revert WindowClosed(epoch, uint32(lastEpoch));
        batchHash = _batchHash(nodeId, epoch, statements, lines);
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
        DisputeSlots storage slots = _requireDisputed(projectId, nodeId, epoch);
        opened = slots;
        lastEpoch = _lastEpochOf(slots);
        slots.status = Status.Settled;
    }

    function _requireDisputed(
        uint64 projectId,
        uint32 nodeId,
        uint32 epoch
    ) private view returns (DisputeSlots storage opened) {
        opened = _disputes[projectId][nodeId][epoch];
        if (opened.status != Status.Disputed) revert NotDisputed(projectId, nodeId, epoch, opened.status);
    }

    function _lastEpochOf(DisputeSlots storage opened) private view returns (uint32) {
        return uint32(opened.openedIn + (opened.extended ? 2 * DECIDE : DECIDE));
    }

    /// What is more than a bound is cut to it, so that no change of bounds makes a decision fail.
    function _withinBounds(
        DisputeSlots memory opened,
        uint256 slash,
        uint256 reward
    ) private view returns (uint64, uint64) {
        Parameters memory bounds = _parameters;
        slash = Math.min(
            slash,
            Math.min(bounds.maxSlash, bounds.slashFactor * uint256(opened.amount) + bounds.slashFloor)
        );
        reward = Math.min(reward, Math.min(slash / 2, bounds.rewardFactor * uint256(opened.bond)));
        return (uint64(slash), uint64(reward));
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

    function _suspendUntil(uint32 epoch) private {
        decisionsSuspendedUntil = epoch;
        emit DecisionsSuspended(epoch);
    }

    function _setParameters(Parameters memory parameters_) private {
        if (
            parameters_.minBond > MOST_MIN_BOND ||
            parameters_.maxSlash > MOST_MAX_SLASH ||
            parameters_.slashFloor > parameters_.minBond ||
            parameters_.slashFactor < LEAST_SLASH_FACTOR ||
            parameters_.slashFactor > MOST_SLASH_FACTOR ||
            parameters_.rewardFactor > MOST_REWARD_FACTOR ||
            parameters_.arbiter == address(0)
        ) revert ParametersOutOfBounds(parameters_);
        _parameters = parameters_;
        emit ParametersSet(parameters_);
    }
}
