// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ledger} from "./Ledger.sol";

/// @title What should come of seats: which nodes take them, which are vacant, and what they may charge
abstract contract Seating is Ledger {
    uint16 internal constant ALL_REGIONS = 0x1ff;
    uint40 internal constant FULL = type(uint40).max;
    /// No more than one draw gives.
    uint256 internal constant MOST_NODES = 8;

    /// @notice A seat went to a node that does not take the project, or a home moved that stays.
    error WronglySeated(uint64 projectId, uint256 seat, uint32 nodeId);

    /// Stake that backs seats.
    function _freeOf(uint256 nodeId) internal view returns (uint64) {
        Node storage entry = node[nodeId];
        return entry.retiredFrom == 0 ? entry.stake - entry.thawing : 0;
    }

    function _hasStakeFor(uint256 nodeId, uint256 cap) internal view returns (bool) {
        return _freeOf(nodeId) >= seatStakeFactor * cap;
    }

    /// Whether the node may keep a seat as it grows to `cap`: one whose retirement may be taken back stands on what is left
    /// of its stake, one that retired for good on nothing any more.
    function _carries(uint256 nodeId, uint256 cap) internal view returns (bool) {
        Node storage entry = node[nodeId];
        return _isRetiredFinally(nodeId) || entry.stake - entry.thawing >= seatStakeFactor * cap;
    }

    function _isLiftable(uint256 nodeId) internal view returns (bool) {
        return node[nodeId].liftable && _epoch() < node[nodeId].retiredFrom;
    }

    function _isRetiredFinally(uint256 nodeId) internal view returns (bool) {
        return node[nodeId].retiredFrom != 0 && !_isLiftable(nodeId);
    }

    function _isGone(uint256 nodeId) internal view returns (bool) {
        Node storage entry = node[nodeId];
        bool retires = entry.retiredFrom != 0 && entry.retiredFrom <= _epoch() + 1;
        return retires || _epoch() > entry.presentUntil + 2;
    }

    /// Whether a draw may give the node a seat of `cap`.
    function _accepts(uint256 nodeId, uint256 cap) internal view returns (bool) {
        Node storage entry = node[nodeId];
        bool isHere = entry.pooled && entry.presentUntil >= _epoch();
        return isHere && entry.leastCap <= cap && _hasStakeFor(nodeId, cap);
    }

    function _acceptingCount(uint256 regionMask, uint256 cap) internal view returns (uint256 count) {
        for (uint256 i = 1; i <= nodeCount; i++) {
            if (_accepts(i, cap) && (regionMask >> node[i].region) & 1 == 1) count++;
        }
    }

    /// Whether the owner of a project with these newest terms may name these nodes for a seat of `cap`: one that sits there
    /// is only asked whether it stays.
    function _areSeatable(uint32[] memory ids, uint256 newest, uint256 cap) internal view returns (bool) {
        for (uint256 i = 0; i < ids.length; i++) {
            Node storage entry = node[ids[i]];
            if (_hasSeat(newest, ids[i])) {
                if (_isRetiredFinally(ids[i])) return false;
                continue;
            }
            bool isHere = entry.retiredFrom == 0 && entry.presentUntil >= _epoch();
            bool takes = entry.leastCap <= cap && entry.leastCap != FULL && _hasStakeFor(ids[i], cap);
            if (!isHere || !takes) return false;
        }
        return true;
    }

    /// A cap that grows needs its stake at every node that sits there and has not retired for good.
    function _mayGrowTo(uint256 word, uint256 cap) internal view returns (bool) {
        if (cap <= _capOf(word)) return true;
        for (uint256 seat = 0; seat < 8; seat++) {
            uint32 nodeId = _seatAt(word, seat);
            if (nodeId != 0 && !_carries(nodeId, cap)) return false;
        }
        return true;
    }

    /// Nodes in the first empty seats behind the home.
    function _withMore(uint256 word, uint32[] memory ids) internal pure returns (uint256 grown, bool fits) {
        grown = word;
        for (uint256 i = 0; i < ids.length; i++) {
            uint256 seat = 1;
            while (seat < 8 && _seatAt(grown, seat) != 0) seat++;
            if (seat == 8 || _hasSeat(grown, ids[i])) return (grown, false);
            grown = _withSeat(grown, seat, ids[i]);
        }
        return (grown, true);
    }

    /// Seats that are empty but wanted, or whose node is gone or has too little stake; never a home that is pinned.
    function _vacantSeats(uint64 projectId) internal view returns (bool[8] memory vacant, uint256 count) {
        Project storage entry = project[projectId];
        for (uint256 seat = entry.pinHome ? 1 : 0; seat < 8; seat++) {
            uint32 nodeId = _seatAt(entry.newest, seat);
            if (nodeId == 0) vacant[seat] = seat < entry.refillSeats;
            else if (_isGone(nodeId)) vacant[seat] = true;
            else vacant[seat] = node[nodeId].retiredFrom == 0 && !_hasStakeFor(nodeId, _capOf(entry.newest));
            if (vacant[seat]) count++;
        }
    }

    /// Nodes that a refill may give the project.
    function _candidateCount(uint64 projectId) internal view returns (uint256 count) {
        Project storage entry = project[projectId];
        for (uint32 id = 1; id <= nodeCount; id++) {
            if (!_accepts(id, _capOf(entry.newest)) || (entry.refillMask >> node[id].region) & 1 == 0) continue;
            if (!_hasSeat(entry.newest, id)) count++;
        }
    }

    /// What a refill costs in the next epoch: the first vacant seats get nodes that may charge.
    function _budgetRefilled(uint64 projectId, bool[8] memory vacant, uint256 most) internal view returns (uint256) {
        uint256 word = project[projectId].newest;
        uint256 seats;
        for (uint256 seat = 0; seat < 8; seat++) {
            if (vacant[seat] && most != 0) (seats, most) = (seats + 1, most - 1);
            else if (_mayCharge(_seatAt(word, seat), _epoch() + 1)) seats++;
        }
        return seats * _capOf(word);
    }

    /// What all seats of the word may charge in the epoch.
    function _budgetOf(uint256 word, uint32 epoch) internal view returns (uint256 budget) {
        for (uint256 seat = 0; seat < 8; seat++) {
            if (_mayCharge(_seatAt(word, seat), epoch)) budget += _capOf(word);
        }
    }

    /// Credit that neither thaws nor is set aside for what may still be submitted.
    function _availableOf(uint64 projectId) internal view returns (uint64) {
        Project storage entry = project[projectId];
        uint256 reserved;
        uint32 epoch = _epoch();
        for (uint32 e = epoch - uint32(_min(epoch, LATE)); e < epoch; e++) {
            uint256 word = termsOf[projectId][e];
            for (uint256 seat = 0; seat < 8; seat++) {
                uint32 nodeId = _seatAt(word, seat);
                if (_mayCharge(nodeId, e) && lineOf[projectId][nodeId][e] == 0) reserved += _capOf(word);
            }
        }
        uint256 free = entry.balance - entry.thawing;
        return uint64(free - _min(free, reserved));
    }

    function _mayCharge(uint32 nodeId, uint32 epoch) private view returns (bool) {
        uint32 retiredFrom = node[nodeId].retiredFrom;
        return nodeId != 0 && (retiredFrom == 0 || epoch < retiredFrom);
    }
}
