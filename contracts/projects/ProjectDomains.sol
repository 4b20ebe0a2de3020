// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {ICreditEscrow} from "../interfaces/ICreditEscrow.sol";
import {IProjectRegistry} from "../interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
import {Domain, DomainName} from "../libraries/Domain.sol";
import {Head} from "../types/Head.sol";
import {ProjectRights} from "./ProjectRights.sol";

/// @title Domains: names of the zone, which are exclusive, and others, which the DNS proves
abstract contract ProjectDomains is ProjectRights {
    using ShortStrings for ShortString;
    using ShortStrings for string;

    /// @dev Whose a name of the zone is or was. One slot.
    struct Claim {
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

    mapping(bytes32 labelHash => Claim) private _claims;
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
        _claim(projectId, domain, _parse(domain));
    }

    /// @inheritdoc IProjectRegistry
    function releaseDomain(uint64 projectId, string calldata domain) external onlyOwner(projectId) {
        DomainName memory name = _parse(domain);
        if (!_holds(projectId, name)) revert DomainNotClaimed(projectId, domain);

        if (name.inZone) {
            Claim storage claim = _claims[name.key];
            claim.released = true;
            claim.releasedAt = uint24(currentEpoch());
        } else {
            delete _claimed[projectId][name.key];
            if (_targets[name.key][msg.sender] == projectId) delete _targets[name.key][msg.sender];
        }
        _forget(projectId, domain);
    }

    /// @inheritdoc IProjectRegistry
    function lapse(string calldata domain) external {
        DomainName memory name = _parse(domain);
        if (!name.inZone) revert NotInZone(domain);
        Claim memory claim = _claims[name.key];
        if (claim.projectId == 0 || claim.released) revert NameFree(domain);

        // Since the balance last fell it was never more than now, and by the same terms: as little as today's.
        ProjectSlots storage project = _projects[claim.projectId];
        (uint64 balance, uint32 loweredAt) = _credit(claim.projectId);
        uint256 budget = project.terms.cap() * Math.max(1, project.terms.count());
        uint256 since = Math.max(Math.max(loweredAt, project.terms.fromEpoch()), claim.claimedAt);
        if (balance >= budget || currentEpoch() <= since + LAPSE_AFTER) {
            revert NotLapsed(domain, balance, budget, uint32(since + LAPSE_AFTER));
        }

        delete _claims[name.key];
        _forget(claim.projectId, domain);
    }

    /// @inheritdoc IProjectRegistry
    function projectAt(string calldata domain, address who) external view returns (uint64 projectId) {
        return _projectAt(_parse(domain), who);
    }

    /// @inheritdoc IProjectRegistry
    function zone() external view returns (string memory) {
        return ZONE.toString();
    }

    /// Gives the project a domain; a domain that it holds already changes nothing but the caller's target.
    function _claim(uint64 projectId, string calldata domain, DomainName memory name) internal {
        bool held = _holds(projectId, name);
        if (name.inZone) {
            if (!held) _claimInZone(projectId, domain, name);
        } else {
            _claimed[projectId][name.key] = true;
            _targets[name.key][msg.sender] = projectId;
        }
        if (held) return;

        Head head = _projects[projectId].head;
        if (head.domains() == MAX_DOMAINS) revert TooManyDomains(projectId);
        _projects[projectId].head = head.withDomains(head.domains() + 1);
        emit DomainClaimed(projectId, domain);
    }

    function _forget(uint64 projectId, string calldata domain) private {
        Head head = _projects[projectId].head;
        _projects[projectId].head = head.withDomains(head.domains() - 1);
        emit DomainReleased(projectId, domain);
    }

    function _claimInZone(uint64 projectId, string calldata domain, DomainName memory name) private {
        if (name.reserved && msg.sender != NAME_KEEPER) revert Domain.NameReserved(domain);

        Claim memory claim = _claims[name.key];
        if (claim.projectId != 0) {
            ProjectSlots storage last = _projects[claim.projectId];
            if (!claim.released && !last.head.isClosed()) revert NameTaken(last.head.owner());
            uint256 lastEpoch = (claim.released ? claim.releasedAt : last.closedFrom - 1) + NAME_REST;
            if (msg.sender != last.head.owner() && currentEpoch() <= lastEpoch)
                revert NameResting(domain, uint32(lastEpoch));
            if (!claim.released) _forget(claim.projectId, domain);
        }
        _claims[name.key] = Claim({
            projectId: projectId,
            claimedAt: uint24(currentEpoch()),
            releasedAt: 0,
            released: false
        });
    }

    /// The project of `name` that `who` may deploy to; 0 where there is none. Reverts where a name is another's.
    function _projectAt(DomainName memory name, address who) internal view returns (uint64 projectId) {
        if (name.inZone) {
            Claim memory claim = _claims[name.key];
            projectId = claim.projectId;
            if (projectId == 0 || claim.released || _projects[projectId].head.isClosed()) return 0;
            if (!mayDeploy(projectId, who)) revert NameTaken(_projects[projectId].head.owner());
        } else {
            projectId = _targets[name.key][who];
            if (projectId == 0 || !_holds(projectId, name) || !mayDeploy(projectId, who)) return 0;
        }
    }

    function _holds(uint64 projectId, DomainName memory name) internal view returns (bool) {
        if (_projects[projectId].head.isClosed()) return false;
        if (!name.inZone) return _claimed[projectId][name.key];
        Claim memory claim = _claims[name.key];
        return claim.projectId == projectId && projectId != 0 && !claim.released;
    }

    /// The project that holds a name of the zone.
    function _holderOf(string calldata domain) internal view returns (uint64 projectId) {
        DomainName memory name = _parse(domain);
        if (!name.inZone) revert ProveByTxt(domain);
        projectId = _claims[name.key].projectId;
        if (!_holds(projectId, name)) revert NameFree(domain);
    }

    function _parse(string calldata domain) internal view returns (DomainName memory) {
        return Domain.parse(domain, ZONE);
    }

    function _credit(uint64 projectId) private view returns (uint64 balance, uint32 loweredAt) {
        ICreditEscrow.Account memory account = IUsageSettlement(settlement).creditEscrow().accountOf(projectId);
        return (account.balance, account.loweredAt);
    }
}
