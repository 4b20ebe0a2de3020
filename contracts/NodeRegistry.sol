// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {EpochClock} from "./base/EpochClock.sol";
import {Pausable} from "./base/Pausable.sol";
import {SettlementBound} from "./base/SettlementBound.sol";
import {Times} from "./interfaces/IEpochClock.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Asset} from "./libraries/Asset.sol";
import {Endpoint} from "./libraries/Endpoint.sol";
import {NodePool} from "./libraries/NodePool.sol";

/// @title Nodes: who runs them, with what stake, where, and which of them take projects
contract NodeRegistry is INodeRegistry, Pausable, SettlementBound, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using Asset for IERC20;
    using NodePool for NodePool.Pool;
    using NodePool for NodePool.Draw;

    /// slot 0: owner 160 | stake 64 | retiredFrom 24 | region 8
    /// slot 1: operator 160 | thawing 64 | thawEpoch 32
    /// slot 2: acceptingUntil 24 | poolPlace 32 | pendingOwner 160     poolPlace: index in the region's pool + 1, or 0
    /// slot 3 on: endpoint
    struct NodeSlots {
        address owner;
        uint64 stake;
        uint24 retiredFrom;
        uint8 region;
        address operator;
        uint64 thawing;
        uint32 thawEpoch;
        uint24 acceptingUntil;
        uint32 poolPlace;
        address pendingOwner;
        string endpoint;
    }

    /// Epochs that a node may promise ahead.
    uint256 private constant MAX_AHEAD = 30;
    /// Whole epochs past its promise after which a node's seats are free to others.
    uint256 private constant GONE_AFTER = 2;
    uint64 private constant LEAST_MIN_STAKE = 1e6;
    uint64 private constant MOST_MIN_STAKE = 1_000_000e6;

    IERC20 private immutable ASSET;
    bool private immutable ALLOW_HTTP;

    /// @inheritdoc INodeRegistry
    uint64 public minStake;
    /// @inheritdoc INodeRegistry
    uint32 public nodeCount;
    NodePool.Pool private _pool;
    mapping(uint32 nodeId => NodeSlots) private _nodes;

    /// @param authority The access manager.
    /// @param asset_ An ERC-20 with exactly 6 decimals.
    /// @param times_ The time line of all four contracts.
    /// @param minStake_ In base units.
    /// @param allowHttp Whether endpoints may be plain http: on a devnet only.
    constructor(
        address authority,
        IERC20 asset_,
        Times memory times_,
        uint64 minStake_,
        bool allowHttp
    ) AccessManaged(authority) EpochClock(times_) {
        ASSET = asset_.check();
        ALLOW_HTTP = allowHttp;
        _setMinStake(minStake_);
    }

    modifier onlyNodeOwner(uint32 nodeId) {
        address owner = _requireKnown(nodeId).owner;
        if (msg.sender != owner) revert NotNodeOwner(nodeId, msg.sender, owner);
        _;
    }

    // Registration

    /// @inheritdoc INodeRegistry
    function register(
        address operator,
        uint8 region,
        string calldata endpoint,
        uint64 stake
    ) external nonReentrant whenNotPaused returns (uint32 nodeId) {
        if (operator == address(0)) revert ZeroOperator();
        _requireRegion(region);
        Endpoint.check(endpoint, ALLOW_HTTP);
        if (nodeCount == type(uint24).max) revert TooManyNodes();

        nodeId = ++nodeCount;
        uint64 received = ASSET.pull(msg.sender, stake);
        if (received < minStake) revert StakeTooSmall(received, minStake);

        NodeSlots storage node = _nodes[nodeId];
        node.owner = msg.sender;
        node.stake = received;
        node.region = region;
        node.operator = operator;
        node.endpoint = endpoint;
        emit NodeRegistered(nodeId, msg.sender, operator, region, endpoint, received);
    }

    /// @inheritdoc INodeRegistry
    function setEndpoint(uint32 nodeId, string calldata endpoint) external onlyNodeOwner(nodeId) {
        Endpoint.check(endpoint, ALLOW_HTTP);
        _nodes[nodeId].endpoint = endpoint;
        _emitUpdated(nodeId);
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

    /// @inheritdoc INodeRegistry
    function setOperator(uint32 nodeId, address operator) external onlyNodeOwner(nodeId) {
        if (operator == address(0)) revert ZeroOperator();
        _nodes[nodeId].operator = operator;
        _emitUpdated(nodeId);
    }

    /// @inheritdoc INodeRegistry
    function transferOwnership(uint32 nodeId, address newOwner) external onlyNodeOwner(nodeId) {
        _nodes[nodeId].pendingOwner = newOwner;
        emit OwnerProposed(nodeId, newOwner);
    }

    /// @inheritdoc INodeRegistry
    function acceptOwnership(uint32 nodeId) external {
        NodeSlots storage node = _requireKnown(nodeId);
        if (msg.sender != node.pendingOwner) revert NotPendingNodeOwner(nodeId, msg.sender, node.pendingOwner);
        node.owner = msg.sender;
        node.pendingOwner = address(0);
        _emitUpdated(nodeId);
    }

    // Stake

    /// @inheritdoc INodeRegistry
    function addStake(uint32 nodeId, uint64 amount) external nonReentrant {
        NodeSlots storage node = _requireKnown(nodeId);
        uint64 received = ASSET.pull(msg.sender, amount);
        node.stake += received;
        emit StakeAdded(nodeId, msg.sender, received, node.stake);
    }

    /// @inheritdoc INodeRegistry
    function requestUnstake(uint32 nodeId, uint64 amount) external onlyNodeOwner(nodeId) {
        NodeSlots storage node = _nodes[nodeId];
        if (amount == 0 || amount > node.stake) revert UnstakeAmount(amount, node.stake);

        uint32 thawEpoch = currentEpoch();
        node.thawing = amount;
        node.thawEpoch = thawEpoch;
        emit UnstakeRequested(nodeId, amount, thawEpoch);
        if (node.stake - amount < minStake) _retire(nodeId, node);
    }

    /// @inheritdoc INodeRegistry
    function cancelUnstake(uint32 nodeId) external onlyNodeOwner(nodeId) {
        NodeSlots storage node = _nodes[nodeId];
        if (node.thawing == 0) revert NothingThawing(nodeId);
        node.thawing = 0;
        node.thawEpoch = 0;
        emit UnstakeCancelled(nodeId);
    }

    /// @inheritdoc INodeRegistry
    function withdrawStake(uint32 nodeId) external nonReentrant onlyNodeOwner(nodeId) returns (uint64 amount) {
        NodeSlots storage node = _nodes[nodeId];
        amount = node.thawing;
        if (amount == 0) revert NothingThawing(nodeId);
        uint256 lastEpoch = node.thawEpoch + STAKE_THAW;
        if (currentEpoch() <= lastEpoch) revert StillThawing(nodeId, uint32(lastEpoch));

        // `slash` keeps thawing <= stake. `minStake` may have risen since the request.
        node.stake -= amount;
        node.thawing = 0;
        node.thawEpoch = 0;
        if (node.stake < minStake) _retire(nodeId, node);
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
        slashed = uint64(Math.min(amount, node.stake));
        node.stake -= slashed;
        node.thawing = uint64(Math.min(node.thawing, node.stake));
        emit Slashed(nodeId, slashed, node.stake, node.thawing);
        // What thaws leaves: it backs no receipt of epochs to come.
        if (node.stake - node.thawing < minStake) _retire(nodeId, node);

        ASSET.forceApprove(taker, slashed);
    }

    // Accepting projects

    /// @inheritdoc INodeRegistry
    function setAccepting(uint32 nodeId, uint32 untilEpoch) external {
        NodeSlots storage node = _requireKnown(nodeId);
        if (msg.sender != node.owner && msg.sender != node.operator) revert NotNodeKeeper(nodeId, msg.sender);

        if (untilEpoch == 0) {
            if (node.poolPlace != 0) _leavePool(node);
        } else {
            uint256 epoch = currentEpoch();
            if (untilEpoch < epoch || untilEpoch > epoch + MAX_AHEAD) {
                revert AcceptingUntil(untilEpoch, uint32(epoch), uint32(epoch + MAX_AHEAD));
            }
            if (node.retiredFrom != 0) revert NodeRetired(nodeId, node.retiredFrom);
            if (node.poolPlace == 0) _joinPool(nodeId, node);
        }
        node.acceptingUntil = uint24(untilEpoch);
        emit AcceptingSet(nodeId, untilEpoch);
    }

    /// @inheritdoc INodeRegistry
    function prune(uint32 nodeId) external {
        NodeSlots storage node = _requireKnown(nodeId);
        if (node.poolPlace == 0) revert NotInPool(nodeId);
        if (node.acceptingUntil >= currentEpoch()) revert StillAccepting(nodeId, node.acceptingUntil);
        _leavePool(node);
        emit Pruned(nodeId);
    }

    /// @inheritdoc INodeRegistry
    function draw(uint256 count, uint16 regionMask, uint256 seed) external view returns (uint32[] memory nodeIds) {
        if (count == 0 || count > 8) revert DrawCount(count);
        if (regionMask == 0 || regionMask >= 1 << NodePool.REGIONS) revert RegionMask(regionMask);

        uint256 epoch = currentEpoch();
        uint256 found = 0;
        nodeIds = new uint32[](count);
        NodePool.Draw memory candidates = _pool.startDraw(regionMask, seed);
        while (found < count && candidates.hasNext()) {
            uint32 nodeId = uint32(candidates.next(_pool));
            if (_nodes[nodeId].acceptingUntil >= epoch) nodeIds[found++] = nodeId;
        }
        if (found == 0) revert NoNodes(regionMask);
        assembly ("memory-safe") {
            mstore(nodeIds, found) // fewer found, fewer given
        }
    }

    // Parameters

    /// @inheritdoc INodeRegistry
    function setMinStake(uint64 minStake_) external restricted {
        _setMinStake(minStake_);
    }

    // Views

    /// @inheritdoc INodeRegistry
    function nodeOf(uint32 nodeId) external view returns (Node memory node) {
        NodeSlots storage slots = _requireKnown(nodeId);
        return
            Node({
                owner: slots.owner,
                operator: slots.operator,
                pendingOwner: slots.pendingOwner,
                region: slots.region,
                retiredFrom: slots.retiredFrom,
                acceptingUntil: slots.acceptingUntil,
                stake: slots.stake,
                thawing: slots.thawing,
                thawEpoch: slots.thawEpoch,
                endpoint: slots.endpoint
            });
    }

    /// @inheritdoc INodeRegistry
    function poolSize(uint8 region) external view returns (uint256 size) {
        _requireRegion(region);
        return _pool.length(region);
    }

    /// @inheritdoc INodeRegistry
    function signerOf(uint32 nodeId) external view returns (address operator, uint32 retiredFrom) {
        NodeSlots storage node = _requireKnown(nodeId);
        return (node.operator, node.retiredFrom);
    }

    /// @inheritdoc INodeRegistry
    function ownerOf(uint32 nodeId) external view returns (address owner) {
        return _requireKnown(nodeId).owner;
    }

    /// @inheritdoc INodeRegistry
    function isKeeper(uint32 nodeId, address who) external view returns (bool) {
        NodeSlots storage node = _requireKnown(nodeId);
        return who == node.owner || who == node.operator;
    }

    /// @inheritdoc INodeRegistry
    function requireActive(uint32 nodeId) external view {
        uint24 retiredFrom = _requireKnown(nodeId).retiredFrom;
        if (retiredFrom != 0) revert NodeRetired(nodeId, retiredFrom);
    }

    /// @inheritdoc INodeRegistry
    function isGone(uint32 nodeId) external view returns (bool) {
        NodeSlots storage node = _requireKnown(nodeId);
        if (node.retiredFrom != 0) return true;
        return node.acceptingUntil != 0 && currentEpoch() > node.acceptingUntil + GONE_AFTER;
    }

    /// @inheritdoc INodeRegistry
    function endpointsOf(uint32[] calldata nodeIds) external view returns (string[] memory endpoints) {
        endpoints = new string[](nodeIds.length);
        for (uint256 i = 0; i < nodeIds.length; i++) {
            endpoints[i] = _nodes[nodeIds[i]].endpoint;
        }
    }

    /// @inheritdoc INodeRegistry
    function asset() external view returns (IERC20) {
        return ASSET;
    }

    // Internals

    /// Retirement is final: receipts of the next epoch and later do not count, and the pool forgets the node at once.
    function _retire(uint32 nodeId, NodeSlots storage node) private {
        if (node.retiredFrom != 0) return;
        if (node.poolPlace != 0) _leavePool(node);
        uint32 retiredFrom = currentEpoch() + 1;
        node.retiredFrom = uint24(retiredFrom);
        emit Retired(nodeId, retiredFrom);
    }

    function _joinPool(uint32 nodeId, NodeSlots storage node) private {
        node.poolPlace = uint32(_pool.push(node.region, nodeId) + 1);
    }

    function _leavePool(NodeSlots storage node) private {
        uint256 place = node.poolPlace;
        uint256 moved = _pool.remove(node.region, place - 1);
        _nodes[uint32(moved)].poolPlace = uint32(place);
        node.poolPlace = 0; // last: the moved node may be this one
    }

    function _setMinStake(uint64 minStake_) private {
        if (minStake_ < LEAST_MIN_STAKE || minStake_ > MOST_MIN_STAKE) {
            revert MinStakeOutOfBounds(minStake_, LEAST_MIN_STAKE, MOST_MIN_STAKE);
        }
        minStake = minStake_;
        emit ParametersSet(minStake_);
    }

    function _emitUpdated(uint32 nodeId) private {
        NodeSlots storage node = _nodes[nodeId];
        emit NodeUpdated(nodeId, node.owner, node.operator, node.region, node.endpoint);
    }

    function _requireKnown(uint32 nodeId) private view returns (NodeSlots storage node) {
        node = _nodes[nodeId];
        if (node.owner == address(0)) revert UnknownNode(nodeId);
    }

    function _requireRegion(uint8 region) private pure {
        if (region >= NodePool.REGIONS) revert UnknownRegion(region);
    }

    /// @inheritdoc SettlementBound
    function _namesThis(IUsageSettlement candidate) internal view override returns (bool) {
        return address(candidate.nodeRegistry()) == address(this);
    }
}
