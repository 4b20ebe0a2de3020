// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {Seating} from "./Seating.sol";

/// @title What should come of names: who holds which domain, and where a `deploy` goes
/// @dev Domains are few and known by number, so that people meet at them.
abstract contract Names is Seating {
    /// A name of the zone.
    struct Name {
        uint64 projectId;
        bool released;
        uint32 releasedAt;
        uint32 noticedAt;
    }

    uint256 internal constant ZONE_NAMES = 9;
    uint256 internal constant DOMAINS = ZONE_NAMES + 3;
    /// The last name of the zone is kept by the network.
    uint256 internal constant RESERVED = ZONE_NAMES - 1;
    uint32 internal constant NAME_REST = 30;
    uint32 internal constant LAPSE_AFTER = 90;

    mapping(uint256 domain => Name) internal name;
    /// Domains outside the zone.
    mapping(uint64 projectId => mapping(uint256 domain => bool)) internal claims;
    mapping(uint256 domain => mapping(address who => uint64)) internal target;

    /// @notice Who acted by name acted on something of somebody else's.
    error NotTheirOwn(string domain, address who, uint64 projectId, address owner);

    function _domain(uint256 index) internal pure returns (string memory) {
        if (index == RESERVED) return string.concat("admin.", ZONE);
        if (index < ZONE_NAMES) return string.concat("name-", vm.toString(index), ".", ZONE);
        return string.concat("site", vm.toString(index), ".example.org");
    }

    function _isInZone(uint256 index) internal pure returns (bool) {
        return index < ZONE_NAMES;
    }

    /// Whether the domain stands written to the project, open or closed.
    function _isWritten(uint256 index, uint64 projectId) internal view returns (bool) {
        if (!_isInZone(index)) return claims[projectId][index];
        return name[index].projectId == projectId && projectId != 0 && !name[index].released;
    }

    function _holdsDomain(uint256 index, uint64 projectId) internal view returns (bool) {
        return _isWritten(index, projectId) && !project[projectId].closed;
    }

    function _domainCount(uint64 projectId) internal view returns (uint256 count) {
        for (uint256 i = 0; i < DOMAINS; i++) if (_isWritten(i, projectId)) count++;
    }

    /// Where a `deploy` of `who` goes; 0: nothing is there. `taken`: it is another's.
    function _projectAt(uint256 index, address who) internal view returns (uint64 projectId, bool taken) {
        projectId = _isInZone(index) ? name[index].projectId : target[index][who];
        if (!_holdsDomain(index, projectId)) return (0, false);
        if (project[projectId].owner == who) return (projectId, false);
        return (0, _isInZone(index));
    }

    /// Whether `who` may have the domain for a project that does not hold it yet.
    function _mayClaim(uint256 index, address who) internal view returns (bool) {
        if (!_isInZone(index)) return true;
        Name storage entry = name[index];
        if (index == RESERVED) return false;
        if (entry.projectId == 0) return true;
        Project storage last = project[entry.projectId];
        if (!entry.released && !last.closed) return false;
        uint32 restsFrom = entry.released ? entry.releasedAt : last.closedFrom - 1;
        return last.owner == who || _epoch() > restsFrom + NAME_REST;
    }

    function _bookClaim(uint256 index, uint64 projectId, address who) internal {
        if (_isInZone(index) && _isWritten(index, name[index].projectId)) _saw("namesTakenAtClosed");
        if (_isInZone(index)) name[index] = Name(projectId, false, 0, 0);
        else (claims[projectId][index], target[index][who]) = (true, projectId);
    }

    /// Less than one epoch's budget, and a name to lose.
    function _isPoor(uint256 index) internal view returns (bool) {
        Project storage entry = project[name[index].projectId];
        uint256 budget = _capOf(entry.newest) * _max(1, _seatCountOf(entry.newest));
        return _isInZone(index) && _isWritten(index, name[index].projectId) && entry.balance < budget;
    }

    /// The epoch in which the credit of the name's project last rose or its terms last changed.
    function _changedIn(uint256 index) internal view returns (uint256) {
        Project storage entry = project[name[index].projectId];
        return _max(entry.raisedAt, _fromOf(entry.newest));
    }

    function _requireOwn(uint256 index, address who, uint64 projectId) internal view {
        address owner = projects.ownerOf(projectId);
        if (owner != who || !names.holds(projectId, _domain(index))) {
            revert NotTheirOwn(_domain(index), who, projectId, owner);
        }
    }
}
