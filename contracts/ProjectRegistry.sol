// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {SettlementBound} from "./base/SettlementBound.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Cid} from "./libraries/Cid.sol";
import {DomainName} from "./libraries/Domain.sol";
import {ProjectDomains} from "./projects/ProjectDomains.sol";
import {ProjectRights} from "./projects/ProjectRights.sol";
import {ProjectTerms} from "./projects/ProjectTerms.sol";
import {Head} from "./types/Head.sol";
import {RefillRuleLib} from "./types/RefillRule.sol";

/// @title Projects: their versions, terms, domains and rights
/// @notice Creates projects and adds, activates and splits versions; terms, domains and rights are inherited.
contract ProjectRegistry is ProjectTerms, ProjectDomains {
    uint256 private constant MAX_SPLIT_BPS = 9_999;

    mapping(uint64 projectId => mapping(uint256 version => bytes32)) private _digests;

    /// @param authority The access manager.
    /// @param nodes The nodes; their time line counts here too.
    /// @param zone_ The network's own domain, at most 31 characters.
    /// @param nameKeeper May claim the names of the zone that the network reserves for its own pages.
    /// @param defaultCap_ The cap of a project that `deploy` creates.
    /// @param maxCap_ The highest cap.
    constructor(
        address authority,
        INodeRegistry nodes,
        string memory zone_,
        address nameKeeper,
        uint40 defaultCap_,
        uint40 maxCap_
    )
        AccessManaged(authority)
        ProjectRights(nodes)
        ProjectTerms(defaultCap_, maxCap_)
        ProjectDomains(zone_, nameKeeper)
    {}

    // Versions

    /// @inheritdoc IProjectRegistry
    function deploy(
        string calldata domain,
        string calldata cid
    ) external whenNotPaused returns (uint64 projectId, uint32 version) {
        bytes32 digest = Cid.parse(cid);
        DomainName memory name = _parse(domain);
        projectId = _projectAt(name, msg.sender);
        if (projectId == 0) {
            projectId = _create(domain, name);
            uint32[] memory nodeIds = _draw(projectId, RefillRuleLib.DEFAULT_SEATS, uint16(RefillRuleLib.ALL_REGIONS));
            _setFirstTerms(projectId, nodeIds, defaultCap);
        }
        version = _addVersion(projectId, _projects[projectId].head, digest, cid, true);
    }

    /// @inheritdoc IProjectRegistry
    function createProject(
        string calldata domain,
        uint32[] calldata nodeIds,
        uint40 cap
    ) external whenNotPaused returns (uint64 projectId) {
        DomainName memory name = _parse(domain);
        _requireCap(cap, currentEpoch());
        _requireSeatable(nodeIds);
        projectId = _create(domain, name);
        _setFirstTerms(projectId, nodeIds, cap);
        _setRefill(projectId, nodeIds.length, RefillRuleLib.ALL_REGIONS, false);
    }

    /// @inheritdoc IProjectRegistry
    function createProject(
        string calldata domain,
        uint8 count,
        uint16 regionMask,
        uint40 cap
    ) external whenNotPaused returns (uint64 projectId) {
        DomainName memory name = _parse(domain);
        _requireCap(cap, currentEpoch());
        _requireSeatCount(count);
        projectId = _create(domain, name);
        _setFirstTerms(projectId, _draw(projectId, count, regionMask), cap);
        _setRefill(projectId, count, regionMask, false);
    }

    /// @inheritdoc IProjectRegistry
    function addVersion(
        uint64 projectId,
        string calldata cid,
        bool live
    ) external whenNotPaused returns (uint32 version) {
        return _addVersion(projectId, _requireDeployer(projectId), Cid.parse(cid), cid, live);
    }

    /// @inheritdoc IProjectRegistry
    function activate(uint64 projectId, uint32 version, bytes32 digest) external {
        Head head = _requireDeployer(projectId);
        bytes32 stored = _digestOf(projectId, head.versions(), version);
        if (digest != stored) revert WrongDigest(projectId, version, digest, stored);

        _endSplit(projectId, head);
        _projects[projectId].head = head.withActive(version);
        emit Activated(projectId, version);
    }

    /// @inheritdoc IProjectRegistry
    function split(uint64 projectId, uint32 version, uint16 bps) external {
        Head head = _requireDeployer(projectId);
        if (bps > MAX_SPLIT_BPS) revert SplitBps(bps);
        if (bps == 0) {
            version = 0;
        } else {
            _digestOf(projectId, head.versions(), version); // reverts where there is no such version
            if (version == head.active()) revert SplitWithActive(projectId, version);
        }

        ProjectSlots storage project = _projects[projectId];
        project.head = head.withSplit(bps != 0);
        project.splitVersion = version;
        project.splitBps = bps;
        emit SplitSet(projectId, version, bps);
    }

    // Views

    /// @inheritdoc IProjectRegistry
    function resolve(
        string calldata domain
    )
        external
        view
        returns (
            uint64 projectId,
            address owner,
            uint32 version,
            string memory cid,
            uint32[] memory nodeIds,
            string[] memory endpoints
        )
    {
        return _resolve(_holderOf(domain));
    }

    /// @inheritdoc IProjectRegistry
    function resolve(
        string calldata domain,
        uint64 id
    )
        external
        view
        returns (
            uint64 projectId,
            address owner,
            uint32 version,
            string memory cid,
            uint32[] memory nodeIds,
            string[] memory endpoints
        )
    {
        if (!_holds(id, _parse(domain))) revert DomainNotClaimed(id, domain);
        return _resolve(id);
    }

    /// @inheritdoc IProjectRegistry
    function contenthash(string calldata domain) external view returns (bytes memory hash) {
        return contenthash(_holderOf(domain));
    }

    /// @inheritdoc IProjectRegistry
    function contenthash(uint64 projectId) public view returns (bytes memory hash) {
        Head head = _requireKnown(projectId).head;
        return Cid.contenthash(_digestOf(projectId, head.versions(), head.active()));
    }

    /// @inheritdoc IProjectRegistry
    function projectOf(uint64 projectId) external view returns (Project memory project) {
        ProjectSlots storage slots = _requireKnown(projectId);
        return
            Project({
                owner: slots.head.owner(),
                pendingOwner: slots.pendingOwner,
                meter: slots.meter,
                versions: slots.head.versions(),
                active: slots.head.active(),
                splitVersion: slots.splitVersion,
                splitBps: slots.splitBps,
                domains: slots.head.domains(),
                closedFrom: slots.closedFrom,
                nodeIds: slots.terms.nodeIds(),
                cap: uint40(slots.terms.cap()),
                fromEpoch: uint32(slots.terms.fromEpoch()),
                seats: uint8(slots.refill.seats()),
                regionMask: uint16(slots.refill.regionMask()),
                pinHome: slots.refill.pinHome()
            });
    }

    /// @inheritdoc IProjectRegistry
    function versionOf(uint64 projectId, uint32 version) external view returns (bytes32 digest, string memory cid) {
        digest = _digestOf(projectId, _requireKnown(projectId).head.versions(), version);
        cid = Cid.text(digest);
    }

    // Internals

    /// A project of the caller at `domain`, without terms yet: what is wrong with a name is said before nodes are drawn.
    function _create(string calldata domain, DomainName memory name) private returns (uint64 projectId) {
        projectId = ++projectCount;
        _projects[projectId].head = _projects[projectId].head.withOwner(msg.sender);
        emit ProjectCreated(projectId, msg.sender);
        _claim(projectId, domain, name);
        IUsageSettlement(settlement).open(projectId);
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
        if (live) {
            _endSplit(projectId, head);
            head = head.withActive(version);
        }
        _projects[projectId].head = head;
        _digests[projectId][version] = digest;
        emit VersionAdded(projectId, version, cid, live);
    }

    function _endSplit(uint64 projectId, Head head) private {
        if (!head.isSplit()) return;
        _projects[projectId].splitVersion = 0;
        _projects[projectId].splitBps = 0;
    }

    function _digestOf(uint64 projectId, uint32 versions, uint32 version) private view returns (bytes32) {
        if (version == 0 || version > versions) revert UnknownVersion(projectId, version, versions);
        return _digests[projectId][version];
    }

    function _resolve(
        uint64 id
    )
        private
        view
        returns (
            uint64 projectId,
            address owner,
            uint32 version,
            string memory cid,
            uint32[] memory nodeIds,
            string[] memory endpoints
        )
    {
        ProjectSlots storage project = _projects[id];
        (projectId, owner, version) = (id, project.head.owner(), project.head.active());
        if (version != 0) cid = Cid.text(_digests[id][version]);
        nodeIds = project.terms.nodeIds();
        endpoints = NODES.endpointsOf(nodeIds);
    }

    /// @inheritdoc SettlementBound
    function _namesThis(IUsageSettlement candidate) internal view override returns (bool) {
        return
            address(candidate.projectRegistry()) == address(this) &&
            address(candidate.nodeRegistry()) == address(NODES);
    }
}
