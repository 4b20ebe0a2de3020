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
import {Terms, TermsLib} from "./types/Terms.sol";

/// @title Nodes: who runs them, with what stake, where, and which of them take projects
contract NodeRegistry is INodeRegistry, Pausable, SettlementBound, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;
    using Asset for IERC20;
    using NodePool for NodePool.Pool;
    using NodePool for NodePool.Draw;

    /// slot 0: owner 160 | stake 64 | retiredFrom 24 | region 8
    /// slot 1: operator 160 | thawing 64 | thawEpoch 32
    /// slot 2: free 64 | presentUntil 24 | leastCap 40 | poolPlace 32 | slashedIn 24 | slashLeft 64 | isLiftable 8
    ///         all that a draw reads; free: stake - thawing, 0 once retired; poolPlace: index in the region's pool + 1, or 0
    /// slot 3: pendingOwner 160
    /// slot 4 on: endpoint
    struct NodeSlots {
        address owner;
        uint64 stake;
        uint24 retiredFrom;
        uint8 region;
        address operator;
        uint64 thawing;
        uint32 thawEpoch;
        uint64 free;
        uint24 presentUntil;
        uint40 leastCap;
        uint32 poolPlace;
        uint24 slashedIn;
        uint64 slashLeft;
        bool isLiftable;
        address pendingOwner;
        string endpoint;
    }

    /// Epochs that a node may promise ahead.
    uint256 private constant MAX_AHEAD = 30;
    /// Whole epochs past its presence after which a node's seats are free to others.
    uint256 private constant GONE_AFTER = 2;
    /// Epochs from a slash below the least stake to the retirement: the owner has the current and the next to add stake.
    uint256 private constant LIFTABLE_FOR = 2;
    /// `leastCap` of a node that takes no new seats.
    uint40 private constant FULL = type(uint40).max;
    uint256 private constant BPS = 10_000;
    uint64 private constant LEAST_MIN_STAKE = 1e6;
    uint64 private constant MOST_MIN_STAKE = 1_000_000e6;
    uint16 private constant MOST_SEAT_STAKE_FACTOR = 200;
    uint16 private constant LEAST_SLASH_SHARE_BPS = 500;
    uint16 private constant MOST_SLASH_SHARE_BPS = 5_000;

    IERC20 private immutable ASSET;
    bool private immutable ALLOW_HTTP;

    /// @inheritdoc INodeRegistry
    uint64 public minStake;
    /// @inheritdoc INodeRegistry
    uint16 public seatStakeFactor;
    /// @inheritdoc INodeRegistry
    uint16 public maxSlashShareBps;
    /// @inheritdoc INodeRegistry
    uint32 public nodeCount;
    NodePool.Pool private _pool;
    mapping(uint32 nodeId => NodeSlots) private _nodes;

    /// @param authority The access manager.
    /// @param asset_ An ERC-20 with exactly 6 decimals.
    /// @param times_ The time line of all contracts.
    /// @param minStake_ In base units.
    /// @param seatStakeFactor_ How many times its cap a seat needs of stake.
    /// @param maxSlashShareBps_ The most that all slashes of one epoch take of a stake, in 1/10000.
    /// @param allowHttp Whether endpoints may be plain http: on a devnet only.
    constructor(
        address authority,
        IERC20 asset_,
        Times memory times_,
        uint64 minStake_,
        uint16 seatStakeFactor_,
        uint16 maxSlashShareBps_,
        bool allowHttp
    ) AccessManaged(authority) EpochClock(times_) {
        ASSET = asset_.check();
        ALLOW_HTTP = allowHttp;
        _setParameters(minStake_, seatStakeFactor_, maxSlashShareBps_);
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
        node.free = received;
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
        emit NodeOwnerAccepted(nodeId, msg.sender);
    }

    // Stake

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

    // Presence and draws

    /// @inheritdoc INodeRegistry
    function setPresence(uint32 nodeId, uint32 untilEpoch, uint40 leastCap) external {
        NodeSlots storage node = _requireKnown(nodeId);
        if (msg.sender != node.owner && msg.sender != node.operator) revert NotNodeKeeper(nodeId, msg.sender);
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
    function draw(
        uint256 count,
        uint16 regionMask,
        uint256 seed,
        uint40 cap
    ) external view returns (uint32[] memory nodeIds) {
        if (count == 0 || count > 8) revert DrawCountOutOfRange(count);
        if (regionMask == 0 || regionMask >= 1 << NodePool.REGIONS) revert RegionMaskOutOfRange(regionMask);

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
            if (isSeated ? _isRetiredFinally(node) : node.retiredFrom != 0)
                revert NodeRetired(nodeId, node.retiredFrom);
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
            NodeSlots storage node = _nodes[nodeId];
            if (nodeId == 0 || node.free >= needed || node.retiredFrom != 0) continue;
            revert StakeTooSmallForCap(nodeId, node.free, needed);
        }
    }

    /// @inheritdoc INodeRegistry
    function vacantSeats(Terms terms) external view returns (uint256 seatBits) {
        uint256 needed = _stakeFor(uint40(terms.cap()));
        for (uint256 seat = 0; seat < TermsLib.SEATS; seat++) {
            uint32 nodeId = uint32(terms.nodeAt(seat));
            if (nodeId == 0) continue;
            NodeSlots storage node = _nodes[nodeId];
            // A node that is about to retire for a slash has until then to make up for it.
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

    // Parameters

    /// @inheritdoc INodeRegistry
    function setParameters(uint64 minStake_, uint16 seatStakeFactor_, uint16 maxSlashShareBps_) external restricted {
        _setParameters(minStake_, seatStakeFactor_, maxSlashShareBps_);
        // Too much to ask would make every `deploy` revert.
        uint40 defaultCap = IUsageSettlement(settlement).projectRegistry().defaultCap();
        if (_stakeFor(defaultCap) > minStake_) {
            revert ParametersOutOfBounds(minStake_, seatStakeFactor_, maxSlashShareBps_);
        }
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
                isLiftable: _isLiftable(slots),
                presentUntil: slots.presentUntil,
                leastCap: slots.leastCap,
                slashLeft: _slashLeft(slots),
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
    function isGone(uint32 nodeId) external view returns (bool) {
        return _isGone(_requireKnown(nodeId));
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

    /// A retirement that its owner brought about, in the next epoch or when an earlier one counts, is never taken back.
    function _retireFinally(uint32 nodeId, NodeSlots storage node) private {
        if (node.retiredFrom != 0 && !node.isLiftable) return;
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

    /// Whether enough new stake still takes the node's retirement back.
    function _isLiftable(NodeSlots storage node) private view returns (bool) {
        return node.isLiftable && currentEpoch() < node.retiredFrom;
    }

    function _isRetiredFinally(NodeSlots storage node) private view returns (bool) {
        return node.retiredFrom != 0 && !_isLiftable(node);
    }

    function _isGone(NodeSlots storage node) private view returns (bool) {
        uint256 epoch = currentEpoch();
        if (node.retiredFrom != 0 && node.retiredFrom <= epoch + 1) return true;
        return epoch > node.presentUntil + GONE_AFTER;
    }

    /// What may be slashed in this epoch: a share of what the stake was before the first slash in it.
    function _slashLeft(NodeSlots storage node) private view returns (uint64) {
        if (node.slashedIn == currentEpoch()) return node.slashLeft;
        return uint64((uint256(node.stake) * maxSlashShareBps) / BPS);
    }

    /// The stake that a seat of `cap` needs.
    function _stakeFor(uint40 cap) private view returns (uint256) {
        return uint256(seatStakeFactor) * cap;
    }

    function _updateFree(NodeSlots storage node) private {
        node.free = node.retiredFrom == 0 ? node.stake - node.thawing : 0;
    }

    /// Draws find a node in the pool only while it takes new seats.
    function _placeInPool(uint32 nodeId, NodeSlots storage node) private {
        bool belongs = node.retiredFrom == 0 && node.presentUntil != 0 && node.leastCap != FULL;
        if (belongs && node.poolPlace == 0) _joinPool(nodeId, node);
        else if (!belongs && node.poolPlace != 0) _leavePool(node);
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

    function _setParameters(uint64 minStake_, uint16 seatStakeFactor_, uint16 maxSlashShareBps_) private {
        if (
            minStake_ < LEAST_MIN_STAKE ||
            minStake_ > MOST_MIN_STAKE ||
            seatStakeFactor_ > MOST_SEAT_STAKE_FACTOR ||
            maxSlashShareBps_ < LEAST_SLASH_SHARE_BPS ||
            maxSlashShareBps_ > MOST_SLASH_SHARE_BPS
        ) revert ParametersOutOfBounds(minStake_, seatStakeFactor_, maxSlashShareBps_);
        minStake = minStake_;
        seatStakeFactor = seatStakeFactor_;
        maxSlashShareBps = maxSlashShareBps_;
        emit ParametersSet(minStake_, seatStakeFactor_, maxSlashShareBps_);
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
