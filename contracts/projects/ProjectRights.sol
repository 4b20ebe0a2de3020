// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochClock} from "../base/EpochClock.sol";
import {SettlementBound} from "../base/SettlementBound.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {Head} from "../types/Head.sol";
import {RefillRule} from "../types/RefillRule.sol";
import {Terms} from "../types/Terms.sol";

/// @title The slots of a project, who owns it and who may act for it
abstract contract ProjectRights is IProjectRegistry, SettlementBound {
    /// slot 0: head (owner 160 | versions 24 | active 24 | pastTerms 24 | domains 8 | closed 1 | split 1)
    /// slot 1: terms (seats 8 x uint24 | cap 40 | fromEpoch 24): all that `submit` reads
    /// slot 2: meter 160 | splitVersion 32 | splitBps 16 | closedFrom 24 | refill 16
    /// slot 3: pendingOwner 160
    struct ProjectSlots {
        Head head;
        Terms terms;
        address meter;
        uint32 splitVersion;
        uint16 splitBps;
        uint24 closedFrom;
        RefillRule refill;
        address pendingOwner;
    }

    /// The right to add, activate and split versions, and to upload content for them.
    uint8 private constant DEPLOY = 1;

    INodeRegistry internal immutable NODES;

    /// @inheritdoc IProjectRegistry
    uint64 public projectCount;
    mapping(uint64 projectId => ProjectSlots) internal _projects;
    mapping(address owner => mapping(uint64 projectId => mapping(address who => uint8))) private _rights;

    /// @param nodes The nodes; their time line counts here too.
    constructor(INodeRegistry nodes) EpochClock(nodes.times()) {
        NODES = nodes;
    }

    modifier onlyOwner(uint64 projectId) {
        address owner = _requireKnown(projectId).head.owner();
        if (msg.sender != owner) revert NotProjectOwner(projectId, msg.sender, owner);
        _;
    }

    modifier whenOpen(uint64 projectId) {
        if (_projects[projectId].head.isClosed()) revert ProjectClosed(projectId);
        _;
    }

    /// @inheritdoc IProjectRegistry
    function setMeter(uint64 projectId, address meter) external onlyOwner(projectId) {
        _projects[projectId].meter = meter;
        emit MeterSet(projectId, meter);
    }

    /// @inheritdoc IProjectRegistry
    function setDelegate(uint64 projectId, address who, uint8 rights) external onlyOwner(projectId) {
        if (rights > DEPLOY) revert UnknownRights(rights);
        _rights[msg.sender][projectId][who] = rights;
        emit DelegateSet(projectId, msg.sender, who, rights);
    }

    /// @inheritdoc IProjectRegistry
    function transferOwnership(uint64 projectId, address newOwner) external onlyOwner(projectId) {
        _projects[projectId].pendingOwner = newOwner;
        emit OwnerProposed(projectId, newOwner);
    }

    /// @inheritdoc IProjectRegistry
    function acceptOwnership(uint64 projectId) external {
        ProjectSlots storage project = _requireKnown(projectId);
        if (msg.sender != project.pendingOwner) {
            revert NotPendingProjectOwner(projectId, msg.sender, project.pendingOwner);
        }
        project.head = project.head.withOwner(msg.sender);
        project.pendingOwner = address(0);
        project.meter = address(0);
        emit OwnerAccepted(projectId, msg.sender);
    }

    /// @inheritdoc IProjectRegistry
    function ownerOf(uint64 projectId) external view returns (address owner) {
        return _requireKnown(projectId).head.owner();
    }

    /// @inheritdoc IProjectRegistry
    function meterOf(uint64 projectId) external view returns (address meter) {
        return _requireKnown(projectId).meter;
    }

    /// @inheritdoc IProjectRegistry
    function mayDeploy(uint64 projectId, address who) public view returns (bool) {
        return _mayDeploy(_requireKnown(projectId).head.owner(), projectId, who);
    }

    /// The head of an open project that the caller may deploy to.
    function _requireDeployer(uint64 projectId) internal view returns (Head head) {
        head = _requireKnown(projectId).head;
        if (!_mayDeploy(head.owner(), projectId, msg.sender)) revert NotDeployer(projectId, msg.sender);
        if (head.isClosed()) revert ProjectClosed(projectId);
    }

    function _mayDeploy(address owner, uint64 projectId, address who) private view returns (bool) {
        return who == owner || _rights[owner][projectId][who] & DEPLOY != 0;
    }

    function _requireKnown(uint64 projectId) internal view returns (ProjectSlots storage project) {
        project = _projects[projectId];
        if (project.head.owner() == address(0)) revert UnknownProject(projectId);
    }
}
