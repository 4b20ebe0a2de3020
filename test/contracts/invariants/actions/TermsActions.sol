// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {Terms} from "../../../../contracts/types/Terms.sol";
import {OwnerActions} from "./OwnerActions.sol";

/// @title What owners do with their terms
abstract contract TermsActions is OwnerActions {
    function setReplicas(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        uint32[] memory ids = _someNodes(1 + _pick(6), _capOf(entry.newest), entry.newest);
        bytes memory data = abi.encodeCall(IProjectRegistry.setReplicas, (projectId, ids));
        bool foretold = _areSeatable(ids, entry.newest, _capOf(entry.newest));
        if (!_expect(foretold, entry.owner, address(projects), data)) return;
        uint256 word = _withCap(0, _capOf(entry.newest));
        for (uint256 i = 0; i < ids.length; i++) word = _withSeat(word, i, ids[i]);
        _setTerms(projectId, word);
        entry.refillSeats = uint8(ids.length);
        if (!entry.refillChosen) entry.refillMask = 0;
    }

    function assignReplicas(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        (uint32 home, uint256 cap) = (_seatAt(entry.newest, 0), _capOf(entry.newest));
        (uint8 count, uint16 mask) = (uint8(1 + _pick(8)), _someRegions());
        bytes memory data = abi.encodeCall(IProjectRegistry.assignReplicas, (projectId, count, mask));
        bool stays = home != 0 && !_isGone(home);
        // A home that stays needs no other.
        bool foretold = mask != 0 && (_acceptingCount(mask, cap) != 0 || (stays && count == 1));
        if (!_expect(foretold, entry.owner, address(projects), data)) return;

        uint256 word = _withCap(_drawn(projectId), cap);
        if (stays && _seatAt(word, 0) != home) revert WronglySeated(projectId, 0, home);
        _requireDrawn(projectId, word, stays ? 1 : 0, count, mask);
        _setTerms(projectId, word);
        (entry.refillSeats, entry.refillMask, entry.refillChosen) = (count, mask, false);
    }

    function setBudget(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        uint40 cap = _someCap(_epoch() + 1);
        bytes memory data = abi.encodeCall(IProjectRegistry.setBudget, (projectId, cap));
        bool foretold = cap <= maxCap && _mayGrowTo(entry.newest, cap);
        if (_expect(foretold, entry.owner, address(projects), data)) _setTerms(projectId, _withCap(entry.newest, cap));
    }

    /// Only the cap, only nodes, both or none; with the credit for it more often than not, before or after other terms were
    /// set for the next epoch.
    function grow(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        uint256 current = termsOf[projectId][_epoch()];
        uint40 cap = _once(2) ? uint40(_capOf(current)) : _someCap(_epoch());
        if (cap < _capOf(current) && !_once(5)) cap = uint40(_capOf(current));
        uint32[] memory ids = _once(3) ? new uint32[](0) : _newNodes(1 + _pick(2), cap, current);

        (uint256 grown, bool fits) = _withMore(_withCap(current, cap), ids);
        grown = _from(grown, _epoch());
        (uint64 available, uint256 budget) = (_availableOf(projectId), _budgetOf(grown, _epoch()));
        if (available < budget && !_once(4)) {
            _deposit(projectId, uint64(budget - available));
            available = _availableOf(projectId);
        }
        bool foretold = available >= budget && fits && _mayGrow(entry.newest, current, cap, ids);
        bytes memory data = abi.encodeCall(IProjectRegistry.grow, (projectId, cap, ids));
        if (!_expect(foretold, entry.owner, address(projects), data)) return;
        _bookGrowth(projectId, current, grown);
    }

    function setRefill(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        (uint16 mask, bool pinHome) = (_once(4) ? uint16(_pick(ALL_REGIONS + 2)) : ALL_REGIONS, _once(2));
        bytes memory data = abi.encodeCall(IProjectRegistry.setRefill, (projectId, mask, pinHome));
        if (!_expect(mask <= ALL_REGIONS, entry.owner, address(projects), data)) return;
        (entry.refillMask, entry.pinHome, entry.refillChosen) = (mask, pinHome, true);
    }

    /// The current word becomes the grown one. Terms of the next epoch get the same where theirs leave room for it.
    function _bookGrowth(uint64 projectId, uint256 current, uint256 grown) private {
        Project storage entry = project[projectId];
        _countGrowth(current, grown, entry.newest);
        termsOf[projectId][_epoch()] = grown;
        uint256 next = _fromOf(entry.newest) <= _epoch() ? grown : _withSameGrowth(entry.newest, current, grown);
        entry.newest = next;
        for (uint256 seat = 0; seat < 8; seat++) {
            if (_seatAt(next, seat) != 0 && entry.refillSeats <= seat) {
                entry.refillSeats = uint8(seat + 1);
            }
        }
    }

    function _countGrowth(uint256 current, uint256 grown, uint256 newest) private {
        bool hasMoreNodes = _seatCountOf(grown) > _seatCountOf(current);
        bool hasMoreCap = _capOf(grown) > _capOf(current);
        if (hasMoreCap) _saw(hasMoreNodes ? "grownBoth" : "grownCap");
        else if (hasMoreNodes) _saw("grownNodes");
        _saw(_fromOf(current) == _epoch() ? "grownAgain" : "grownSinceBegun");
        if (_fromOf(newest) > _epoch()) _saw("grownBesideNext");
    }

    function _mayGrow(uint256 newest, uint256 current, uint40 cap, uint32[] memory ids) private view returns (bool) {
        uint256 least = _capOf(current);
        bool inBounds = cap == least || (cap > least && cap <= maxCap && cap >= _baseOf(_epoch()));
        bool backed = _mayGrowTo(current, cap) && _areSeatable(ids, newest, cap);
        if (_fromOf(newest) <= _epoch() || !backed) return inBounds && backed;
        (uint256 grown, ) = _withMore(_withCap(current, cap), ids);
        return inBounds && _isBacked(_withSameGrowth(newest, current, grown), newest);
    }

    /// Who comes to the next epoch's seats needs the stake for its cap, and where that grows, everyone does.
    function _isBacked(uint256 next, uint256 before) private view returns (bool) {
        if (!_mayGrowTo(before, _capOf(next))) return false;
        for (uint256 seat = 0; seat < 8; seat++) {
            uint32 nodeId = _seatAt(next, seat);
            bool isNew = nodeId != 0 && !_hasSeat(before, nodeId);
            if (isNew && !_carries(nodeId, _capOf(next))) return false;
        }
        return true;
    }

    /// Terms of the next epoch with what the current ones grew by, where theirs leave room for it.
    function _withSameGrowth(uint256 next, uint256 current, uint256 grown) private pure returns (uint256) {
        if (_capOf(next) < _capOf(grown)) next = _withCap(next, _capOf(grown));
        for (uint256 seat = 1; seat < 8; seat++) {
            uint32 nodeId = _seatAt(grown, seat);
            bool isNew = nodeId != 0 && !_hasSeat(current, nodeId);
            if (isNew && _seatAt(next, seat) == 0 && !_hasSeat(next, nodeId)) next = _withSeat(next, seat, nodeId);
        }
        return next;
    }

    /// What the contract drew; the ledger cannot know it.
    function _drawn(uint64 projectId) internal view returns (uint256) {
        return Terms.unwrap(projects.recordOf(projectId).terms);
    }

    /// From seat `first` on, at most `count` seats, each of a node that accepts, once.
    function _requireDrawn(uint64 projectId, uint256 word, uint256 first, uint256 count, uint16 mask) internal view {
        uint256 cap = _capOf(word);
        for (uint256 seat = first; seat < 8; seat++) {
            uint32 nodeId = _seatAt(word, seat);
            if (nodeId == 0) continue;
            bool isRegion = (mask >> node[nodeId].region) & 1 == 1;
            if (seat >= count || !_accepts(nodeId, cap) || !isRegion) revert WronglySeated(projectId, seat, nodeId);
        }
    }

    function _baseOf(uint32 epoch) internal view returns (uint256) {
        return settlement.pricesAt(epoch).base;
    }

    /// Mostly one that some nodes have the stake for, now and then up to the most or beyond it.
    function _someCap(uint32 epoch) internal returns (uint40) {
        uint256 base = _baseOf(epoch);
        if (_once(8)) return uint40(_between(base, maxCap + _pick(2)));
        return uint40(_between(base, _max(base, _min(maxCap, 16 * USD))));
    }

    function _someRegions() internal returns (uint16) {
        return _once(6) ? uint16(_pick(8)) : ALL_REGIONS;
    }

    /// Different nodes; mostly such as can be seated.
    function _someNodes(uint256 count, uint256 cap, uint256 newest) internal returns (uint32[] memory ids) {
        if (count > nodeCount) count = nodeCount;
        ids = new uint32[](count);
        uint256 start = _pick(nodeCount);
        uint256 length;
        bool anyone = _once(10);
        uint32[] memory one = new uint32[](1);
        for (uint256 i = 0; i < nodeCount && length < count; i++) {
            one[0] = uint32(1 + ((start + i) % nodeCount));
            if (anyone || _areSeatable(one, newest, cap)) ids[length++] = one[0];
        }
        if (length == 0) ids[length++] = uint32(1 + start);
        assembly ("memory-safe") {
            mstore(ids, length)
        }
    }

    /// The same, but mostly without seats in these terms.
    function _newNodes(uint256 count, uint256 cap, uint256 current) private returns (uint32[] memory ids) {
        ids = _someNodes(MOST_NODES, cap, 0);
        uint256 length;
        bool anyone = _once(6);
        for (uint256 i = 0; i < ids.length && length < count; i++) {
            if (anyone || !_hasSeat(current, ids[i])) ids[length++] = ids[i];
        }
        assembly ("memory-safe") {
            mstore(ids, length)
        }
    }
}
