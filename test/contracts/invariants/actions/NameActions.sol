// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreditEscrow} from "../../../../contracts/interfaces/ICreditEscrow.sol";
import {INameRegistry} from "../../../../contracts/interfaces/INameRegistry.sol";
import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {TermsActions} from "./TermsActions.sol";

/// @title What people do by name: create, deploy, claim, release, pay, and take names that lapsed
abstract contract NameActions is TermsActions {
    uint256 internal constant MOST_PROJECTS = 6;

    function createByHand(uint256 seed) external action(seed) {
        if (projectCount == MOST_PROJECTS) return;
        uint40 cap = _someCap(_epoch());
        uint32[] memory ids = _someNodes(1 + _pick(5), cap, 0);
        (uint256 index, address owner) = (_someDomain(), owners[_pick(3)]);
        bool foretold = cap <= maxCap && _areSeatable(ids, 0, cap) && _canCreate(index, owner);
        bytes memory data = abi.encodeCall(IProjectRegistry.createProjectOn, (_domain(index), ids, cap));
        if (!_expect(foretold, owner, address(projects), data)) return;
        uint256 word = _withCap(0, cap);
        for (uint256 i = 0; i < ids.length; i++) word = _withSeat(word, i, ids[i]);
        _created(owner, index, _from(word, _epoch()));
        (project[projectCount].refillSeats, project[projectCount].refillMask) = (uint8(ids.length), 0);
    }

    function createDrawn(uint256 seed) external action(seed) {
        if (projectCount == MOST_PROJECTS) return;
        uint40 cap = _someCap(_epoch());
        (uint8 count, uint16 mask) = (uint8(1 + _pick(8)), _someRegions());
        (uint256 index, address owner) = (_someDomain(), owners[_pick(3)]);
        bool foretold = cap <= maxCap && _acceptingCount(mask, cap) != 0 && _canCreate(index, owner);
        bytes memory data = abi.encodeCall(IProjectRegistry.createProject, (_domain(index), count, mask, cap));
        if (!_expect(foretold, owner, address(projects), data)) return;
        _createdDrawn(owner, index, count, mask, cap);
        (project[projectCount].refillSeats, project[projectCount].refillMask) = (count, mask);
    }

    /// By one of the owners, anywhere: into a project of their own, or a new one, or not at all.
    function deploy(uint256 seed) external action(seed) {
        (uint256 index, address who) = (_someDomain(), owners[_pick(3)]);
        (uint64 projectId, ) = _projectAt(index, who);
        if (projectId == 0 && projectCount == MOST_PROJECTS && _mayClaim(index, who)) return;
        _deploy(index, who);
    }

    function claimDomain(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        uint256 index = _someDomain();
        if (_once(2)) (projectId, index) = _atClosed(projectId, index);
        Project storage entry = project[projectId];
        bool held = _isWritten(index, projectId);
        bool foretold = !entry.closed && (held || _mayClaim(index, entry.owner));
        bytes memory data = abi.encodeCall(INameRegistry.claimDomain, (projectId, _domain(index)));
        if (!_expect(foretold, entry.owner, address(names), data)) return;
        if (!held || !_isInZone(index)) _bookClaim(index, projectId, entry.owner);
    }

    /// A name that a project had when it was closed, and another project of the same owner, if there are such.
    function _atClosed(uint64 projectId, uint256 index) private view returns (uint64, uint256) {
        for (uint256 i = 0; i < ZONE_NAMES; i++) {
            Project storage last = project[name[i].projectId];
            if (!last.closed || name[i].released) continue;
            for (uint64 id = 1; id <= projectCount; id++) {
                if (!project[id].closed && project[id].owner == last.owner) return (id, i);
            }
        }
        return (projectId, index);
    }

    function releaseDomain(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        uint256 index = _pick(DOMAINS);
        for (uint256 i = 0; i < DOMAINS && !_isWritten(index, projectId) && !_once(8); i++)
            index = (index + 1) % DOMAINS;
        address owner = project[projectId].owner;
        bytes memory data = abi.encodeCall(INameRegistry.releaseDomain, (projectId, _domain(index)));
        if (!_expect(_holdsDomain(index, projectId), owner, address(names), data)) return;
        if (_isInZone(index)) name[index] = Name(projectId, true, _epoch(), 0);
        else {
            claims[projectId][index] = false;
            if (target[index][owner] == projectId) target[index][owner] = 0;
        }
    }

    /// To whom somebody wants to give, by the name they know.
    function depositAt(uint256 seed) external action(seed) {
        (uint256 index, address owner) = (_someDomain(), owners[_pick(3)]);
        // Most people know whose it is.
        for (uint256 i = 0; i < DOMAINS * 3 && _isElsewhere(index, owner) && !_once(24); i++) {
            (index, owner) = (_someDomain(), owners[_pick(3)]);
        }
        uint64 amount = uint64(_between(0, 20 * USD));
        (uint64 projectId, ) = _projectAt(index, owner);
        bytes memory data = abi.encodeCall(ICreditEscrow.depositAt, (_domain(index), owner, amount));
        if (!_expect(projectId != 0 && amount != 0, stranger, address(escrow), data)) return;
        _requireOwn(index, owner, projectId);
        purse[stranger] -= amount;
        _raise(projectId, amount);
    }

    /// Often waits for the epoch behind the last change.
    function noticeLapse(uint256 seed) external action(seed) {
        _noticeLapse(_poorName());
    }

    function _noticeLapse(uint256 index) private {
        if (_isPoor(index) && _changedIn(index) >= _epoch() && _once(2)) _moveToEpoch(uint32(_changedIn(index) + 1));
        bool foretold = _isPoor(index) && _changedIn(index) < _epoch() && name[index].noticedAt <= _changedIn(index);
        bytes memory data = abi.encodeCall(INameRegistry.noticeLapse, (_domain(index)));
        if (_expect(foretold, stranger, address(names), data)) name[index].noticedAt = _epoch();
    }

    /// Rarely waits for the 90 epochs or one less. Where nobody noticed yet, it is often done first.
    function lapse(uint256 seed) external action(seed) {
        uint256 index = _poorName();
        if (_isPoor(index) && name[index].noticedAt <= _changedIn(index) && _once(2)) _noticeLapse(index);
        bool noticed = _isPoor(index) && name[index].noticedAt > _changedIn(index);
        if (noticed && _once(3)) _moveToEpoch(name[index].noticedAt + LAPSE_AFTER + (_once(4) ? 0 : 1));
        bool foretold = noticed && _epoch() > name[index].noticedAt + LAPSE_AFTER;
        bytes memory data = abi.encodeCall(INameRegistry.lapse, (_domain(index)));
        if (_expect(foretold, stranger, address(names), data)) name[index] = Name(0, false, 0, 0);
    }

    function _isElsewhere(uint256 index, address owner) private view returns (bool) {
        (uint64 projectId, ) = _projectAt(index, owner);
        return projectId == 0;
    }

    function _deploy(uint256 index, address who) internal {
        (uint64 projectId, ) = _projectAt(index, who);
        bool creates = projectId == 0;
        bool foretold =
            creates
                ? _canCreate(index, who) && _acceptingCount(ALL_REGIONS, DEFAULT_CAP) != 0
                : !_isPaused(address(projects));
        bytes memory data = abi.encodeCall(IProjectRegistry.deploy, (_domain(index), _cid()));
        if (!_expect(foretold, who, address(projects), data)) return;
        if (creates) _createdDrawn(who, index, 3, ALL_REGIONS, DEFAULT_CAP);
        _bookVersion(creates ? projectCount : projectId, true);
        _requireOwn(index, who, creates ? projectCount : projectId);
    }

    function _createdDrawn(address owner, uint256 index, uint8 count, uint16 mask, uint40 cap) private {
        uint256 word = _from(_withCap(_drawn(projectCount + 1), cap), _epoch());
        _requireDrawn(projectCount + 1, word, 0, count, mask);
        _created(owner, index, word);
    }

    function _created(address owner, uint256 index, uint256 word) private {
        uint64 projectId = ++projectCount;
        Project storage entry = project[projectId];
        (entry.owner, entry.newest) = (owner, word);
        (entry.refillSeats, entry.refillMask, entry.pinHome) = (3, ALL_REGIONS, true);
        _bookClaim(index, projectId, owner);
        // First terms count at once.
        termsOf[projectId][_epoch()] = word;
    }

    function _canCreate(uint256 index, address owner) private view returns (bool) {
        return !_isPaused(address(projects)) && _mayClaim(index, owner);
    }

    /// Any, and seldom the one that is the network's.
    function _someDomain() private returns (uint256 index) {
        index = _once(3) ? ZONE_NAMES + _pick(DOMAINS - ZONE_NAMES) : _pick(ZONE_NAMES);
        if (index == RESERVED && !_once(4)) index = 0;
    }

    /// A name whose project cannot pay an epoch, if there is one: the one noticed first, as often as not.
    function _poorName() private returns (uint256 index) {
        index = _pick(_once(8) ? DOMAINS : ZONE_NAMES);
        if (_once(8)) return index;
        for (uint256 i = 0; i < ZONE_NAMES && !_isPoor(index); i++) index = (index + 1) % ZONE_NAMES;
        for (uint256 i = 0; i < ZONE_NAMES; i++) {
            if (_isPoor(i) && name[i].noticedAt > _changedIn(i)) return i;
        }
    }
}
