// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {NodePool} from "../libraries/NodePool.sol";
import {Terms, TermsLib} from "../types/Terms.sol";
import {NodeRights} from "./NodeRights.sol";

/// @title Which nodes live, which of them take a project, and whose seats others may have
abstract contract NodePresence is NodeRights {
    using NodePool for NodePool.Pool;
    using NodePool for NodePool.Draw;

    /// Epochs that a node may promise ahead.
    uint256 private constant MAX_AHEAD = 30;
    /// Whole epochs past its presence after which a node's seats are free to others.
    uint256 private constant GONE_AFTER = 2;
    /// `leastCap` of a node that takes no new seats.
    uint40 private constant FULL = type(uint40).max;

    NodePool.Pool private _pool;

    /// @inheritdoc INodeRegistry
    function setPresence(uint32 nodeId, uint32 untilEpoch, uint40 leastCap) external {
        NodeSlots storage node = _requireKnown(nodeId);
        if (!_isKeeper(node, msg.sender)) revert NotNodeKeeper(nodeId, msg.sender);
        uint256 epoch = currentEpoch();
        if (untilEpoch < epoch || untilEpoch > epoch + MAX_AHEAD) {
            revert PresenceOutOfRange(untilEpoch, uint32(epoch), uint32(epoch + MAX_AHEAD));
        }
        if (_isRetiredFinally(node)) revert NodeRetired(nodeId, node.retiredFrom);

        node.presentUntil = uint24(untilEpoch);
        node.leastCap = leastCap;
        _placeInPool(nodeId, node);
        emit PresenceSet(nodeId, untilEpoch, leastCap);
    }

    /// @inheritdoc INodeRegistry
    function prune(uint32 nodeId) external {
        NodeSlots storage node = _requireKnown(nodeId);
        if (node.poolPlace == 0) revert NotInPool(nodeId);
        if (node.presentUntil >= currentEpoch()) revert StillPresent(nodeId, node.presentUntil);
        _leavePool(node);
        emit Pruned(nodeId);
    }

    /// @inheritdoc INodeRegistry
    function setRegion(uint32 nodeId, uint8 region) external onlyNodeOwner(nodeId) {
        _requireRegion(region);
        NodeSlots storage node = _nodes[nodeId];
        bool pooled = node.poolPlace != 0;
        if (pooled) _leavePool(node);
        node.region = region;
        if (pooled) _joinPool(nodeId, node);
        _emitUpdated(nodeId);
    }

    // Seats

    /// @inheritdoc INodeRegistry
    function draw(
        uint256 count,
        uint16 regionMask,
        uint256 seed,
        uint40 cap
    ) external view returns (uint32[] memory nodeIds) {
        if (count == 0 || count > 8) revert DrawCountOutOfRange(count);
        if (regionMask == 0 || regionMask >= (1 << NodePool.REGIONS)) revert RegionMaskOutOfRange(regionMask);

        uint256 epoch = currentEpoch();
        uint256 needed = _stakeFor(cap);
        uint256 found = 0;
        nodeIds = new uint32[](count);
        NodePool.Draw memory candidates = _pool.startDraw(regionMask, seed);
        while (found < count && candidates.hasNext()) {
            uint32 nodeId = uint32(candidates.next(_pool));
            NodeSlots storage node = _nodes[nodeId];
            if (node.presentUntil >= epoch && node.leastCap <= cap && node.free >= needed) nodeIds[found++] = nodeId;
        }
        if (found == 0) revert NoNodes(regionMask);
        assembly ("memory-safe") {
            mstore(nodeIds, found) // fewer found, fewer given
        }
    }

    /// @inheritdoc INodeRegistry
    function requireSeatable(Terms terms, Terms before) external view {
        uint256 epoch = currentEpoch();
        uint40 cap = uint40(terms.cap());
        uint256 needed = _stakeFor(cap);
        for (uint256 seat = 0; seat < TermsLib.SEATS; seat++) {
            uint32 nodeId = uint32(terms.nodeAt(seat));
            if (nodeId == 0) continue;
            NodeSlots storage node = _requireKnown(nodeId);
            bool isSeated = before.seatOf(nodeId) < TermsLib.SEATS;
            if (isSeated ? _isRetiredFinally(node) : node.retiredFrom != 0) {
                revert NodeRetired(nodeId, node.retiredFrom);
            }
            if (isSeated) continue;
            if (node.presentUntil < epoch) revert NodeAbsent(nodeId, node.presentUntil);
            if (node.leastCap > cap || node.leastCap == FULL) revert CapBelowLeast(nodeId, cap, node.leastCap);
            if (node.free < needed) revert StakeTooSmallForCap(nodeId, node.free, needed);
        }
    }

    /// @inheritdoc INodeRegistry
    function requireStakeFor(Terms terms) external view {
        uint256 needed = _stakeFor(uint40(terms.cap()));
        for (uint256 seat = 0; seat < TermsLib.SEATS; seat++) {
            uint32 nodeId = uint32(terms.nodeAt(seat));
            if (nodeId == 0) continue;
            NodeSlots storage node = _nodes[nodeId];
            if (node.free >= needed || _isRetiredFinally(node)) continue;
            // A retirement that may still be taken back leaves the stake that the seats will stand on.
            uint64 free = node.stake - node.thawing;
            if (free < needed) revert StakeTooSmallForCap(nodeId, free, needed);
        }
    }

    /// @inheritdoc INodeRegistry
    function vacantSeats(Terms terms) external view returns (uint256 seatBits) {
        uint256 needed = _stakeFor(uint40(terms.cap()));
        for (uint256 seat = 0; seat < TermsLib.SEATS; seat++) {
            uint32 nodeId = uint32(terms.nodeAt(seat));
            if (nodeId == 0) continue;
            NodeSlots storage node = _nodes[nodeId];
            // A node that a slash is about to retire may make up for it until it is gone.
            bool isThin = node.free < needed && node.retiredFrom == 0;
            if (isThin || _isGone(node)) seatBits |= 1 << seat;
        }
    }

    /// @inheritdoc INodeRegistry
    function chargeableSeats(Terms terms, uint32 epoch) external view returns (uint256 seatBits) {
        for (uint256 seat = 0; seat < TermsLib.SEATS; seat++) {
            uint32 nodeId = uint32(terms.nodeAt(seat));
            if (nodeId == 0) continue;
            uint256 retiredFrom = _nodes[nodeId].retiredFrom;
            if (retiredFrom == 0 || epoch < retiredFrom) seatBits |= 1 << seat;
        }
    }

    // Views

    /// @inheritdoc INodeRegistry
    function poolSize(uint8 region) external view returns (uint256 size) {
        _requireRegion(region);
        return _pool.length(region);
    }

    /// @inheritdoc INodeRegistry
    function isGone(uint32 nodeId) external view returns (bool) {
        return _isGone(_requireKnown(nodeId));
    }

    // Internals

    /// Whether enough new stake still takes the node's retirement back.
    function _isLiftable(NodeSlots storage node) internal view returns (bool) {
        return node.isLiftable && currentEpoch() < node.retiredFrom;
    }

    function _isRetiredFinally(NodeSlots storage node) internal view returns (bool) {
        return node.retiredFrom != 0 && !_isLiftable(node);
    }

    /// Draws find a node in the pool only while it takes new seats.
    function _placeInPool(uint32 nodeId, NodeSlots storage node) internal {
        bool belongs = node.retiredFrom == 0 && node.leastCap != FULL && node.presentUntil >= currentEpoch();
        if (belongs && node.poolPlace == 0) _joinPool(nodeId, node);
        else if (!belongs && node.poolPlace != 0) _leavePool(node);
    }

    function _leavePool(NodeSlots storage node) internal {
        uint256 place = node.poolPlace;
        uint256 moved = _pool.remove(node.region, place - 1);
        _nodes[uint32(moved)].poolPlace = uint32(place);
        node.poolPlace = 0; // last: the moved node may be this one
    }

    function _requireRegion(uint8 region) internal pure {
        if (region >= NodePool.REGIONS) revert UnknownRegion(region);
    }

    function _joinPool(uint32 nodeId, NodeSlots storage node) private {
        node.poolPlace = uint32(_pool.push(node.region, nodeId) + 1);
    }

    function _isGone(NodeSlots storage node) private view returns (bool) {
        uint256 epoch = currentEpoch();
        if (node.retiredFrom != 0 && node.retiredFrom <= epoch + 1) return true;
        return epoch > node.presentUntil + GONE_AFTER;
    }
}
