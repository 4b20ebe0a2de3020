// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../../contracts/interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {NameActions} from "./NameActions.sol";
import {vm} from "../../support/Vm.sol";

/// @title What owners of nodes do
abstract contract NodeOwnerActions is NameActions {
    uint256 internal constant REGIONS_IN_USE = 3;
    uint32 private constant MAX_AHEAD = 30;

    /// @notice Stake left while a dispute about what it backed could still be decided, or could still be opened.
    error StakeLeftTooEarly(uint32 nodeId, uint32 thawEpoch, uint32 now_, uint32 lastDecision);

    function register(uint256 seed) external action(seed) {
        if (nodeCount == MOST_NODES) return;
        _register(nodeOwners[_pick(3)], uint64(_between(minStake, 3 * minStake)) - uint64(_once(10) ? 1 : 0));
    }

    function requestUnstake(uint256 seed) external action(seed) {
        _requestUnstake(_anyNode());
    }

    function _requestUnstake(uint32 nodeId) private {
        Node storage entry = node[nodeId];
        uint256 most = entry.stake > minStake && !_once(6) ? entry.stake - minStake : entry.stake;
        _requestUnstake(nodeId, uint64(_between(1, most)));
    }

    function _requestUnstake(uint32 nodeId, uint64 amount) internal {
        Node storage entry = node[nodeId];
        bytes memory data = abi.encodeCall(INodeRegistry.requestUnstake, (nodeId, amount));
        if (!_expect(amount != 0 && amount <= entry.stake, entry.owner, address(nodes), data)) return;
        (entry.thawing, entry.thawEpoch) = (amount, _epoch());
        if (entry.stake - amount < minStake) _retireFinally(nodeId);
    }

    function cancelUnstake(uint256 seed) external action(seed) {
        uint32 nodeId = _thawingNode();
        Node storage entry = node[nodeId];
        bytes memory data = abi.encodeCall(INodeRegistry.cancelUnstake, (nodeId));
        if (!_expect(entry.thawing != 0, entry.owner, address(nodes), data)) return;
        (entry.thawing, entry.thawEpoch) = (0, 0);
    }

    /// Often waits until the thaw is over or one epoch less.
    function withdrawStake(uint256 seed) external action(seed) {
        uint32 nodeId = _thawingNode();
        Node storage entry = node[nodeId];
        if (entry.thawing == 0 && entry.stake != 0 && _once(2)) _requestUnstake(nodeId);
        if (entry.thawing != 0 && _once(2)) _moveToEpoch(entry.thawEpoch + STAKE_THAW + (_once(4) ? 0 : 1));
        _withdrawStake(nodeId);
    }

    function setPresence(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        _setPresence(nodeId, node[nodeId].owner);
    }

    function setRegion(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        uint8 region = uint8(_pick(REGIONS_IN_USE));
        bytes memory data = abi.encodeCall(INodeRegistry.setRegion, (nodeId, region));
        if (_expect(true, node[nodeId].owner, address(nodes), data)) node[nodeId].region = region;
    }

    function setOperator(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        uint256 key = OPERATOR_KEYS + _pick(4);
        bytes memory data = abi.encodeCall(INodeRegistry.setOperator, (nodeId, vm.addr(key)));
        if (_expect(true, node[nodeId].owner, address(nodes), data)) node[nodeId].operatorKey = key;
    }

    function setEndpoint(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        bytes memory data = abi.encodeCall(INodeRegistry.setEndpoint, (nodeId, "https://moved.example.org:8443"));
        _expect(true, node[nodeId].owner, address(nodes), data);
    }

    function giveNode(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        address to = nodeOwners[_pick(3)];
        bytes memory data = abi.encodeCall(INodeRegistry.transferOwnership, (nodeId, to));
        if (_expect(true, node[nodeId].owner, address(nodes), data)) node[nodeId].pendingOwner = to;
    }

    function takeNode(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        for (uint256 i = 0; i < nodeCount && node[nodeId].pendingOwner == address(0); i++)
            nodeId = (nodeId % nodeCount) + 1;
        Node storage entry = node[nodeId];
        address taker = entry.pendingOwner == address(0) || _once(4) ? nodeOwners[_pick(3)] : entry.pendingOwner;
        bytes memory data = abi.encodeCall(INodeRegistry.acceptOwnership, (nodeId));
        if (!_expect(taker == entry.pendingOwner, taker, address(nodes), data)) return;
        (entry.owner, entry.pendingOwner) = (taker, address(0));
    }

    /// By the owner or the operator: from all projects at once, also those without a seat for the node.
    function leaveSeats(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        if (!_once(3)) return;
        address keeper = _once(2) ? node[nodeId].owner : vm.addr(node[nodeId].operatorKey);
        bytes memory data = abi.encodeCall(IProjectRegistry.leaveSeats, (_projectIds(), nodeId));
        if (!_expect(true, keeper, address(projects), data)) return;
        for (uint64 id = 1; id <= projectCount; id++) {
            for (uint256 seat = 0; seat < 8; seat++) {
                uint256 word = project[id].newest;
                if (_seatAt(word, seat) == nodeId) _setTerms(id, _withSeat(word, seat, 0));
            }
        }
    }

    function _register(address owner, uint64 stake) internal {
        uint256 key = OPERATOR_KEYS + _pick(4);
        uint8 region = uint8(_pick(REGIONS_IN_USE));
        bytes memory data = abi.encodeCall(
            INodeRegistry.register,
            (vm.addr(key), region, "https://node.example.org", stake)
        );
        if (!_expect(stake >= minStake && !_isPaused(address(nodes)), owner, address(nodes), data)) return;
        purse[owner] -= stake;
        Node storage entry = node[++nodeCount];
        (entry.owner, entry.operatorKey, entry.region, entry.stake) = (owner, key, region, stake);
    }

    /// Present for some time, most often for any cap; or full, or absent from the next epoch on.
    function _setPresence(uint32 nodeId, address keeper) internal {
        Node storage entry = node[nodeId];
        uint32 epoch = _epoch();
        uint32 until = epoch + uint32(_once(6) ? 0 : _between(3, MAX_AHEAD + (_once(10) ? 1 : 0)));
        uint40 leastCap = _once(3) ? uint40(_between(1, 10 * USD)) : 0;
        if (_once(6)) leastCap = FULL;
        if (epoch != 0 && _once(12)) until = epoch - 1;
        bool foretold = until >= epoch && until <= epoch + MAX_AHEAD && !_isRetiredFinally(nodeId);
        bytes memory data = abi.encodeCall(INodeRegistry.setPresence, (nodeId, until, leastCap));
        if (!_expect(foretold, keeper, address(nodes), data)) return;
        (entry.presentUntil, entry.leastCap) = (until, leastCap);
        _placeInPool(nodeId);
    }

    /// Draws find a node while it takes seats and does not retire.
    function _placeInPool(uint32 nodeId) internal {
        Node storage entry = node[nodeId];
        entry.pooled = entry.retiredFrom == 0 && entry.presentUntil >= _epoch() && entry.leastCap != FULL;
    }

    /// Anyone's. To a node that retires for a slash mostly as much as takes that back, or one unit less.
    function _addStake(uint32 nodeId) internal {
        uint64 amount = uint64(_between(0, 200 * USD));
        Node storage entry = node[nodeId];
        if (_isLiftable(nodeId) && entry.stake - entry.thawing < minStake && !_once(4)) {
            amount = minStake - (entry.stake - entry.thawing) - (_once(4) ? 1 : 0);
        }
        bytes memory data = abi.encodeCall(INodeRegistry.addStake, (nodeId, amount));
        if (!_expect(true, stranger, address(nodes), data)) return;
        purse[stranger] -= amount;
        entry.stake += amount;
        if (!_isLiftable(nodeId) || entry.stake - entry.thawing < minStake) return;
        (entry.retiredFrom, entry.liftable) = (0, false);
        _placeInPool(nodeId);
        _saw("lifted");
    }

    function _withdrawStake(uint32 nodeId) internal {
        Node storage entry = node[nodeId];
        bool foretold = entry.thawing != 0 && _epoch() > entry.thawEpoch + STAKE_THAW;
        bytes memory data = abi.encodeCall(INodeRegistry.withdrawStake, (nodeId));
        if (!_expect(foretold, entry.owner, address(nodes), data)) return;
        _requireBacked(nodeId, entry.thawEpoch);
        purse[entry.owner] += entry.thawing;
        entry.stake -= entry.thawing;
        (entry.thawing, entry.thawEpoch) = (0, 0);
        if (entry.stake < minStake) _retireFinally(nodeId);
    }

    /// Stake that was asked back in `thawEpoch` backs everything up to that epoch, until its last decision.
    function _requireBacked(uint32 nodeId, uint32 thawEpoch) private view {
        uint32 epoch = _epoch();
        uint32 last = thawEpoch + LATE + DISPUTE + 2 * DECIDE;
        if (epoch <= last) revert StakeLeftTooEarly(nodeId, thawEpoch, epoch, last);
        for (uint256 i = 0; i < lines.length; i++) {
            Line storage line = lines[i];
            if (line.nodeId != nodeId || line.fate != Fate.Disputed || line.epoch > thawEpoch) continue;
            last = line.openedIn + (line.extended ? 2 * DECIDE : DECIDE);
            if (epoch <= last) revert StakeLeftTooEarly(nodeId, thawEpoch, epoch, last);
        }
    }

    function _anyNode() internal returns (uint32) {
        return uint32(1 + _pick(nodeCount));
    }

    function _thawingNode() private returns (uint32 nodeId) {
        nodeId = _anyNode();
        for (uint256 i = 0; i < nodeCount && node[nodeId].thawing == 0; i++) nodeId = (nodeId % nodeCount) + 1;
    }
}
