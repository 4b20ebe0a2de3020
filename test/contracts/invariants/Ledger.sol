// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUsageSettlement} from "../../../contracts/interfaces/IUsageSettlement.sol";
import {PriceList} from "../../../contracts/libraries/Price.sol";
import {vm} from "../support/Vm.sol";
import {World} from "./World.sol";

/// @title What should be: a second bookkeeping of credits, stakes, receipts and payments, kept by the actions
/// @dev It has no packing, no rings and no buckets: each counted receipt is a line with a fate of its own.
abstract contract Ledger is World {
    enum Fate {
        Pending,
        Released,
        Disputed,
        Guilty,
        Innocent,
        Drawn
    }

    /// A counted receipt. While it is pending and its epoch's bucket is not claimed, it is in the bucket.
    struct Line {
        uint64 projectId;
        uint32 nodeId;
        uint32 epoch;
        uint64 amount;
        uint32 batch;
        uint32 index;
        Fate fate;
        uint32 openedIn;
        bool extended;
        address disputer;
        uint64 bond;
    }

    /// A batch that counted something, by its counted lines.
    struct Batch {
        uint32 nodeId;
        uint32 epoch;
        bytes32 statements;
        bytes lines;
    }

    struct Node {
        address owner;
        address pendingOwner;
        uint256 operatorKey;
        uint8 region;
        bool pooled;
        uint32 presentUntil;
        uint40 leastCap;
        uint32 retiredFrom;
        bool liftable;
        uint64 stake;
        uint64 thawing;
        uint32 thawEpoch;
        uint64 payableAmount;
        uint64 payableFee;
        Slashes slashes;
    }

    /// What was slashed in the epoch of the last slash, and what bounds it: a share of the stake before the first.
    struct Slashes {
        uint32 epoch;
        uint64 most;
        uint64 taken;
    }

    struct Project {
        address owner;
        address pendingOwner;
        address meter;
        uint32 versions;
        uint32 active;
        bool split;
        bool closed;
        uint32 closedFrom;
        uint64 balance;
        uint64 thawing;
        uint32 thawEpoch;
        uint32 raisedAt;
        uint16 refillMask;
        uint8 refillSeats;
        bool pinHome;
        bool refillChosen;
        /// The terms that count from their epoch on, as a word.
        uint256 newest;
    }

    struct Bucket {
        uint32 nodeId;
        uint32 epoch;
    }

    /// What is known of a node and a project by its id, from 1 on.
    mapping(uint256 nodeId => Node) internal node;
    mapping(uint256 projectId => Project) internal project;
    uint32 internal nodeCount;
    uint64 internal projectCount;

    Line[] internal lines;
    Batch[] internal batches;
    /// The line of a receipt, plus one.
    mapping(uint64 projectId => mapping(uint32 nodeId => mapping(uint32 epoch => uint256))) internal lineOf;
    /// What a project was charged for an epoch, whatever came of it later.
    mapping(uint64 projectId => mapping(uint32 epoch => uint256)) internal chargedFor;
    /// What is pending of a node in an epoch, and which of these buckets are not empty.
    mapping(uint32 nodeId => mapping(uint32 epoch => uint64)) internal pendingOf;
    mapping(uint32 nodeId => mapping(uint32 epoch => bool)) internal claimed;
    Bucket[] internal buckets;

    /// Terms words as the owners' calls made them, and prices as they were seen while their epoch was the current one.
    mapping(uint64 projectId => mapping(uint32 epoch => uint256)) internal termsOf;
    mapping(uint32 epoch => PriceList) internal pricesSeen;
    /// Whether a node that asked in this epoch was told that the project can pay it.
    mapping(uint64 projectId => mapping(uint32 epoch => bool)) internal promised;

    /// What `delegate` may do, by the owner who said so.
    mapping(address owner => mapping(uint64 projectId => uint8)) internal rights;

    mapping(address who => uint256) internal purse;
    mapping(address who => uint64) internal refund;
    mapping(address target => uint256) internal pausedUntil;
    /// Disputed amounts and their bonds.
    uint256 internal frozen;
    uint256 internal pendingTotal;
    uint256 internal payableTotal;
    uint256 internal refundTotal;
    uint256 internal fees;
    /// Tokens that were sent to the contracts past their functions.
    uint256 internal strayInEscrow;
    uint256 internal strayInNodes;

    uint64 internal minStake = 1_000 * USD;
    uint16 internal seatStakeFactor = 120;
    uint16 internal maxSlashShareBps = 2_000;
    uint40 internal maxCap = uint40(100 * USD);
    IUsageSettlement.Parameters internal bounds = _firstParameters();
    uint32 internal decisionsSuspendedUntil;
    address internal feeReceiver = feeReceivers[0];

    /// @notice A project was charged more for an epoch than cap x seats of that epoch's terms.
    error ChargedBeyondCap(uint64 projectId, uint32 epoch, uint256 charged, uint256 most);
    /// @notice A receipt was counted a second time.
    error CountedTwice(uint64 projectId, uint32 nodeId, uint32 epoch);
    /// @notice A line left its bucket a second time.
    error LeftBucketTwice(uint64 projectId, uint32 nodeId, uint32 epoch, Fate fate, bool claimed);

    constructor() {
        for (uint256 i = 0; i < purses.length; i++) purse[purses[i]] = PURSE;
        _see(0);
    }

    /// Moves the clock and looks at each epoch when it begins: its prices have to remain what they are then, and its terms
    /// are the newest of each project.
    function _moveTo(uint256 timestamp) internal {
        uint32 before = _epoch();
        vm.warp(nowSeconds = timestamp);
        uint32 epoch = _epoch();
        // Usage of epochs that are longer ago can no longer be submitted.
        for (uint256 e = _max(before + 1, epoch > LATE ? epoch - LATE : 0); e <= epoch; e++) _see(uint32(e));
    }

    function _moveToEpoch(uint32 epoch) internal {
        if (epoch > _epoch()) _moveTo(GENESIS + epoch * EPOCH_SECONDS);
    }

    function _see(uint32 epoch) private {
        pricesSeen[epoch] = settlement.pricesAt(epoch);
        for (uint64 id = 1; id <= projectCount; id++) termsOf[id][epoch] = project[id].newest;
    }

    function _projectIds() internal view returns (uint64[] memory ids) {
        ids = new uint64[](projectCount);
        for (uint64 i = 0; i < ids.length; i++) ids[i] = i + 1;
    }

    function _count(uint32 nodeId, uint32 epoch, uint32 batch, uint32 index, uint64 projectId, uint64 amount) internal {
        if (lineOf[projectId][nodeId][epoch] != 0) revert CountedTwice(projectId, nodeId, epoch);
        lines.push(Line(projectId, nodeId, epoch, amount, batch, index, Fate.Pending, 0, false, address(0), 0));
        lineOf[projectId][nodeId][epoch] = lines.length;

        uint256 charged = chargedFor[projectId][epoch] += amount;
        uint256 word = termsOf[projectId][epoch];
        uint256 most = _capOf(word) * _seatCountOf(word);
        if (charged > most) revert ChargedBeyondCap(projectId, epoch, charged, most);

        _lower(projectId, amount);
        if (amount == 0) return;
        if (pendingOf[nodeId][epoch] == 0) buckets.push(Bucket(nodeId, epoch));
        pendingOf[nodeId][epoch] += amount;
        pendingTotal += amount;
    }

    /// Takes credit; what thaws shrinks with it.
    function _lower(uint64 projectId, uint64 amount) internal {
        Project storage entry = project[projectId];
        entry.balance -= amount;
        if (entry.thawing > entry.balance) entry.thawing = entry.balance;
    }

    /// Adds credit.
    function _raise(uint64 projectId, uint64 amount) internal {
        project[projectId].balance += amount;
        project[projectId].raisedAt = _epoch();
    }

    /// A line leaves its bucket for another fate than to be claimed with it.
    function _leaveBucket(Line storage line, Fate fate) internal {
        bool gone = claimed[line.nodeId][line.epoch];
        if (line.fate != Fate.Pending || gone) {
            revert LeftBucketTwice(line.projectId, line.nodeId, line.epoch, line.fate, gone);
        }
        line.fate = fate;
        pendingTotal -= line.amount;
        pendingOf[line.nodeId][line.epoch] -= line.amount;
        if (pendingOf[line.nodeId][line.epoch] == 0 && line.amount != 0) _dropBucket(line.nodeId, line.epoch);
    }

    function _dropBucket(uint32 nodeId, uint32 epoch) internal {
        for (uint256 i = 0; i < buckets.length; i++) {
            if (buckets[i].nodeId != nodeId || buckets[i].epoch != epoch) continue;
            buckets[i] = buckets[buckets.length - 1];
            buckets.pop();
            return;
        }
    }

    function _makePayable(uint32 nodeId, uint64 amount, uint256 feeBps) internal {
        uint64 fee = _feeOf(amount, feeBps);
        node[nodeId].payableAmount += amount - fee;
        node[nodeId].payableFee += fee;
        payableTotal += amount;
    }

    /// A retirement that stays: in the next epoch, or when an earlier one counts.
    function _retireFinally(uint256 nodeId) internal {
        Node storage entry = node[nodeId];
        uint32 next = _epoch() + 1;
        if (entry.retiredFrom == 0 || (entry.liftable && entry.retiredFrom > next)) entry.retiredFrom = next;
        (entry.liftable, entry.pooled) = (false, false);
    }

    /// Terms as an owner's call makes them: from the next epoch on.
    function _setTerms(uint64 projectId, uint256 word) internal {
        project[projectId].newest = _from(word, _epoch() + 1);
    }

    /// The network's part, rounded up: less for the node.
    function _feeOf(uint256 amount, uint256 feeBps) internal pure returns (uint64) {
        uint256 parts = amount * feeBps;
        return uint64(parts / 10_000 + (parts % 10_000 == 0 ? 0 : 1));
    }

    function _capOf(uint256 termsWord) internal pure returns (uint256) {
        return uint40(termsWord >> 192);
    }

    function _fromOf(uint256 termsWord) internal pure returns (uint256) {
        return termsWord >> 232;
    }

    /// The same seats and cap, from another epoch on.
    function _from(uint256 termsWord, uint256 epoch) internal pure returns (uint256) {
        return (termsWord & (type(uint256).max >> 24)) | (epoch << 232);
    }

    function _withCap(uint256 termsWord, uint256 cap) internal pure returns (uint256) {
        return (termsWord & ~(uint256(type(uint40).max) << 192)) | (cap << 192);
    }

    function _withSeat(uint256 termsWord, uint256 seat, uint256 nodeId) internal pure returns (uint256) {
        return (termsWord & ~(uint256(type(uint24).max) << (24 * seat))) | (nodeId << (24 * seat));
    }

    function _seatAt(uint256 termsWord, uint256 seat) internal pure returns (uint32) {
        return uint24(termsWord >> (24 * seat));
    }

    function _seatCountOf(uint256 termsWord) internal pure returns (uint256 count) {
        for (uint256 seat = 0; seat < 8; seat++) if (_seatAt(termsWord, seat) != 0) count++;
    }

    function _hasSeat(uint256 termsWord, uint32 nodeId) internal pure returns (bool) {
        for (uint256 seat = 0; seat < 8; seat++) if (_seatAt(termsWord, seat) == nodeId) return true;
        return false;
    }
}
