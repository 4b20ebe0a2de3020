// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {Asset} from "../libraries/Asset.sol";
import {NodePresence} from "./NodePresence.sol";

/// @title Stakes: how they grow, thaw, leave and are slashed, and when a node retires for want of one
abstract contract NodeStake is NodePresence, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using Asset for IERC20;

    /// Epochs from a slash below the least stake to the retirement: the owner has the current and the next to add stake.
    uint256 private constant LIFTABLE_FOR = 2;
    uint256 private constant BPS = 10_000;

    IERC20 internal immutable ASSET;

    /// @param asset_ An ERC-20 with exactly 6 decimals.
    constructor(IERC20 asset_) {
        ASSET = asset_.check();
    }

    /// @inheritdoc INodeRegistry
    function addStake(uint32 nodeId, uint64 amount) external nonReentrant {
        NodeSlots storage node = _requireKnown(nodeId);
        uint64 received = ASSET.pull(msg.sender, amount);
        node.stake += received;
        emit StakeAdded(nodeId, msg.sender, received, node.stake);
        if (_isLiftable(node) && node.stake - node.thawing >= minStake) _liftRetirement(nodeId, node);
        _updateFree(node);
    }

    /// @inheritdoc INodeRegistry
    function requestUnstake(uint32 nodeId, uint64 amount) external onlyNodeOwner(nodeId) {
        NodeSlots storage node = _nodes[nodeId];
        if (amount == 0 || amount > node.stake) revert UnstakeOutOfRange(amount, node.stake);

        uint32 thawEpoch = currentEpoch();
        node.thawing = amount;
        node.thawEpoch = thawEpoch;
        emit UnstakeRequested(nodeId, amount, thawEpoch);
        if (node.stake - amount < minStake) _retireFinally(nodeId, node);
        _updateFree(node);
    }

    /// @inheritdoc INodeRegistry
    function cancelUnstake(uint32 nodeId) external onlyNodeOwner(nodeId) {
        NodeSlots storage node = _nodes[nodeId];
        if (node.thawing == 0) revert NoStakeThaws(nodeId);
        node.thawing = 0;
        node.thawEpoch = 0;
        _updateFree(node);
        emit UnstakeCancelled(nodeId);
    }

    /// @inheritdoc INodeRegistry
    function withdrawStake(uint32 nodeId) external nonReentrant onlyNodeOwner(nodeId) returns (uint64 amount) {
        NodeSlots storage node = _nodes[nodeId];
        amount = node.thawing;
        if (amount == 0) revert NoStakeThaws(nodeId);
        uint256 lastEpoch = node.thawEpoch + STAKE_THAW;
        if (currentEpoch() <= lastEpoch) revert StakeStillThaws(nodeId, uint32(lastEpoch));

        // `slash` keeps thawing <= stake. `minStake` may have risen since the request.
        node.stake -= amount;
        node.thawing = 0;
        node.thawEpoch = 0;
        if (node.stake < minStake) _retireFinally(nodeId, node);
        _updateFree(node);
        emit StakeWithdrawn(nodeId, msg.sender, amount, node.stake);

        ASSET.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc INodeRegistry
    function slash(
        uint32 nodeId,
        uint64 amount,
        address taker
    ) external nonReentrant onlySettlement returns (uint64 slashed) {
        NodeSlots storage node = _requireKnown(nodeId);
        uint64 left = _slashLeft(node);
        slashed = uint64(Math.min(amount, Math.min(left, node.stake)));
        node.slashedIn = uint24(currentEpoch());
        node.slashLeft = left - slashed;
        node.stake -= slashed;
        node.thawing = uint64(Math.min(node.thawing, node.stake));
        emit Slashed(nodeId, slashed, node.stake, node.thawing);
        // What thaws leaves: it backs no receipt of epochs to come.
        if (node.retiredFrom == 0 && node.stake - node.thawing < minStake) {
            _retire(nodeId, node, currentEpoch() + LIFTABLE_FOR, true);
        }
        _updateFree(node);

        ASSET.forceApprove(taker, slashed);
    }

    // Views

    /// @inheritdoc INodeRegistry
    function asset() external view returns (IERC20) {
        return ASSET;
    }

    // Internals

    /// What may be slashed in this epoch: a share of what the stake was before the first slash in it.
    function _slashLeft(NodeSlots storage node) internal view returns (uint64) {
        if (node.slashedIn == currentEpoch()) return node.slashLeft;
        return uint64((uint256(node.stake) * maxSlashShareBps) / BPS);
    }

    /// A retirement that the owner brings about, in the next epoch or when an earlier one counts, is never taken back.
    function _retireFinally(uint32 nodeId, NodeSlots storage node) private {
        if (_isRetiredFinally(node)) return;
        uint256 next = currentEpoch() + 1;
        _retire(nodeId, node, node.retiredFrom == 0 ? next : Math.min(next, node.retiredFrom), false);
    }

    /// Receipts of `retiredFrom` and later do not count, and the pool forgets the node at once.
    function _retire(uint32 nodeId, NodeSlots storage node, uint256 retiredFrom, bool isLiftable) private {
        if (node.poolPlace != 0) _leavePool(node);
        node.retiredFrom = uint24(retiredFrom);
        node.isLiftable = isLiftable;
        emit Retired(nodeId, uint32(retiredFrom), isLiftable);
    }

    function _liftRetirement(uint32 nodeId, NodeSlots storage node) private {
        node.retiredFrom = 0;
        node.isLiftable = false;
        emit RetirementLifted(nodeId);
        _placeInPool(nodeId, node);
    }

    function _updateFree(NodeSlots storage node) private {
        node.free = node.retiredFrom == 0 ? node.stake - node.thawing : 0;
    }
}
