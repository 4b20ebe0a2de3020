// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {Ledger} from "../Ledger.sol";
import {vm} from "../../support/Vm.sol";

/// @title What owners of projects do with their terms, names, rights and versions
abstract contract OwnerActions is Ledger {
    uint256 internal constant MOST_PROJECTS = 5;
    uint8 private constant DEPLOY = 1;
    uint16 internal constant ALL_REGIONS = 0x1ff;

    /// @notice A drawn or refilled seat went to a node that does not take projects, or moved a home that stays.
    error WronglySeated(uint64 projectId, uint256 seat, uint32 nodeId);

    bytes4 private constant CREATE_BY_HAND = bytes4(keccak256("createProject(string,uint32[],uint40)"));
    bytes4 private constant CREATE_DRAWN = bytes4(keccak256("createProject(string,uint8,uint16,uint40)"));

    function createByHand(uint256 seed) external action(seed) {
        if (projectCount == MOST_PROJECTS) return;
        uint32[] memory nodeIds = _someNodes(1 + _pick(5));
        bool foretold = _canCreate() && _allActive(nodeIds);
        uint256 cap = _between(_baseOf(_epoch()), maxCap);
        string memory domain = _newDomain();
        address owner = owners[_pick(3)];
        if (_expect(foretold, owner, address(projects), abi.encodeWithSelector(CREATE_BY_HAND, domain, nodeIds, cap))) {
            _created(owner, domain);
        }
    }

    function createDrawn(uint256 seed) external action(seed) {
        if (projectCount == MOST_PROJECTS) return;
        bool foretold = _canCreate() && _acceptingCount(ALL_REGIONS) != 0;
        uint256 cap = _between(_baseOf(_epoch()), maxCap);
        string memory domain = _newDomain();
        address owner = owners[_pick(3)];
        bytes memory data = abi.encodeWithSelector(CREATE_DRAWN, domain, 1 + _pick(8), ALL_REGIONS, cap);
        if (_expect(foretold, owner, address(projects), data)) _created(owner, domain);
    }

    /// The first deployment creates the project; the next ones add versions.
    function deploy(uint256 seed) external action(seed) {
        address owner = owners[_pick(3)];
        if (projectCount < MOST_PROJECTS && _once(3)) {
            string memory domain = _newDomain();
            bool foretold = _canCreate() && _acceptingCount(ALL_REGIONS) != 0;
            bytes memory data = abi.encodeCall(IProjectRegistry.deploy, (domain, _cid()));
            if (_expect(foretold, owner, address(projects), data)) _created(owner, domain);
            return;
        }
        uint64 projectId = _openProject();
        if (projectId == 0 || bytes(project[projectId].domain).length == 0) return;
        _expect(
            !_isPaused(address(projects)),
            project[projectId].owner,
            address(projects),
            abi.encodeCall(IProjectRegistry.deploy, (project[projectId].domain, _cid()))
        );
    }

    function setReplicas(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        uint32[] memory nodeIds = _someNodes(1 + _pick(6));
        bytes memory data = abi.encodeCall(IProjectRegistry.setReplicas, (projectId, nodeIds));
        _expect(_allActive(nodeIds), project[projectId].owner, address(projects), data);
    }

    function assignReplicas(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        uint32 home = _newestSeat(projectId, 0);
        uint8 count = uint8(1 + _pick(8));
        bytes memory data = abi.encodeCall(IProjectRegistry.assignReplicas, (projectId, count, ALL_REGIONS));
        bool stays = home != 0 && !nodes.isGone(home);
        // A home that stays needs no other.
        bool foretold = _acceptingCount(ALL_REGIONS) != 0 || (stays && count == 1);
        if (!_expect(foretold, project[projectId].owner, address(projects), data)) return;

        if (stays && _newestSeat(projectId, 0) != home) revert WronglySeated(projectId, 0, home);
        for (uint256 seat = stays ? 1 : 0; seat < 8; seat++) {
            uint32 nodeId = _newestSeat(projectId, seat);
            if (nodeId != 0 && !_accepts(nodeId)) revert WronglySeated(projectId, seat, nodeId);
        }
    }

    function setBudget(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        uint40 cap = uint40(_between(_baseOf(_epoch() + 1), maxCap));
        bytes memory data = abi.encodeCall(IProjectRegistry.setBudget, (projectId, cap));
        _expect(true, project[projectId].owner, address(projects), data);
    }

    function setRefill(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        uint16 mask = _once(4) ? uint16(_pick(ALL_REGIONS + 1)) : ALL_REGIONS;
        bytes memory data = abi.encodeCall(IProjectRegistry.setRefill, (projectId, mask, _once(2)));
        _expect(true, project[projectId].owner, address(projects), data);
    }

    function setMeter(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId != 0) _setMeter(projectId, _once(5) ? address(0) : vm.addr(METER_KEY));
    }

    function _setMeter(uint64 projectId, address meter) internal {
        bytes memory data = abi.encodeCall(IProjectRegistry.setMeter, (projectId, meter));
        if (_expect(true, project[projectId].owner, address(projects), data)) project[projectId].meter = meter;
    }

    function setDelegate(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        uint8 rights = _once(3) ? 0 : DEPLOY;
        bytes memory data = abi.encodeCall(IProjectRegistry.setDelegate, (projectId, delegate, rights));
        address owner = project[projectId].owner;
        if (_expect(true, owner, address(projects), data)) mayDeploy[owner][projectId] = rights == DEPLOY;
    }

    function giveProject(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        address to = owners[_pick(3)];
        bytes memory data = abi.encodeCall(IProjectRegistry.transferOwnership, (projectId, to));
        if (_expect(true, project[projectId].owner, address(projects), data)) project[projectId].pendingOwner = to;
    }

    function takeProject(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        for (uint256 i = 0; i < projectCount && project[projectId].pendingOwner == address(0); i++) {
            projectId = (projectId % projectCount) + 1;
        }
        Project storage entry = project[projectId];
        address taker = entry.pendingOwner == address(0) || _once(4) ? owners[_pick(3)] : entry.pendingOwner;
        bytes memory data = abi.encodeCall(IProjectRegistry.acceptOwnership, (projectId));
        if (!_expect(taker == entry.pendingOwner, taker, address(projects), data)) return;
        (entry.owner, entry.pendingOwner, entry.meter) = (taker, address(0), address(0));
    }

    function moveDomain(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        string memory domain = string.concat("moved", vm.toString(seed % 4), ".example.org");
        bytes memory data = abi.encodeCall(IProjectRegistry.claimDomain, (projectId, domain));
        if (!_expect(true, entry.owner, address(projects), data)) return;
        _expect(
            true,
            entry.owner,
            address(projects),
            abi.encodeCall(IProjectRegistry.releaseDomain, (projectId, domain))
        );
    }

    /// Rarely, and never the last two: closed projects only pay what is due.
    function close(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId < 3 || !_once(3)) return;
        bytes memory data = abi.encodeCall(IProjectRegistry.close, (projectId));
        if (_expect(true, project[projectId].owner, address(projects), data)) project[projectId].closed = true;
    }

    function _created(address owner, string memory domain) internal {
        uint64 projectId = ++projectCount;
        project[projectId].owner = owner;
        project[projectId].domain = domain;
        project[projectId].bornIn = _epoch();
        // First terms count at once.
        uint64[] memory ids = new uint64[](1);
        ids[0] = projectId;
        termsSeen[projectId][_epoch()] = projects.termsWords(ids, _epoch())[0];
    }

    function _newDomain() private view returns (string memory) {
        return string.concat("project-", vm.toString(projectCount + 1), ".", ZONE);
    }

    function _cid() internal pure returns (string memory) {
        return "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
    }

    function _canCreate() private view returns (bool) {
        return !_isPaused(address(projects));
    }

    function _isPaused(address target) internal view returns (bool) {
        return nowSeconds < pausedUntil[target];
    }

    function _baseOf(uint32 epoch) internal view returns (uint256) {
        return settlement.pricesAt(epoch).base;
    }

    function _anyProject() internal returns (uint64) {
        return projectCount == 0 ? 0 : uint64(1 + _pick(projectCount));
    }

    function _openProject() internal returns (uint64 projectId) {
        projectId = _anyProject();
        for (uint256 i = 0; i < projectCount && project[projectId].closed; i++)
            projectId = (projectId % projectCount) + 1;
        if (project[projectId].closed) return 0;
    }

    function _newestSeat(uint64 projectId, uint256 seat) internal view returns (uint32) {
        return _seatAt(_newestTerms(projectId), seat);
    }

    function _newestTerms(uint64 projectId) internal view returns (uint256) {
        uint64[] memory ids = new uint64[](1);
        ids[0] = projectId;
        return projects.termsWords(ids, type(uint24).max)[0];
    }

    /// Different nodes, most of them not retired.
    function _someNodes(uint256 count) internal returns (uint32[] memory ids) {
        if (count > nodeCount) count = nodeCount;
        ids = new uint32[](count);
        uint256 start = _pick(nodeCount);
        uint256 length;
        bool anyone = _once(10);
        for (uint256 i = 0; i < nodeCount && length < count; i++) {
            uint32 nodeId = uint32(1 + ((start + i) % nodeCount));
            if (anyone || node[nodeId].retiredFrom == 0) ids[length++] = nodeId;
        }
        if (length == 0) ids[length++] = uint32(1 + start);
        assembly ("memory-safe") {
            mstore(ids, length)
        }
    }

    function _allActive(uint32[] memory ids) private view returns (bool) {
        for (uint256 i = 0; i < ids.length; i++) if (node[ids[i]].retiredFrom != 0) return false;
        return true;
    }

    function _accepts(uint256 nodeId) internal view returns (bool) {
        Node storage entry = node[nodeId];
        return entry.pooled && entry.acceptingUntil >= _epoch();
    }

    function _acceptingCount(uint256 regionMask) internal view returns (uint256 count) {
        for (uint256 i = 1; i <= nodeCount; i++) {
            if (_accepts(i) && (regionMask >> node[i].region) & 1 == 1) count++;
        }
    }
}
