// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {CreditActions} from "./CreditActions.sol";
import {vm} from "../../support/Vm.sol";

/// @title What owners of projects do with their rights and versions
abstract contract OwnerActions is CreditActions {
    uint8 internal constant DEPLOY = 1;
    uint8 internal constant PROPOSE = 2;

    /// A version of the owner's, live or not.
    function addVersion(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId != 0) _addVersion(projectId, project[projectId].owner, !_once(3));
    }

    /// Back to an older version, or on to one that was proposed; now and then by another's digest.
    function activate(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0 || project[projectId].versions == 0) return;
        Project storage entry = project[projectId];
        uint32 version = uint32(1 + _pick(entry.versions));
        bytes32 digest = projects.digestOf(projectId, version);
        bool known = !_once(6);
        bytes memory data = abi.encodeCall(IProjectRegistry.activate, (projectId, version, known ? digest : ~digest));
        if (_expect(known, entry.owner, address(projects), data)) (entry.active, entry.split) = (version, false);
    }

    function split(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        uint32 version = uint32(1 + _pick(entry.versions + 1));
        uint16 bps = _once(4) ? 0 : 500;
        bool foretold = bps == 0 || (version <= entry.versions && version != entry.active);
        bytes memory data = abi.encodeCall(IProjectRegistry.split, (projectId, version, bps));
        if (_expect(foretold, entry.owner, address(projects), data)) entry.split = bps != 0;
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
        uint8 given = uint8(_pick(_once(8) ? 8 : 4));
        bytes memory data = abi.encodeCall(IProjectRegistry.setDelegate, (projectId, delegate, given));
        address owner = project[projectId].owner;
        if (_expect(given <= 3, owner, address(projects), data)) rights[owner][projectId] = given;
    }

    function giveProject(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId != 0) _giveProject(projectId, owners[_pick(3)]);
    }

    /// With some domains, of which deployments of the new owner then go here; one that the project does not hold spoils it.
    function takeProject(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        for (uint256 i = 0; i < projectCount && !_hasOutsideDomain(projectId) && !_once(4); i++) {
            projectId = (projectId % projectCount) + 1;
        }
        if (project[projectId].pendingOwner == address(0) && _once(2)) _giveProject(projectId, owners[_pick(3)]);
        Project storage entry = project[projectId];
        address taker = entry.pendingOwner == address(0) || _once(4) ? owners[_pick(3)] : entry.pendingOwner;
        (string[] memory domains, uint256[] memory indexes) = _someDomains(projectId);
        bool foretold = taker == entry.pendingOwner;
        for (uint256 i = 0; i < indexes.length; i++) foretold = foretold && _holdsDomain(indexes[i], projectId);
        bytes memory data = abi.encodeCall(IProjectRegistry.acceptOwnership, (projectId, domains));
        if (!_expect(foretold, taker, address(projects), data)) return;
        (entry.owner, entry.pendingOwner, entry.meter) = (taker, address(0), address(0));
        for (uint256 i = 0; i < indexes.length; i++) {
            if (_isInZone(indexes[i])) continue;
            if (target[indexes[i]][taker] != projectId) _saw("targetMoved");
            target[indexes[i]][taker] = projectId;
        }
    }

    /// Rarely, and never the first two: closed projects only pay what is due.
    function close(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId < 3 || !_once(3)) return;
        Project storage entry = project[projectId];
        bytes memory data = abi.encodeCall(IProjectRegistry.close, (projectId));
        if (!_expect(true, entry.owner, address(projects), data)) return;
        (entry.closed, entry.closedFrom) = (true, _epoch() + 1);
        _setTerms(projectId, _withCap(0, _capOf(entry.newest)));
    }

    function _addVersion(uint64 projectId, address by, bool live) internal returns (bool done) {
        Project storage entry = project[projectId];
        uint8 needed = live ? DEPLOY : DEPLOY | PROPOSE;
        bool may = by == entry.owner || (by == delegate && rights[entry.owner][projectId] & needed != 0);
        bytes memory data = abi.encodeCall(IProjectRegistry.addVersion, (projectId, _cid(), live));
        done = _expect(may && !entry.closed && !_isPaused(address(projects)), by, address(projects), data);
        if (done && by == delegate && !live) _saw("proposed");
        if (done) _bookVersion(projectId, live);
    }

    function _bookVersion(uint64 projectId, bool live) internal {
        Project storage entry = project[projectId];
        entry.versions++;
        if (live) (entry.active, entry.split) = (entry.versions, false);
    }

    function _giveProject(uint64 projectId, address to) private {
        bytes memory data = abi.encodeCall(IProjectRegistry.transferOwnership, (projectId, to));
        if (_expect(true, project[projectId].owner, address(projects), data)) project[projectId].pendingOwner = to;
    }

    function _hasOutsideDomain(uint64 projectId) private view returns (bool) {
        for (uint256 i = ZONE_NAMES; i < DOMAINS; i++) if (_holdsDomain(i, projectId)) return true;
        return false;
    }

    function _someDomains(uint64 projectId) private returns (string[] memory domains, uint256[] memory indexes) {
        bool others = _once(6);
        (domains, indexes) = (new string[](DOMAINS), new uint256[](DOMAINS));
        uint256 length;
        for (uint256 i = 0; i < DOMAINS; i++) {
            if (!_once(2) || (!others && !_holdsDomain(i, projectId))) continue;
            (domains[length], indexes[length++]) = (_domain(i), i);
        }
        assembly ("memory-safe") {
            mstore(domains, length)
            mstore(indexes, length)
        }
    }

    function _cid() internal pure returns (string memory) {
        return "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
    }

    function _isPaused(address paused) internal view returns (bool) {
        return nowSeconds < pausedUntil[paused];
    }
}
