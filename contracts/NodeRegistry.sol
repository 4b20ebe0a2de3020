// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {EpochClock} from "./base/EpochClock.sol";
import {SettlementBound} from "./base/SettlementBound.sol";
import {Times} from "./interfaces/IEpochClock.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Asset} from "./libraries/Asset.sol";
import {NodeParameters} from "./nodes/NodeParameters.sol";
import {NodeRights} from "./nodes/NodeRights.sol";
import {NodeStake} from "./nodes/NodeStake.sol";

/// @title Nodes: who runs them, with what stake, where, and which of them take projects
/// @notice Registers nodes; ownership, presence and stake are inherited.
contract NodeRegistry is NodeStake {
    using Asset for IERC20;

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
    )
        AccessManaged(authority)
        EpochClock(times_)
        NodeParameters(minStake_, seatStakeFactor_, maxSlashShareBps_)
        NodeRights(allowHttp)
        NodeStake(asset_)
    {}

    /// @inheritdoc INodeRegistry
    function register(
        address operator,
        uint8 region,
        string calldata endpoint,
        uint64 stake
    ) external nonReentrant whenNotPaused returns (uint32 nodeId) {
        if (operator == address(0)) revert ZeroOperator();
        _requireRegion(region);
        _requireEndpoint(endpoint);
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

    /// @inheritdoc SettlementBound
    function _namesThis(IUsageSettlement candidate) internal view override returns (bool) {
        return address(candidate.nodeRegistry()) == address(this);
    }
}
