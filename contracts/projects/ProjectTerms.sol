// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Pausable} from "../base/Pausable.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
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
        defaultCap = defaultCap_;
        _setMaxCap(maxCap_);
    }

    /// @inheritdoc IProjectRegistry
    function setReplicas(
        uint64 projectId,
        uint32[] calldata nodeIds
    ) external onlyOwner(projectId) whenOpen(projectId) {
        _requireSeatable(nodeIds);
        ProjectSlots storage project = _projects[projectId];
        _setTerms(projectId, nodeIds, project.terms.cap());
        RefillRule rule = project.refill;
        _setRefill(projectId, nodeIds.length, rule.regionMask(), rule.pinHome());
    }

    /// @inheritdoc IProjectRegistry
    function assignReplicas(
        uint64 projectId,
        uint8 count,
        uint16 regionMask
    ) external onlyOwner(projectId) whenOpen(projectId) {
        _requireSeatCount(count);
        ProjectSlots storage project = _projects[projectId];
        uint32 home = uint32(project.terms.nodeAt(0));
        if (home != 0 && NODES.isGone(home)) home = 0;

        // A home that stays needs no other: then the pool may be empty.
        uint32[] memory nodeIds;
        if (home == 0 || count > 1) nodeIds = _draw(projectId, count, regionMask);
        else if (regionMask == 0 || regionMask > RefillRuleLib.ALL_REGIONS) revert INodeRegistry.RegionMask(regionMask);
        if (home != 0) nodeIds = _behindHome(home, nodeIds, count);

        _setTerms(projectId, nodeIds, project.terms.cap());
        _setRefill(projectId, count, regionMask, project.refill.pinHome());
    }

    /// @inheritdoc IProjectRegistry
    function setBudget(uint64 projectId, uint40 cap) external onlyOwner(projectId) whenOpen(projectId) {
        _requireCap(cap, currentEpoch() + 1);
        _setTerms(projectId, _projects[projectId].terms.withCap(cap));
    }

    /// @inheritdoc IProjectRegistry
    function setRefill(
        uint64 projectId,
        uint16 regionMask,
        bool pinHome
    ) external onlyOwner(projectId) whenOpen(projectId) {
        if (regionMask > RefillRuleLib.ALL_REGIONS) revert RefillRegions(regionMask);
        _setRefill(projectId, _projects[projectId].refill.seats(), regionMask, pinHome);
    }

    /// @inheritdoc IProjectRegistry
    function leave(uint64[] calldata projectIds, uint32 nodeId) external {
        if (!NODES.isKeeper(nodeId, msg.sender)) revert NotKeeperOf(nodeId, msg.sender);
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
        uint256 vacant = _vacantSeats(terms, project.refill);
        if (vacant == 0) revert NothingToRefill(projectId);

        // Eight different nodes are enough for every seat, even when those that sit here are among them.
        uint16 regionMask = uint16(project.refill.regionMask());
        uint32[] memory drawn = _draw(projectId, TermsLib.SEATS, regionMask);
        Terms filled = terms;
        uint256 next;
        for (uint256 seat = 0; seat < TermsLib.SEATS; seat++) {
            if ((vacant >> seat) & 1 == 0) continue;
            while (next < drawn.length && filled.seatOf(drawn[next]) < TermsLib.SEATS) next++;
            if (next == drawn.length) break;
            filled = filled.withSeat(seat, drawn[next]);
        }
        if (Terms.unwrap(filled) == Terms.unwrap(terms)) revert INodeRegistry.NoNodes(regionMask);
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
    function budgetOf(uint64 projectId) external view returns (uint256 budget) {
        Terms newest = _requireKnown(projectId).terms;
        Terms current = _termsAt(projectId, currentEpoch());
        return Math.max(newest.cap() * newest.count(), current.cap() * current.count());
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
        if (before.fromEpoch() < fromEpoch) {
            uint256 count = project.head.pastTerms();
            _pastTerms[projectId][count] = before;
            project.head = project.head.withPastTerms(count + 1);
        }
        project.terms = terms.withFromEpoch(fromEpoch);
        emit TermsSet(projectId, uint32(fromEpoch), uint40(terms.cap()), terms.nodeIds());
    }

    function _setTerms(uint64 projectId, uint32[] memory nodeIds, uint256 cap) private {
        _setTerms(projectId, TermsLib.pack(nodeIds, cap, 0));
    }

    /// Terms change at most once an epoch, so this reads at most one word for each epoch since then.
    function _termsAt(uint64 projectId, uint256 epoch) private view returns (Terms terms) {
        terms = _projects[projectId].terms;
        if (terms.fromEpoch() <= epoch) return terms;
        for (uint256 i = _projects[projectId].head.pastTerms(); i > 0; i--) {
            terms = _pastTerms[projectId][i - 1];
            if (terms.fromEpoch() <= epoch) return terms;
        }
        return Terms.wrap(0);
    }

    function _setRefill(uint64 projectId, uint256 seats, uint256 regionMask, bool pinHome) internal {
        RefillRule rule = RefillRuleLib.pack(regionMask, seats, pinHome);
        if (RefillRule.unwrap(rule) == RefillRule.unwrap(_projects[projectId].refill)) return;
        _projects[projectId].refill = rule;
        emit RefillSet(projectId, uint8(seats), uint16(regionMask), pinHome);
    }

    /// The seats that anyone may refill: those the owner asked for and that are empty, and those of nodes that are gone.
    function _vacantSeats(Terms terms, RefillRule rule) private view returns (uint256 vacant) {
        for (uint256 seat = rule.pinHome() ? 1 : 0; seat < TermsLib.SEATS; seat++) {
            uint256 nodeId = terms.nodeAt(seat);
            if (nodeId == 0 ? seat < rule.seats() : NODES.isGone(uint32(nodeId))) vacant |= 1 << seat;
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

    function _requireSeatable(uint32[] calldata nodeIds) internal view {
        _requireSeatCount(nodeIds.length);
        for (uint256 i = 0; i < nodeIds.length; i++) {
            NODES.requireActive(nodeIds[i]);
        }
    }

    function _requireSeatCount(uint256 count) internal pure {
        if (count == 0 || count > TermsLib.SEATS) revert SeatCount(count);
    }

    function _requireCap(uint40 cap, uint32 epoch) internal view {
        uint40 base = IUsageSettlement(settlement).pricesAt(epoch).base;
        if (cap < base || cap > maxCap) revert CapOutOfBounds(cap, base, maxCap);
    }

    /// The seed is a convenience, not a lottery: a caller may retry and a sequencer may choose. Whoever cares names
    /// nodes by hand.
    function _draw(uint64 projectId, uint256 count, uint16 regionMask) internal view returns (uint32[] memory) {
        uint256 seed = uint256(keccak256(abi.encode(block.prevrandao, block.number, projectId)));
        return NODES.draw(count, regionMask, seed);
    }

    function _setMaxCap(uint40 maxCap_) private {
        if (maxCap_ < defaultCap) revert MaxCapOutOfBounds(maxCap_, defaultCap);
        maxCap = maxCap_;
        emit ParametersSet(maxCap_);
    }
}
