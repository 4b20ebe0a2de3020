// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {Endpoint} from "../libraries/Endpoint.sol";
import {NodeParameters} from "./NodeParameters.sol";

/// @title The slots of a node, who owns it, who signs for it and where it answers
abstract contract NodeRights is NodeParameters {
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

    bool private immutable ALLOW_HTTP;

    /// @inheritdoc INodeRegistry
    uint32 public nodeCount;
    mapping(uint32 nodeId => NodeSlots) internal _nodes;

    /// @param allowHttp Whether endpoints may be plain http: on a devnet only.
    constructor(bool allowHttp) {
        ALLOW_HTTP = allowHttp;
    }

    modifier onlyNodeOwner(uint32 nodeId) {
        address owner = _requireKnown(nodeId).owner;
        if (msg.sender != owner) revert NotNodeOwner(nodeId, msg.sender, owner);
        _;
    }

    /// @inheritdoc INodeRegistry
    function setEndpoint(uint32 nodeId, string calldata endpoint) external onlyNodeOwner(nodeId) {
        _requireEndpoint(endpoint);
        _nodes[nodeId].endpoint = endpoint;
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

    // Views

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
        return _isKeeper(_requireKnown(nodeId), who);
    }

    /// @inheritdoc INodeRegistry
    function endpointsOf(uint32[] calldata nodeIds) external view returns (string[] memory endpoints) {
        endpoints = new string[](nodeIds.length);
        for (uint256 i = 0; i < nodeIds.length; i++) {
            endpoints[i] = _nodes[nodeIds[i]].endpoint;
        }
    }

    // Internals

    function _isKeeper(NodeSlots storage node, address who) internal view returns (bool) {
        return who == node.owner || who == node.operator;
    }

    function _requireKnown(uint32 nodeId) internal view returns (NodeSlots storage node) {
        node = _nodes[nodeId];
        if (node.owner == address(0)) revert UnknownNode(nodeId);
    }

    function _requireEndpoint(string calldata endpoint) internal view {
        Endpoint.check(endpoint, ALLOW_HTTP);
    }

    function _emitUpdated(uint32 nodeId) internal {
        NodeSlots storage node = _nodes[nodeId];
        emit NodeUpdated(nodeId, node.owner, node.operator, node.region, node.endpoint);
    }
}
