// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Pausable} from "../base/Pausable.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
import {Head} from "../types/Head.sol";
import {RefillRule, RefillRuleLib} from "../types/RefillRule.sol";
import {Terms, TermsLib} from "../types/Terms.sol";
import {ProjectRights} from "./ProjectRights.sol";

/// @title Terms: who serves a project, and what one seat may charge an epoch
abstract contract ProjectTerms is Pausable, ProjectRights {
    /// @inheritdoc IProjectRegistry
    // solhint-disable-next-line immutable-vars-naming
    uint40 public immutable defaultCap;

    /// @inheritdoc IProjectRegistry
    uint40 public maxCap;
    mapping(uint64 projectId => mapping(uint256 index => Terms)) private _pastTerms;

    /// @param defaultCap_ The cap of a project that `deploy` creates.
    /// @param maxCap_ The highest cap.
    constructor(uint40 defaultCap_, uint40 maxCap_) {
        // A node with the least stake can take a project of `deploy`.
        uint256 needed = uint256(NODES.seatStakeFactor()) * defaultCap_;
        uint64 minStake = NODES.minStake();
        if (needed > minStake) revert DefaultCapOutOfBounds(defaultCap_, needed, minStake);
        defaultCap = defaultCap_;
        _setMaxCap(maxCap_);
    }

    /// @inheritdoc IProjectRegistry
    function setReplicas(
        uint64 projectId,
        uint32[] calldata nodeIds
    ) external onlyOwner(projectId) whenOpen(projectId) {
        _requireSeatCount(nodeIds.length);
        Terms newest = _projects[projectId].terms;
        NODES.requireSeatable(nodeIds, _seatedIn(newest, nodeIds), uint40(newest.cap()));
        _setTerms(projectId, nodeIds, newest.cap());

        // Whoever names nodes by hand wants no others, unless a rule for refills says so.
        RefillRule rule = _projects[projectId].head.refill();
        uint256 regionMask = rule.isChosen() ? rule.regionMask() : 0;
        _setRefill(projectId, nodeIds.length, regionMask, rule.pinHome(), rule.isChosen());
    }

    /// @inheritdoc IProjectRegistry
    function assignReplicas(
        uint64 projectId,
        uint8 count,
        uint16 regionMask
    ) external onlyOwner(projectId) whenOpen(projectId) {
        _requireSeatCount(count);
        ProjectSlots storage project = _projects[projectId];
        uint40 cap = uint40(project.terms.cap());
        uint32 home = uint32(project.terms.nodeAt(0));
        if (home != 0 && NODES.isGone(home)) home = 0;

        // A home that stays needs no other: then the pool may be empty.
        uint32[] memory nodeIds;
        if (home == 0 || count > 1) nodeIds = _draw(projectId, count, regionMask, cap);
        else if (regionMask == 0) revert INodeRegistry.RegionMaskOutOfRange(regionMask);
        else _requireRegions(regionMask);
        if (home != 0) nodeIds = _behindHome(home, nodeIds, count);

        _setTerms(projectId, nodeIds, cap);
        _setRefill(projectId, count, regionMask, project.head.refill().pinHome(), false);
    }

    /// @inheritdoc IProjectRegistry
    function setBudget(uint64 projectId, uint40 cap) external onlyOwner(projectId) whenOpen(projectId) {
        _requireCap(cap, currentEpoch() + 1);
        Terms newest = _projects[projectId].terms;
        _requireStakeFor(newest, cap);
        _setTerms(projectId, newest.withCap(cap));
    }

    /// @inheritdoc IProjectRegistry
    function grow(
        uint64 projectId,
        uint40 cap,
        uint32[] calldata nodeIds
    ) external onlyOwner(projectId) whenOpen(projectId) {
        uint32 epoch = currentEpoch();
        ProjectSlots storage project = _projects[projectId];
        Terms newest = project.terms;
        bool nextIsSet = newest.fromEpoch() > epoch;
        Terms current = nextIsSet ? _pastTerms[projectId][project.pastTerms - 1] : newest;

        if (cap < current.cap()) revert CapWouldShrink(cap, uint40(current.cap()));
        if (cap > current.cap()) _requireCap(cap, epoch);
        _requireStakeFor(current, cap);
        NODES.requireSeatable(nodeIds, _seatedIn(newest, nodeIds), cap);
        (Terms grown, bool fits) = current.withCap(cap).withMore(nodeIds);
        if (!fits) revert NoEmptySeat(projectId, nodeIds.length);
        grown = grown.withFromEpoch(epoch);
        _requireAvailable(projectId, _budgetOf(grown, epoch));

        // Usage of this epoch is submitted from the next on: nothing was judged by the word that changes here.
        if (!nextIsSet) {
            if (current.fromEpoch() < epoch) _pushPast(projectId, current);
        } else if (current.fromEpoch() < epoch) {
            _pushPast(projectId, grown);
        } else {
            _pastTerms[projectId][project.pastTerms - 1] = grown;
        }
        emit TermsSet(projectId, epoch, cap, grown.nodeIds());
        if (nextIsSet) {
            _requireStakeFor(newest, cap);
            newest = _withSameGrowth(newest, current, grown);
            emit TermsSet(projectId, uint32(newest.fromEpoch()), uint40(newest.cap()), newest.nodeIds());
        } else {
            newest = grown;
        }
        project.terms = newest;

        RefillRule rule = project.head.refill();
        uint256 seats = Math.max(rule.seats(), Math.max(grown.length(), newest.length()));
        _setRefill(projectId, seats, rule.regionMask(), rule.pinHome(), rule.isChosen());
    }

    /// @inheritdoc IProjectRegistry
    function setRefill(
        uint64 projectId,
        uint16 regionMask,
        bool pinHome
    ) external onlyOwner(projectId) whenOpen(projectId) {
        _requireRegions(regionMask);
        _setRefill(projectId, _projects[projectId].head.refill().seats(), regionMask, pinHome, true);
    }

    /// @inheritdoc IProjectRegistry
    function leaveSeats(uint64[] calldata projectIds, uint32 nodeId) external {
        if (!NODES.isKeeper(nodeId, msg.sender)) revert INodeRegistry.NotNodeKeeper(nodeId, msg.sender);
        for (uint256 i = 0; i < projectIds.length; i++) {
            Terms terms = _projects[projectIds[i]].terms;
            uint256 seat = terms.seatOf(nodeId);
            if (seat < TermsLib.SEATS) _setTerms(projectIds[i], terms.withSeat(seat, 0));
        }
    }

    /// @inheritdoc IProjectRegistry
    function refill(uint64 projectId) external whenOpen(projectId) {
        ProjectSlots storage project = _requireKnown(projectId);
        Terms terms = project.terms;
        RefillRule rule = project.head.refill();
        uint256 vacant = _vacantSeats(terms, rule);
        if (vacant == 0) revert NothingToRefill(projectId);

        // Eight different nodes are enough for every seat, even when those that sit here are among them.
        uint16 regionMask = uint16(rule.regionMask());
        uint32[] memory drawn = _draw(projectId, TermsLib.SEATS, regionMask, uint40(terms.cap()));
        Terms filled = terms;
        uint256 next;
        for (uint256 seat = 0; seat < TermsLib.SEATS; seat++) {
            if (((vacant >> seat) & 1) == 0) continue;
            while (next < drawn.length && filled.seatOf(drawn[next]) < TermsLib.SEATS) next++;
            if (next == drawn.length) break;
            filled = filled.withSeat(seat, drawn[next]);
        }
        if (Terms.unwrap(filled) == Terms.unwrap(terms)) revert INodeRegistry.NoNodes(regionMask);

        // A stranger must not make a project owe more than it has.
        uint32 epoch = currentEpoch();
        Terms current = _termsAt(projectId, epoch);
        _requireAvailable(projectId, _budgetOf(current, epoch) + _budgetOf(filled, epoch + 1));
        _setTerms(projectId, filled);
    }

    /// @inheritdoc IProjectRegistry
    function close(uint64 projectId) external onlyOwner(projectId) whenOpen(projectId) {
        uint32 closedFrom = currentEpoch() + 1;
        _projects[projectId].head = _projects[projectId].head.withClosed();
        _projects[projectId].closedFrom = uint24(closedFrom);
        _setTerms(projectId, new uint32[](0), _projects[projectId].terms.cap());
        emit Closed(projectId, closedFrom);
    }

    /// @inheritdoc IProjectRegistry
    function setMaxCap(uint40 maxCap_) external restricted {
        _setMaxCap(maxCap_);
    }

    /// @inheritdoc IProjectRegistry
    function termsAt(
        uint64 projectId,
        uint32 epoch
    ) external view returns (uint32[] memory nodeIds, uint40 cap, uint32 fromEpoch) {
        _requireKnown(projectId);
        Terms terms = _termsAt(projectId, epoch);
        return (terms.nodeIds(), uint40(terms.cap()), uint32(terms.fromEpoch()));
    }

    /// @inheritdoc IProjectRegistry
    function termsWords(uint64[] calldata projectIds, uint32 epoch) external view returns (uint256[] memory words) {
        words = new uint256[](projectIds.length);
        unchecked {
            for (uint256 i = 0; i < projectIds.length; i++) {
                words[i] = Terms.unwrap(_termsAt(projectIds[i], epoch));
            }
        }
    }

    /// @inheritdoc IProjectRegistry
    function newestTerms(uint64 projectId) external view returns (Terms terms) {
        return _projects[projectId].terms;
    }

    /// @inheritdoc IProjectRegistry
    function chargeableSeats(uint64 projectId, uint32 epoch) external view returns (uint256 seatBits, uint40 cap) {
        Terms terms = _termsAt(projectId, epoch);
        return (NODES.chargeableSeats(terms.nodeIds(), epoch), uint40(terms.cap()));
    }

    /// @inheritdoc IProjectRegistry
    function budgetAt(uint64 projectId, uint32 epoch) external view returns (uint256 budget) {
        _requireKnown(projectId);
        return _budgetOf(_termsAt(projectId, epoch), epoch);
    }

    /// The first terms count at once; there is nothing before them that a change could alter.
    function _setFirstTerms(uint64 projectId, uint32[] memory nodeIds, uint256 cap) internal {
        uint256 epoch = currentEpoch();
        _projects[projectId].terms = TermsLib.pack(nodeIds, cap, epoch);
        emit TermsSet(projectId, uint32(epoch), uint40(cap), nodeIds);
    }

    /// Later terms count from the next epoch; those that stood until then are kept, those of the same epoch replaced.
    function _setTerms(uint64 projectId, Terms terms) private {
        ProjectSlots storage project = _projects[projectId];
        Terms before = project.terms;
        uint256 fromEpoch = currentEpoch() + 1;
        if (before.fromEpoch() < fromEpoch) _pushPast(projectId, before);
        project.terms = terms.withFromEpoch(fromEpoch);
        emit TermsSet(projectId, uint32(fromEpoch), uint40(terms.cap()), terms.nodeIds());
    }

    /// Keeps terms that newer ones follow.
    function _pushPast(uint64 projectId, Terms terms) private {
        uint24 count = _projects[projectId].pastTerms;
        _projects[projectId].pastTerms = count + 1;
        _pastTerms[projectId][count] = terms;
    }

    /// Terms of the next epoch with what `grown` has more than `current`, where they leave room for it.
    function _withSameGrowth(Terms next, Terms current, Terms grown) private pure returns (Terms) {
        if (next.cap() < grown.cap()) next = next.withCap(grown.cap());
        for (uint256 seat = 1; seat < TermsLib.SEATS; seat++) {
            uint256 nodeId = grown.nodeAt(seat);
            if (nodeId == current.nodeAt(seat) || next.nodeAt(seat) != 0) continue;
            if (next.seatOf(nodeId) == TermsLib.SEATS) next = next.withSeat(seat, nodeId);
        }
        return next;
    }

    function _setTerms(uint64 projectId, uint32[] memory nodeIds, uint256 cap) private {
        _setTerms(projectId, TermsLib.pack(nodeIds, cap, 0));
    }

    /// Terms change at most once an epoch, so this reads at most one word for each epoch since then.
    function _termsAt(uint64 projectId, uint256 epoch) private view returns (Terms terms) {
        terms = _projects[projectId].terms;
        if (terms.fromEpoch() <= epoch) return terms;
        for (uint256 i = _projects[projectId].pastTerms; i > 0; i--) {
            terms = _pastTerms[projectId][i - 1];
            if (terms.fromEpoch() <= epoch) return terms;
        }
        return Terms.wrap(0);
    }

    function _setRefill(uint64 projectId, uint256 seats, uint256 regionMask, bool pinHome, bool isChosen) internal {
        RefillRule rule = RefillRuleLib.pack(regionMask, seats, pinHome, isChosen);
        Head head = _projects[projectId].head;
        if (RefillRule.unwrap(rule) == RefillRule.unwrap(head.refill())) return;
        _projects[projectId].head = head.withRefill(rule);
        emit RefillSet(projectId, uint8(seats), uint16(regionMask), pinHome, isChosen);
    }

    /// The seats that anyone may refill: those the owner asked for and that are empty, and those of nodes that are gone or
    /// have too little stake for the cap.
    function _vacantSeats(Terms terms, RefillRule rule) private view returns (uint256 vacant) {
        vacant = NODES.vacantSeats(terms.nodeIds(), uint40(terms.cap()));
        vacant |= ((1 << rule.seats()) - 1) & ~terms.seatBits();
        if (rule.pinHome()) vacant &= ~uint256(1);
    }

    /// What all seats together may charge in `epoch` by `terms`: those of nodes that are retired then may not.
    function _budgetOf(Terms terms, uint32 epoch) private view returns (uint256) {
        return terms.cap() * _count(NODES.chargeableSeats(terms.nodeIds(), epoch));
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) count++;
    }

    function _requireAvailable(uint64 projectId, uint256 needed) private view {
        uint64 available = IUsageSettlement(settlement).creditEscrow().available(projectId);
        if (available < needed) revert TooLittleAvailable(projectId, available, needed);
    }

    /// A cap that grows needs the stake for it at every node that sits here.
    function _requireStakeFor(Terms terms, uint40 cap) private view {
        if (cap > terms.cap()) NODES.requireStakeFor(terms.nodeIds(), cap);
    }

    /// A bit for each of `nodeIds` that has a seat in `terms`: it is not asked whether it takes this project.
    function _seatedIn(Terms terms, uint32[] calldata nodeIds) private pure returns (uint256 bits) {
        for (uint256 i = 0; i < nodeIds.length && i < TermsLib.SEATS; i++) {
            if (terms.seatOf(nodeIds[i]) < TermsLib.SEATS) bits |= 1 << i;
        }
    }

    /// The home, and behind it as many of the drawn nodes as there is room for.
    function _behindHome(
        uint32 home,
        uint32[] memory drawn,
        uint256 count
    ) private pure returns (uint32[] memory nodeIds) {
        nodeIds = new uint32[](count);
        nodeIds[0] = home;
        uint256 length = 1;
        for (uint256 i = 0; i < drawn.length && length < count; i++) {
            if (drawn[i] != home) nodeIds[length++] = drawn[i];
        }
        assembly ("memory-safe") {
            mstore(nodeIds, length)
        }
    }

    function _requireSeatCount(uint256 count) internal pure {
        if (count == 0 || count > TermsLib.SEATS) revert SeatCountOutOfRange(count);
    }

    function _requireRegions(uint16 regionMask) private pure {
        if (regionMask > RefillRuleLib.ALL_REGIONS) revert INodeRegistry.RegionMaskOutOfRange(regionMask);
    }

    function _requireCap(uint40 cap, uint32 epoch) internal view {
        uint40 base = IUsageSettlement(settlement).pricesAt(epoch).base;
        if (cap < base || cap > maxCap) revert CapOutOfBounds(cap, base, maxCap);
    }

    /// The seed is a convenience, not a lottery: a caller may retry and a sequencer may choose. Whoever cares names
    /// nodes by hand.
    function _draw(
        uint64 projectId,
        uint256 count,
        uint16 regionMask,
        uint40 cap
    ) internal view returns (uint32[] memory) {
        uint256 seed = uint256(keccak256(abi.encode(block.prevrandao, block.number, projectId)));
        return NODES.draw(count, regionMask, seed, cap);
    }

    function _setMaxCap(uint40 maxCap_) private {
        if (maxCap_ < defaultCap) revert MaxCapOutOfBounds(maxCap_, defaultCap);
        maxCap = maxCap_;
        emit ParametersSet(maxCap_);
    }
}
