// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EpochClock} from "../base/EpochClock.sol";
import {SettlementBound} from "../base/SettlementBound.sol";
import {INameRegistry, NameRules} from "../interfaces/INameRegistry.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {NameRegistry} from "../NameRegistry.sol";
import {Head} from "../types/Head.sol";
import {Terms} from "../types/Terms.sol";

/// @title The slots of a project, who owns it and who may act for it
abstract contract ProjectRights is IProjectRegistry, SettlementBound {
    /// slot 0: head (owner 160 | versions 32 | active 32 | domains 8 | closed 1 | split 1 | refill 15)
    /// slot 1: terms (seats 8 x uint24 | cap 40 | fromEpoch 24): all that `submit` reads
    /// slot 2: meter 160 | pastTerms 24 | closedFrom 24
    /// slot 3: pendingOwner 160 | splitVersion 32 | splitBps 16
    struct ProjectSlots {
        Head head;
        Terms terms;
        address meter;
        uint24 pastTerms;
        uint24 closedFrom;
        address pendingOwner;
        uint32 splitVersion;
        uint16 splitBps;
    }

    /// The right to add, activate and split versions, and to upload content for them.
    uint8 internal constant DEPLOY = 1;
    /// The right to add versions that are not live, and to upload content for them.
    uint8 internal constant PROPOSE = 2;

    uint256 private constant MAX_DOMAINS = 32;

    INodeRegistry internal immutable NODES;
    INameRegistry internal immutable NAMES;

    /// @inheritdoc IProjectRegistry
    uint64 public projectCount;
    mapping(uint64 projectId => ProjectSlots) internal _projects;
    mapping(address owner => mapping(uint64 projectId => mapping(address who => uint8))) private _rights;

    /// @param nodes The nodes; their time line counts here too.
    constructor(INodeRegistry nodes, NameRules memory names_) EpochClock(nodes.times()) {
        NODES = nodes;
        NAMES = new NameRegistry(nodes.times(), names_);
    }

    /// @inheritdoc IProjectRegistry
    function setMeter(uint64 projectId, address meter) external {
        _requireOwner(projectId).meter = meter;
        emit MeterSet(projectId, meter);
    }

    /// @inheritdoc IProjectRegistry
    function setDelegate(uint64 projectId, address who, uint8 rights) external {
        _requireOwner(projectId);
        if (rights > (DEPLOY | PROPOSE)) revert UnknownRights(rights);
        _rights[msg.sender][projectId][who] = rights;
        emit DelegateSet(projectId, msg.sender, who, rights);
    }

    /// @inheritdoc IProjectRegistry
    function transferOwnership(uint64 projectId, address newOwner) external {
        _requireOwner(projectId).pendingOwner = newOwner;
        emit OwnerProposed(projectId, newOwner);
    }

    /// @inheritdoc IProjectRegistry
    function acceptOwnership(uint64 projectId, string[] calldata domains) external {
        ProjectSlots storage project = _requireKnown(projectId);
        if (msg.sender != project.pendingOwner) {
            revert NotPendingProjectOwner(projectId, msg.sender, project.pendingOwner);
        }
        project.head = project.head.withOwner(msg.sender);
        project.pendingOwner = address(0);
        project.meter = address(0);
        emit OwnerAccepted(projectId, msg.sender);
        for (uint256 i = 0; i < domains.length; i++) {
            NAMES.setTarget(projectId, msg.sender, domains[i]);
        }
    }

    /// @inheritdoc IProjectRegistry
    function countDomain(uint64 projectId, bool isClaimed) external {
        if (msg.sender != address(NAMES)) revert NotNameRegistry(msg.sender);
        Head head = _projects[projectId].head;
        uint256 domains = head.domains();
        if (isClaimed && domains == MAX_DOMAINS) revert TooManyDomains(projectId);
        _projects[projectId].head = head.withDomains(isClaimed ? domains + 1 : domains - 1);
    }

    /// @inheritdoc IProjectRegistry
    function ownerOf(uint64 projectId) external view returns (address owner) {
        return _knownHead(projectId).owner();
    }

    /// @inheritdoc IProjectRegistry
    function holdingOf(uint64 projectId) external view returns (address owner, uint32 closedFrom) {
        Head head = _projects[projectId].head;
        return (head.owner(), head.isClosed() ? _projects[projectId].closedFrom : 0);
    }

    /// @inheritdoc IProjectRegistry
    function meterOf(uint64 projectId) external view returns (address meter) {
        return _requireKnown(projectId).meter;
    }

    /// @inheritdoc IProjectRegistry
    function mayDeploy(uint64 projectId, address who) external view returns (bool) {
        return _may(DEPLOY, _knownHead(projectId).owner(), projectId, who);
    }

    /// @inheritdoc IProjectRegistry
    function mayPropose(uint64 projectId, address who) external view returns (bool) {
        return _may(DEPLOY | PROPOSE, _knownHead(projectId).owner(), projectId, who);
    }

    /// @inheritdoc IProjectRegistry
    function nodeRegistry() external view returns (INodeRegistry) {
        return NODES;
    }

    /// @inheritdoc IProjectRegistry
    function nameRegistry() external view returns (INameRegistry) {
        return NAMES;
    }

    /// The head of an open project for which the caller has one of `rights`, or all as its owner.
    function _requireRights(uint8 rights, uint64 projectId) internal view returns (Head head) {
        head = _openHead(projectId);
        if (!_may(rights, head.owner(), projectId, msg.sender)) revert NotDeployer(projectId, msg.sender);
    }

    function _requireKnown(uint64 projectId) internal view returns (ProjectSlots storage project) {
        _knownHead(projectId);
        return _projects[projectId];
    }

    function _requireOpen(uint64 projectId) internal view returns (ProjectSlots storage project) {
        _openHead(projectId);
        return _projects[projectId];
    }

    /// A project of the caller's.
    function _requireOwner(uint64 projectId) internal view returns (ProjectSlots storage project) {
        _requireOwnerIn(_knownHead(projectId), projectId);
        return _projects[projectId];
    }

    /// An open project of the caller's.
    function _requireOpenOwner(uint64 projectId) internal view returns (ProjectSlots storage project) {
        Head head = _knownHead(projectId);
        _requireOwnerIn(head, projectId);
        _requireOpenIn(head, projectId);
        return _projects[projectId];
    }

    function _requireOwnerIn(Head head, uint64 projectId) private view {
        if (msg.sender != head.owner()) revert NotProjectOwner(projectId, msg.sender, head.owner());
    }

    function _requireOpenIn(Head head, uint64 projectId) private pure {
        if (head.isClosed()) revert ProjectClosed(projectId);
    }

    function _openHead(uint64 projectId) private view returns (Head head) {
        head = _knownHead(projectId);
        _requireOpenIn(head, projectId);
    }

    function _knownHead(uint64 projectId) private view returns (Head head) {
        head = _projects[projectId].head;
        if (head.owner() == address(0)) revert UnknownProject(projectId);
    }

    /// Whether `who` is the owner, or has one of `rights`.
    function _may(uint8 rights, address owner, uint64 projectId, address who) internal view returns (bool) {
        return who == owner || (_rights[owner][projectId][who] & rights) != 0;
    }
}
