// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {SettlementBound} from "./base/SettlementBound.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Cid} from "./libraries/Cid.sol";
import {Domain} from "./libraries/Domain.sol";
import {ProjectDomains} from "./projects/ProjectDomains.sol";
import {ProjectRights} from "./projects/ProjectRights.sol";
import {ProjectTerms} from "./projects/ProjectTerms.sol";
import {RefillRuleLib} from "./types/RefillRule.sol";

/// @title Projects: their versions, terms, domains and rights
/// @notice Creates projects and adds, activates and splits versions; terms, domains and rights are inherited.
contract ProjectRegistry is ProjectTerms, ProjectDomains {
    uint256 private constant MAX_SPLIT_BPS = 9_999;

    mapping(uint64 projectId => mapping(uint32 version => bytes32)) private _digests;

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
    function deploy(string calldata domain, string calldata cid)
        external
        whenNotPaused
        returns (uint64 projectId, uint32 version)
    {
        bytes32 digest = Cid.parse(cid);
        Domain.check(domain);
        projectId = _projectAt(domain, msg.sender);
        if (projectId == 0) {
            uint32[] memory nodeIds =
                _draw(projectCount + 1, RefillRuleLib.DEFAULT_SEATS, uint16(RefillRuleLib.ALL_REGIONS));
            projectId = _create(domain, nodeIds, defaultCap);
        }
        version = _addVersion(projectId, digest, cid, true);
    }

    /// @inheritdoc IProjectRegistry
    function createProject(string calldata domain, uint32[] calldata nodeIds, uint40 cap)
        external
        whenNotPaused
        returns (uint64 projectId)
    {
        Domain.check(domain);
        _requireCap(cap, currentEpoch());
        _requireSeatable(nodeIds);
        projectId = _create(domain, nodeIds, cap);
        _setRefill(projectId, nodeIds.length, RefillRuleLib.ALL_REGIONS, false);
    }

    /// @inheritdoc IProjectRegistry
    function createProject(string calldata domain, uint8 count, uint16 regionMask, uint40 cap)
        external
        whenNotPaused
        returns (uint64 projectId)
    {
        Domain.check(domain);
        _requireCap(cap, currentEpoch());
        _requireSeatCount(count);
        projectId = _create(domain, _draw(projectCount + 1, count, regionMask), cap);
        _setRefill(projectId, count, regionMask, false);
    }

    /// @inheritdoc IProjectRegistry
    function addVersion(uint64 projectId, string calldata cid, bool live)
        external
        whenNotPaused
        onlyDeployer(projectId)
        whenOpen(projectId)
        returns (uint32 version)
    {
        return _addVersion(projectId, Cid.parse(cid), cid, live);
    }

    /// @inheritdoc IProjectRegistry
    function activate(uint64 projectId, uint32 version, bytes32 digest)
        external
        onlyDeployer(projectId)
        whenOpen(projectId)
    {
        bytes32 stored = _digestOf(projectId, version);
        if (digest != stored) revert WrongDigest(projectId, version, digest, stored);

        ProjectSlots storage project = _projects[projectId];
        project.active = version;
        _endSplit(project);
        emit Activated(projectId, version, msg.sender);
    }

    /// @inheritdoc IProjectRegistry
    function split(uint64 projectId, uint32 version, uint16 bps) external onlyDeployer(projectId) whenOpen(projectId) {
        ProjectSlots storage project = _projects[projectId];
        if (bps > MAX_SPLIT_BPS) revert SplitBps(bps);
        if (bps == 0) {
            version = 0;
        } else {
            _digestOf(projectId, version); // reverts where there is no such version
            if (version == project.active) revert SplitWithActive(projectId, version);
        }
        project.splitVersion = version;
        project.splitBps = bps;
        emit SplitSet(projectId, version, bps);
    }

    // Views

    /// @inheritdoc IProjectRegistry
    function resolve(string calldata domain)
        external
        view
        returns (uint64, address, uint32, string memory, uint32[] memory, string[] memory)
    {
        return _resolve(_nameHolder(domain));
    }

    /// @inheritdoc IProjectRegistry
    function resolve(string calldata domain, uint64 id)
        external
        view
        returns (uint64, address, uint32, string memory, uint32[] memory, string[] memory)
    {
        if (!_holds(id, domain, _label(domain))) revert DomainNotClaimed(id, domain);
        return _resolve(id);
    }

    /// @inheritdoc IProjectRegistry
    function contenthash(string calldata domain) external view returns (bytes memory) {
        return contenthash(_nameHolder(domain));
    }

    /// @inheritdoc IProjectRegistry
    function contenthash(uint64 projectId) public view returns (bytes memory) {
        return Cid.contenthash(_digestOf(projectId, _requireKnown(projectId).active));
    }

    /// @inheritdoc IProjectRegistry
    function projectOf(uint64 projectId) external view returns (Project memory) {
        ProjectSlots storage project = _requireKnown(projectId);
        return Project({
            owner: project.owner,
            pendingOwner: project.pendingOwner,
            meter: project.meter,
            versions: project.versions,
            active: project.active,
            splitVersion: project.splitVersion,
            splitBps: project.splitBps,
            domains: project.domains,
            closedFrom: project.closedFrom,
            nodeIds: project.terms.nodeIds(),
            cap: uint40(project.terms.cap()),
            fromEpoch: uint32(project.terms.fromEpoch()),
            seats: uint8(project.refill.seats()),
            regionMask: uint16(project.refill.regionMask()),
            pinHome: project.refill.pinHome()
        });
    }

    /// @inheritdoc IProjectRegistry
    function versionOf(uint64 projectId, uint32 version) external view returns (bytes32 digest, string memory cid) {
        digest = _digestOf(projectId, version);
        cid = Cid.text(digest);
    }

    // Internals

    function _create(string calldata domain, uint32[] memory nodeIds, uint256 cap) private returns (uint64 projectId) {
        projectId = ++projectCount;
        _projects[projectId].owner = msg.sender;
        emit ProjectCreated(projectId, msg.sender);
        _setFirstTerms(projectId, nodeIds, cap);
        _claim(projectId, domain);
        IUsageSettlement(settlement).open(projectId);
    }

    function _addVersion(uint64 projectId, bytes32 digest, string calldata cid, bool live)
        private
        returns (uint32 version)
    {
        ProjectSlots storage project = _projects[projectId];
        version = ++project.versions;
        _digests[projectId][version] = digest;
        if (live) {
            project.active = version;
            _endSplit(project);
        }
        emit VersionAdded(projectId, version, msg.sender, cid, live);
    }

    function _endSplit(ProjectSlots storage project) private {
        if (project.splitVersion == 0) return;
        project.splitVersion = 0;
        project.splitBps = 0;
    }

    function _digestOf(uint64 projectId, uint32 version) private view returns (bytes32) {
        uint32 versions = _requireKnown(projectId).versions;
        if (version == 0 || version > versions) revert UnknownVersion(projectId, version, versions);
        return _digests[projectId][version];
    }

    function _resolve(uint64 projectId)
        private
        view
        returns (uint64, address, uint32, string memory, uint32[] memory, string[] memory)
    {
        ProjectSlots storage project = _projects[projectId];
        uint32 version = project.active;
        string memory cid = version == 0 ? "" : Cid.text(_digests[projectId][version]);
        uint32[] memory nodeIds = project.terms.nodeIds();
        return (projectId, project.owner, version, cid, nodeIds, NODES.endpointsOf(nodeIds));
    }

    /// @inheritdoc SettlementBound
    function _namesThis(IUsageSettlement candidate) internal view override returns (bool) {
        return address(candidate.projectRegistry()) == address(this) && address(candidate.nodeRegistry()) == address(NODES);
    }
}
