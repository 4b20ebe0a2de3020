// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {SettlementBound} from "./base/SettlementBound.sol";
import {NameRules} from "./interfaces/INameRegistry.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Cid} from "./libraries/Cid.sol";
import {ProjectRights} from "./projects/ProjectRights.sol";
import {ProjectTerms} from "./projects/ProjectTerms.sol";
import {Head} from "./types/Head.sol";
import {RefillRuleLib} from "./types/RefillRule.sol";
import {Terms, TermsLib} from "./types/Terms.sol";

/// @title Projects: their versions, terms and rights
/// @notice Creates projects and adds, activates and splits versions; terms and rights are inherited, names live in the
/// name registry, which this contract makes.
contract ProjectRegistry is ProjectTerms {
    uint256 private constant MAX_SPLIT_BPS = 9_999;

    mapping(uint64 projectId => mapping(uint256 version => bytes32)) private _digests;

    /// @param authority The access manager.
    /// @param nodes The nodes; their time line counts here too.
    /// @param names_ The rules of the network's names.
    /// @param defaultCap_ The cap of a project that `deploy` creates.
    /// @param maxCap_ The highest cap.
    constructor(
        address authority,
        INodeRegistry nodes,
        NameRules memory names_,
        uint40 defaultCap_,
        uint40 maxCap_
    ) AccessManaged(authority) ProjectRights(nodes, names_) ProjectTerms(defaultCap_, maxCap_) {}

    // Versions

    /// @inheritdoc IProjectRegistry
    function deploy(
        string calldata domain,
        string calldata cid
    ) external whenNotPaused returns (uint64 projectId, uint32 version) {
        bytes32 digest = Cid.parse(cid);
        uint64 newId = projectCount + 1;
        projectId = NAMES.enter(domain, msg.sender, newId);
        Head head;
        if (projectId == newId) {
            head = _create(projectId);
            _drawFirstTerms(projectId, RefillRuleLib.DEFAULT_SEATS, uint16(RefillRuleLib.ALL_REGIONS), defaultCap);
        } else {
            head = _projects[projectId].head;
        }
        version = _addVersion(projectId, head, digest, cid, true);
    }

    /// @inheritdoc IProjectRegistry
    function createProject(
        string calldata domain,
        uint8 count,
        uint16 regionMask,
        uint40 cap
    ) external whenNotPaused returns (uint64 projectId) {
        projectId = _createAt(domain, count, regionMask, cap);
        _drawFirstTerms(projectId, count, regionMask, cap);
    }

    /// @inheritdoc IProjectRegistry
    function createProjectOn(
        string calldata domain,
        uint32[] calldata nodeIds,
        uint40 cap
    ) external whenNotPaused returns (uint64 projectId) {
        projectId = _createAt(domain, nodeIds.length, 0, cap);
        _setFirstTerms(projectId, _withNamed(projectId, TermsLib.empty(cap), 0, nodeIds, Terms.wrap(0)));
    }

    /// @inheritdoc IProjectRegistry
    function addVersion(
        uint64 projectId,
        string calldata cid,
        bool live
    ) external whenNotPaused returns (uint32 version) {
        Head head = _requireRights(live ? DEPLOY : DEPLOY | PROPOSE, projectId);
        version = _addVersion(projectId, head, Cid.parse(cid), cid, live);
        if (!live && !_may(DEPLOY, head.owner(), projectId, msg.sender)) {
            emit Proposed(projectId, version, msg.sender);
        }
    }

    /// @inheritdoc IProjectRegistry
    function activate(uint64 projectId, uint32 version, bytes32 digest) external {
        Head head = _requireRights(DEPLOY, projectId);
        bytes32 stored = _digestOf(projectId, head.versions(), version);
        if (digest != stored) revert WrongDigest(projectId, version, digest, stored);

        _projects[projectId].head = _endSplit(projectId, head).withActive(version);
        emit Activated(projectId, version);
    }

    /// @inheritdoc IProjectRegistry
    function split(uint64 projectId, uint32 version, uint16 bps) external {
        Head head = _requireRights(DEPLOY, projectId);
        if (bps > MAX_SPLIT_BPS) revert SplitBpsOutOfRange(bps);
        ProjectSlots storage project = _projects[projectId];
        if (bps == 0) {
            project.head = _endSplit(projectId, head);
            emit SplitSet(projectId, 0, 0);
            return;
        }

        _digestOf(projectId, head.versions(), version); // reverts where there is no such version
        if (version == head.active()) revert SplitWithActive(projectId, version);
        project.head = head.withSplit(true);
        project.splitVersion = version;
        project.splitBps = bps;
        emit SplitSet(projectId, version, bps);
    }

    // Views

    /// @inheritdoc IProjectRegistry
    function recordOf(uint64 projectId) external view returns (Record memory record) {
        ProjectSlots storage slots = _requireKnown(projectId);
        return
            Record({
                head: slots.head,
                terms: slots.terms,
                meter: slots.meter,
                closedFrom: slots.closedFrom,
                pendingOwner: slots.pendingOwner,
                splitVersion: slots.splitVersion,
                splitBps: slots.splitBps
            });
    }

    /// @inheritdoc IProjectRegistry
    function digestOf(uint64 projectId, uint32 version) external view returns (bytes32 digest) {
        return _digestOf(projectId, _requireKnown(projectId).head.versions(), version);
    }

    // Internals

    /// A project of the caller with its first domain and its rule for refills, without terms yet: what is wrong with a name
    /// is said before anything is of its nodes.
    function _createAt(
        string calldata domain,
        uint256 count,
        uint256 regionMask,
        uint40 cap
    ) private returns (uint64 projectId) {
        _requireCap(cap, currentEpoch());
        _requireSeatCount(count);
        projectId = projectCount + 1;
        NAMES.claimFirst(domain, msg.sender, projectId);
        _create(projectId);
        _setRefill(projectId, _projects[projectId], count, regionMask, true, false);
    }

    /// The next project, which the caller owns, and for which a domain was claimed just now.
    function _create(uint64 projectId) private returns (Head head) {
        projectCount = projectId;
        head = Head.wrap(0).withOwner(msg.sender).withDomains(1);
        _projects[projectId].head = head;
        emit ProjectCreated(projectId, msg.sender);
        IUsageSettlement(settlement).open(projectId);
    }

    function _drawFirstTerms(uint64 projectId, uint256 count, uint16 regionMask, uint256 cap) private {
        uint32[] memory drawn = _draw(projectId, count, regionMask, cap);
        _setFirstTerms(projectId, _withDrawn(TermsLib.empty(cap), count, drawn));
    }

    function _addVersion(
        uint64 projectId,
        Head head,
        bytes32 digest,
        string calldata cid,
        bool live
    ) private returns (uint32 version) {
        head = head.withNextVersion();
        version = head.versions();
        _projects[projectId].head = live ? _endSplit(projectId, head).withActive(version) : head;
        _digests[projectId][version] = digest;
        emit VersionAdded(projectId, version, cid, live);
    }

    /// The head without a split, which is forgotten. Most projects have none: then no other slot is read.
    function _endSplit(uint64 projectId, Head head) private returns (Head) {
        if (!head.isSplit()) return head;
        _projects[projectId].splitVersion = 0;
        _projects[projectId].splitBps = 0;
        return head.withSplit(false);
    }

    function _digestOf(uint64 projectId, uint32 versions, uint32 version) private view returns (bytes32) {
        if (version == 0 || version > versions) revert UnknownVersion(projectId, version, versions);
        return _digests[projectId][version];
    }

    /// @inheritdoc SettlementBound
    function _namesThis(IUsageSettlement candidate) internal view override returns (bool) {
        return
            address(candidate.projectRegistry()) == address(this) &&
            address(candidate.nodeRegistry()) == address(NODES);
    }
}
