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
    function setReplicas(uint64 projectId, uint32[] calldata nodeIds) external {
        ProjectSlots storage project = _requireOpenOwner(projectId);
        _requireSeatCount(nodeIds.length);
        Terms newest = project.terms;
        _setTerms(projectId, project, _withNamed(projectId, newest.withoutSeats(), 0, nodeIds, newest));

        // Whoever names nodes by hand wants no others, unless a rule for refills says so.
        RefillRule rule = project.head.refill();
        uint256 regionMask = rule.isChosen() ? rule.regionMask() : 0;
        _setRefill(projectId, project, nodeIds.length, regionMask, rule.pinHome(), rule.isChosen());
    }

    /// @inheritdoc IProjectRegistry
    function assignReplicas(uint64 projectId, uint8 count, uint16 regionMask) external {
        ProjectSlots storage project = _requireOpenOwner(projectId);
        _requireSeatCount(count);
        Terms newest = project.terms;
        uint32 home = uint32(newest.nodeAt(0));
        if (home != 0 && NODES.isGone(home)) home = 0;

        Terms assigned = newest.withoutSeats().withSeat(0, home);
        if (home == 0 || count > 1) {
            assigned = _withDrawn(assigned, count, _draw(projectId, count, regionMask, newest.cap()));
        } else {
            // A home that stays needs no other: then the pool may be empty.
            if (regionMask == 0) revert INodeRegistry.RegionMaskOutOfRange(regionMask);
            _requireRegions(regionMask);
        }
        _setTerms(projectId, project, assigned);
        _setRefill(projectId, project, count, regionMask, project.head.refill().pinHome(), false);
    }

    /// @inheritdoc IProjectRegistry
    function setBudget(uint64 projectId, uint40 cap) external {
        ProjectSlots storage project = _requireOpenOwner(projectId);
        _requireCap(cap, currentEpoch() + 1);
        _setTerms(projectId, project, _withCap(project.terms, cap));
    }

    /// @inheritdoc IProjectRegistry
    function grow(uint64 projectId, uint40 cap, uint32[] calldata nodeIds) external {
        ProjectSlots storage project = _requireOpenOwner(projectId);
        uint32 epoch = currentEpoch();
        Terms newest = project.terms;
        bool nextIsSet = newest.fromEpoch() > epoch;
        uint256 lastPast = project.pastTerms - (nextIsSet ? 1 : 0);
        Terms current = nextIsSet ? _pastTerms[projectId][lastPast] : newest;

        if (cap < current.cap()) revert CapWouldShrink(cap, uint40(current.cap()));
        if (cap > current.cap()) _requireCap(cap, epoch);
        Terms grown = _withNamed(projectId, _withCap(current, cap), 1, nodeIds, newest).withFromEpoch(epoch);
        _requireAvailable(projectId, _budgetOf(grown, epoch));

        // Usage of this epoch is submitted from the next on: nothing was judged by the word that changes here.
        bool isBegunBefore = current.fromEpoch() < epoch;
        if (isBegunBefore) _pushPast(projectId, project, nextIsSet ? grown : current);
        else if (nextIsSet) _pastTerms[projectId][lastPast] = grown;
        _emitTerms(projectId, grown);
        if (nextIsSet) {
            grown = newest.withGrowth(current, grown);
            // Whoever sat there already is asked only where the cap grows.
            _requireStakeFor(grown.cap() > newest.cap() ? grown : grown.beyond(newest));
            _emitTerms(projectId, grown);
        }
        project.terms = grown;

        RefillRule rule = project.head.refill();
        uint256 seats = Math.max(rule.seats(), grown.length());
        _setRefill(projectId, project, seats, rule.regionMask(), rule.pinHome(), rule.isChosen());
    }

    /// @inheritdoc IProjectRegistry
    function setRefill(uint64 projectId, uint16 regionMask, bool pinHome) external {
        ProjectSlots storage project = _requireOpenOwner(projectId);
        _requireRegions(regionMask);
        _setRefill(projectId, project, project.head.refill().seats(), regionMask, pinHome, true);
    }

    /// @inheritdoc IProjectRegistry
    function leaveSeats(uint64[] calldata projectIds, uint32 nodeId) external {
        if (!NODES.isKeeper(nodeId, msg.sender)) revert INodeRegistry.NotNodeKeeper(nodeId, msg.sender);
        unchecked {
            for (uint256 i = 0; i < projectIds.length; i++) {
                ProjectSlots storage project = _projects[projectIds[i]];
                Terms terms = project.terms;
                uint256 seat = terms.seatOf(nodeId);
                if (seat < TermsLib.SEATS) _setTerms(projectIds[i], project, terms.withSeat(seat, 0));
            }
        }
    }

    /// @inheritdoc IProjectRegistry
    function refill(uint64 projectId) external {
        ProjectSlots storage project = _requireOpen(projectId);
        Terms terms = project.terms;
        RefillRule rule = project.head.refill();
        uint256 vacant = _vacantSeats(terms, rule);
        if (vacant == 0) revert NothingToRefill(projectId);

        // Eight different nodes are enough for every seat, even when those that sit here are among them.
        uint16 regionMask = uint16(rule.regionMask());
        Terms filled = _filled(terms, vacant, _draw(projectId, TermsLib.SEATS, regionMask, terms.cap()));
        if (Terms.unwrap(filled) == Terms.unwrap(terms)) revert INodeRegistry.NoNodes(regionMask);

        // A stranger must not make a project owe more than it has.
        uint32 epoch = currentEpoch();
        uint256 current = _budgetOf(_termsAt(projectId, epoch), epoch);
        _requireAvailable(projectId, current + _budgetOf(filled, epoch + 1));
        _setTerms(projectId, project, filled);
    }

    /// @inheritdoc IProjectRegistry
    function close(uint64 projectId) external {
        ProjectSlots storage project = _requireOpenOwner(projectId);
        uint32 closedFrom = currentEpoch() + 1;
        project.head = project.head.withClosed();
        project.closedFrom = uint24(closedFrom);
        _setTerms(projectId, project, project.terms.withoutSeats());
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
    function chargeableSeats(uint64 projectId, uint32 epoch) external view returns (uint256 seatBits, uint40 cap) {
        Terms terms = _termsAt(projectId, epoch);
        return (_chargeable(terms, epoch), uint40(terms.cap()));
    }

    /// @inheritdoc IProjectRegistry
    function budgetAt(uint64 projectId, uint32 epoch) external view returns (uint256 budget) {
        _requireKnown(projectId);
        return _budgetOf(_termsAt(projectId, epoch), epoch);
    }

    /// The first terms count at once; there is nothing before them that a change could alter.
    function _setFirstTerms(uint64 projectId, Terms terms) internal {
        terms = terms.withFromEpoch(currentEpoch());
        _projects[projectId].terms = terms;
        _emitTerms(projectId, terms);
    }

    /// Later terms count from the next epoch; those that stood until then are kept, those of the same epoch replaced.
    function _setTerms(uint64 projectId, ProjectSlots storage project, Terms terms) private {
        Terms before = project.terms;
        terms = terms.withFromEpoch(currentEpoch() + 1);
        if (before.fromEpoch() < terms.fromEpoch()) _pushPast(projectId, project, before);
        project.terms = terms;
        _emitTerms(projectId, terms);
    }

    /// Keeps terms that newer ones follow.
    function _pushPast(uint64 projectId, ProjectSlots storage project, Terms terms) private {
        unchecked {
            _pastTerms[projectId][project.pastTerms++] = terms; // one an epoch at most, and epochs have 24 bits
        }
    }

    function _emitTerms(uint64 projectId, Terms terms) private {
        emit TermsSet(projectId, uint32(terms.fromEpoch()), uint40(terms.cap()), terms.nodeIds());
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

    function _setRefill(
        uint64 projectId,
        ProjectSlots storage project,
        uint256 seats,
        uint256 regionMask,
        bool pinHome,
        bool isChosen
    ) internal {
        RefillRule rule = RefillRuleLib.pack(regionMask, seats, pinHome, isChosen);
        Head head = project.head;
        if (RefillRule.unwrap(rule) == RefillRule.unwrap(head.refill())) return;
        project.head = head.withRefill(rule);
        emit RefillSet(projectId, uint8(seats), uint16(regionMask), pinHome, isChosen);
    }

    /// The seats that anyone may refill: those the owner asked for and that are empty, and those of nodes that are gone or
    /// have too little stake for the cap.
    function _vacantSeats(Terms terms, RefillRule rule) private view returns (uint256 vacant) {
        vacant = NODES.vacantSeats(terms);
        vacant |= ((1 << rule.seats()) - 1) & ~terms.seatBits();
        if (rule.pinHome()) vacant &= ~uint256(1);
    }

    /// The terms with drawn nodes in their first `count` seats; the home keeps its seat, and is the only one that sits.
    function _withDrawn(Terms terms, uint256 count, uint32[] memory drawn) internal pure returns (Terms) {
        uint256 home = terms.nodeAt(0);
        uint256 seat = home == 0 ? 0 : 1;
        unchecked {
            for (uint256 i = 0; i < drawn.length && seat < count; i++) {
                if (drawn[i] != home) terms = terms.withSeat(seat++, drawn[i]);
            }
        }
        return terms;
    }

    /// The terms with drawn nodes that sit nowhere yet in their vacant seats, as far as there are any.
    function _filled(Terms terms, uint256 vacant, uint32[] memory drawn) private pure returns (Terms filled) {
        filled = terms;
        uint256 next;
        unchecked {
            for (uint256 seat = 0; seat < TermsLib.SEATS; seat++) {
                if (((vacant >> seat) & 1) == 0) continue;
                while (next < drawn.length && filled.seatOf(drawn[next]) < TermsLib.SEATS) next++;
                if (next == drawn.length) break;
                filled = filled.withSeat(seat, drawn[next]);
            }
        }
    }

    /// What all seats together may charge in `epoch` by `terms`: those of nodes that are retired then may not.
    function _budgetOf(Terms terms, uint32 epoch) private view returns (uint256) {
        return terms.cap() * _count(_chargeable(terms, epoch));
    }

    function _chargeable(Terms terms, uint32 epoch) private view returns (uint256 seatBits) {
        return NODES.chargeableSeats(terms, epoch);
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) count++;
    }

    function _requireAvailable(uint64 projectId, uint256 needed) private view {
        uint64 available = IUsageSettlement(settlement).creditEscrow().available(projectId);
        if (available < needed) revert TooLittleAvailable(projectId, available, needed);
    }

    /// The terms with another cap. One that grows needs the stake for it at every node that sits here.
    function _withCap(Terms terms, uint256 cap) private view returns (Terms changed) {
        changed = terms.withCap(cap);
        if (cap > terms.cap()) _requireStakeFor(changed);
    }

    function _requireStakeFor(Terms terms) private view {
        NODES.requireStakeFor(terms);
    }

    /// The terms with nodes that the owner named in the first empty seats from `seat` on. Each has to take the project,
    /// unless it has a seat in `newest`.
    function _withNamed(
        uint64 projectId,
        Terms terms,
        uint256 seat,
        uint32[] calldata nodeIds,
        Terms newest
    ) internal view returns (Terms more) {
        unchecked {
            for (uint256 i = 0; i < nodeIds.length; i++) {
                // What no seat can hold is no node's id.
                if (nodeIds[i] == 0 || nodeIds[i] > type(uint24).max) revert INodeRegistry.UnknownNode(nodeIds[i]);
            }
        }
        bool fits;
        (more, fits) = terms.withMore(nodeIds, seat);
        if (!fits) revert NoEmptySeat(projectId, nodeIds.length);
        NODES.requireSeatable(more.beyond(terms), newest);
    }

    function _requireSeatCount(uint256 count) internal pure {
        if (count == 0 || count > TermsLib.SEATS) revert SeatCountOutOfRange(count);
    }

    function _requireRegions(uint16 regionMask) private pure {
        if (regionMask > RefillRuleLib.ALL_REGIONS) revert INodeRegistry.RegionMaskOutOfRange(regionMask);
    }

    function _requireCap(uint40 cap, uint32 epoch) internal view {
        // The price of an empty receipt, which no cap cuts.
        uint40 base = uint40(IUsageSettlement(settlement).priceOf(epoch, type(uint40).max, 0, 0, 0, 0));
        if (cap < base || cap > maxCap) revert CapOutOfBounds(cap, base, maxCap);
    }

    /// The seed is a convenience, not a lottery: a caller may retry and a sequencer may choose. Whoever cares names
    /// nodes by hand.
    function _draw(
        uint64 projectId,
        uint256 count,
        uint16 regionMask,
        uint256 cap
    ) internal view returns (uint32[] memory) {
        uint256 seed = uint256(keccak256(abi.encode(block.prevrandao, block.number, projectId)));
        return NODES.draw(count, regionMask, seed, uint40(cap));
    }

    function _setMaxCap(uint40 maxCap_) private {
        if (maxCap_ < defaultCap) revert MaxCapOutOfBounds(maxCap_, defaultCap);
        maxCap = maxCap_;
        emit ParametersSet(maxCap_);
    }
}
