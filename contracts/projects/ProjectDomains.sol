// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {ICreditEscrow} from "../interfaces/ICreditEscrow.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
import {Domain} from "../libraries/Domain.sol";
import {ProjectRights} from "./ProjectRights.sol";

/// @title Domains: names of the zone, which are exclusive, and others, which the DNS proves
abstract contract ProjectDomains is ProjectRights {
    using ShortStrings for ShortString;
    using ShortStrings for string;

    /// @dev A name of the zone, and whose it is or was. One slot.
    struct Name {
        uint64 projectId;
        uint24 claimedAt;
        uint24 releasedAt;
        bool released;
    }

    uint256 private constant MAX_DOMAINS = 32;
    /// Epochs that a name rests after it was given up.
    uint256 private constant NAME_REST = 30;
    /// Epochs without credit after which a name may be taken away.
    uint256 private constant LAPSE_AFTER = 90;

    ShortString private immutable ZONE;
    address private immutable NAME_KEEPER;

    mapping(bytes32 labelHash => Name) private _names;
    /// Domains outside the zone: which project holds them, and which of them a caller's `deploy` goes to.
    mapping(uint64 projectId => mapping(bytes32 domainHash => bool)) private _claimed;
    mapping(bytes32 domainHash => mapping(address caller => uint64)) private _targets;

    /// @param zone_ The network's own domain, at most 31 characters.
    /// @param nameKeeper May claim the names of the zone that the network reserves for its own pages.
    constructor(string memory zone_, address nameKeeper) {
        ZONE = zone_.toShortString();
        NAME_KEEPER = nameKeeper;
    }

    /// @inheritdoc IProjectRegistry
    function claimDomain(uint64 projectId, string calldata domain) external onlyOwner(projectId) whenOpen(projectId) {
        Domain.check(domain);
        _claim(projectId, domain);
    }

    /// @inheritdoc IProjectRegistry
    function releaseDomain(uint64 projectId, string calldata domain) external onlyOwner(projectId) {
        bytes calldata label = _label(domain);
        if (!_holds(projectId, domain, label)) revert DomainNotClaimed(projectId, domain);

        if (label.length != 0) {
            Name storage name = _names[keccak256(label)];
            name.released = true;
            name.releasedAt = uint24(currentEpoch());
        } else {
            bytes32 domainHash = keccak256(bytes(domain));
            delete _claimed[projectId][domainHash];
            delete _targets[domainHash][msg.sender];
        }
        _projects[projectId].domains--;
        emit DomainReleased(projectId, domain);
    }

    /// @inheritdoc IProjectRegistry
    function lapse(string calldata domain) external {
        bytes calldata label = _label(domain);
        if (label.length == 0) revert NotInZone(domain);
        Name memory name = _names[keccak256(label)];
        if (name.projectId == 0 || name.released) revert NameFree(domain);

        // As long as neither balance nor terms changed, today's answer was the answer then.
        ProjectSlots storage project = _projects[name.projectId];
        (uint64 balance, uint32 changedAt) = _credit(name.projectId);
        uint256 budget = project.terms.cap() * Math.max(1, project.terms.count());
        uint256 since = Math.max(Math.max(changedAt, project.terms.fromEpoch()), name.claimedAt);
        if (balance >= budget || currentEpoch() <= since + LAPSE_AFTER) {
            revert NotLapsed(domain, balance, budget, uint32(since + LAPSE_AFTER));
        }

        delete _names[keccak256(label)];
        project.domains--;
        emit DomainReleased(name.projectId, domain);
    }

    /// @inheritdoc IProjectRegistry
    function projectAt(string calldata domain, address who) external view returns (uint64) {
        Domain.check(domain);
        return _projectAt(domain, who);
    }

    /// @inheritdoc IProjectRegistry
    function zone() external view returns (string memory) {
        return ZONE.toString();
    }

    /// Gives the project a domain; a domain that it holds already changes nothing but the caller's target.
    function _claim(uint64 projectId, string calldata domain) internal {
        bytes calldata label = _label(domain);
        bool held = _holds(projectId, domain, label);
        if (label.length != 0) {
            if (!held) _claimName(projectId, domain, label);
        } else {
            bytes32 domainHash = keccak256(bytes(domain));
            _claimed[projectId][domainHash] = true;
            _targets[domainHash][msg.sender] = projectId;
        }
        if (held) return;

        ProjectSlots storage project = _projects[projectId];
        if (project.domains == MAX_DOMAINS) revert TooManyDomains(projectId);
        project.domains++;
        emit DomainClaimed(projectId, domain);
    }

    function _claimName(uint64 projectId, string calldata domain, bytes calldata label) private {
        if (Domain.isReserved(label) && msg.sender != NAME_KEEPER) revert Domain.NameReserved(domain);

        bytes32 labelHash = keccak256(label);
        Name memory name = _names[labelHash];
        if (name.projectId != 0) {
            ProjectSlots storage last = _projects[name.projectId];
            if (!name.released && last.closedFrom == 0) revert NameTaken(last.owner);
            uint256 lastEpoch = (name.released ? name.releasedAt : last.closedFrom - 1) + NAME_REST;
            if (msg.sender != last.owner && currentEpoch() <= lastEpoch) revert NameResting(domain, uint32(lastEpoch));
            if (!name.released) {
                last.domains--;
                emit DomainReleased(name.projectId, domain);
            }
        }
        _names[labelHash] =
            Name({projectId: projectId, claimedAt: uint24(currentEpoch()), releasedAt: 0, released: false});
    }

    /// The project of `domain` that `who` may deploy to; 0 where there is none. Reverts where a name is another's.
    function _projectAt(string calldata domain, address who) internal view returns (uint64 projectId) {
        bytes calldata label = _label(domain);
        if (label.length != 0) {
            Name memory name = _names[keccak256(label)];
            projectId = name.projectId;
            if (projectId == 0 || name.released || _projects[projectId].closedFrom != 0) return 0;
            if (!mayDeploy(projectId, who)) revert NameTaken(_projects[projectId].owner);
        } else {
            projectId = _targets[keccak256(bytes(domain))][who];
            if (projectId == 0 || !_holds(projectId, domain, label) || !mayDeploy(projectId, who)) return 0;
        }
    }

    /// Whether the project holds the domain. `label` is the one below the zone, empty for other domains.
    function _holds(uint64 projectId, string calldata domain, bytes calldata label) internal view returns (bool) {
        if (_projects[projectId].closedFrom != 0) return false;
        if (label.length == 0) return _claimed[projectId][keccak256(bytes(domain))];
        Name memory name = _names[keccak256(label)];
        return name.projectId == projectId && !name.released;
    }

    function _nameHolder(string calldata domain) internal view returns (uint64 projectId) {
        bytes calldata label = _label(domain);
        if (label.length == 0) revert ProveByTxt(domain);
        projectId = _names[keccak256(label)].projectId;
        if (projectId == 0 || !_holds(projectId, domain, label)) revert NameFree(domain);
    }

    function _label(string calldata domain) internal view returns (bytes calldata) {
        return Domain.zoneLabel(domain, ZONE.toString());
    }

    function _credit(uint64 projectId) private view returns (uint64 balance, uint32 changedAt) {
        ICreditEscrow.Account memory account = IUsageSettlement(settlement).creditEscrow().accountOf(projectId);
        return (account.balance, account.changedAt);
    }
}
