// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {EpochClock} from "./base/EpochClock.sol";
import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {Times} from "./interfaces/IEpochClock.sol";
import {INameRegistry, NameRules} from "./interfaces/INameRegistry.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Domain, DomainName} from "./libraries/Domain.sol";
import {Terms} from "./types/Terms.sol";

/// @title Names: which project holds a domain
/// @dev Made by the project registry, whose owners and counts it relies on.
contract NameRegistry is INameRegistry, EpochClock {
    using ShortStrings for ShortString;
    using ShortStrings for string;

    /// @dev Whose a name of the zone is or was. One slot.
    struct Name {
        uint64 projectId;
        uint24 releasedAt;
        uint24 noticedAt;
        bool released;
    }

    /// Epochs that a name rests after it was given up.
    uint256 private constant NAME_REST = 30;
    /// Epochs between the notice that a project cannot pay and the lapse of its name.
    uint256 private constant LAPSE_AFTER = 90;
    /// Names are kept no longer than a lapse takes: one that lapsed here is free, whoever had it before.
    uint256 private constant MOST_KEPT = LAPSE_AFTER;

    IProjectRegistry private immutable PROJECTS;
    ShortString private immutable ZONE;
    address private immutable NAME_KEEPER;
    INameRegistry private immutable PREDECESSOR;
    uint256 private immutable KEPT_UNTIL;

    mapping(bytes32 labelHash => Name) private _names;
    /// Domains outside the zone: which project holds them, and which of them a caller's `deploy` goes to.
    mapping(uint64 projectId => mapping(bytes32 domainHash => bool)) private _claimed;
    mapping(bytes32 domainHash => mapping(address caller => uint64)) private _targets;

    /// @param times_ The time line of all contracts.
    constructor(Times memory times_, NameRules memory rules) EpochClock(times_) {
        PROJECTS = IProjectRegistry(msg.sender);
        Domain.checkZone(rules.zone);
        ZONE = rules.zone.toShortString();
        NAME_KEEPER = rules.nameKeeper;
        PREDECESSOR = rules.predecessor;
        bool hasPredecessor = address(rules.predecessor) != address(0);
        if (
            hasPredecessor
                ? rules.keptEpochs > MOST_KEPT ||
                    keccak256(bytes(rules.predecessor.zone())) != keccak256(bytes(rules.zone))
                : rules.keptEpochs != 0
        ) revert WrongPredecessor(rules.predecessor, rules.keptEpochs);
        KEPT_UNTIL = hasPredecessor ? currentEpoch() + rules.keptEpochs : 0;
    }

    modifier onlyProjects() {
        if (msg.sender != address(PROJECTS)) revert NotProjectRegistry(msg.sender);
        _;
    }

    modifier onlyOwnerOf(uint64 projectId) {
        address owner = PROJECTS.ownerOf(projectId);
        if (msg.sender != owner) revert IProjectRegistry.NotProjectOwner(projectId, msg.sender, owner);
        _;
    }

    // Claims

    /// @inheritdoc INameRegistry
    function claimDomain(uint64 projectId, string calldata domain) external onlyOwnerOf(projectId) {
        DomainName memory name = _parse(domain);
        (, uint32 closedFrom) = PROJECTS.holdingOf(projectId);
        if (closedFrom != 0) revert IProjectRegistry.ProjectClosed(projectId);
        bool held = _isWrittenTo(projectId, name);
        if (!held || !name.inZone) _claim(projectId, domain, name, msg.sender);
        if (held) return;

        emit DomainClaimed(projectId, domain);
        PROJECTS.countDomain(projectId, true);
    }

    /// @inheritdoc INameRegistry
    function releaseDomain(uint64 projectId, string calldata domain) external onlyOwnerOf(projectId) {
        DomainName memory name = _parse(domain);
        if (!_holds(projectId, name)) revert DomainNotClaimed(projectId, domain);

        if (name.inZone) {
            Name storage given = _names[name.key];
            (given.released, given.releasedAt, given.noticedAt) = (true, uint24(currentEpoch()), 0);
        } else {
            delete _claimed[projectId][name.key];
            if (_targets[name.key][msg.sender] == projectId) _setTarget(0, domain, name, msg.sender);
        }
        _forget(projectId, domain, ReleaseReason.GivenUp);
    }

    /// @inheritdoc INameRegistry
    function enter(string calldata domain, address who, uint64 newId) external onlyProjects returns (uint64 projectId) {
        DomainName memory name = _parse(domain);
        projectId = _projectAt(name, who);
        if (projectId != 0) return projectId;

        _claim(newId, domain, name, who);
        emit DomainClaimed(newId, domain);
        return newId;
    }

    /// @inheritdoc INameRegistry
    function claimFirst(string calldata domain, address who, uint64 newId) external onlyProjects {
        _claim(newId, domain, _parse(domain), who);
        emit DomainClaimed(newId, domain);
    }

    /// @inheritdoc INameRegistry
    function setTarget(uint64 projectId, address who, string calldata domain) external onlyProjects {
        DomainName memory name = _parse(domain);
        if (!_holds(projectId, name)) revert DomainNotClaimed(projectId, domain);
        if (!name.inZone) _setTarget(projectId, domain, name, who);
    }

    // Lapsing

    /// @inheritdoc INameRegistry
    function noticeLapse(string calldata domain) external {
        (Name storage name, uint256 changedIn) = _unfunded(domain);
        uint256 epoch = currentEpoch();
        if (changedIn >= epoch) revert NoticedTooSoon(domain, uint32(changedIn));
        if (name.noticedAt > changedIn) revert AlreadyNoticed(domain, name.noticedAt);

        name.noticedAt = uint24(epoch);
        emit LapseNoticed(name.projectId, domain, uint32(epoch), uint32(epoch + LAPSE_AFTER));
    }

    /// @inheritdoc INameRegistry
    function lapse(string calldata domain) external {
        (Name storage name, uint256 changedIn) = _unfunded(domain);
        if (name.noticedAt <= changedIn) revert NotNoticed(domain);
        uint256 lastEpoch = name.noticedAt + LAPSE_AFTER;
        if (currentEpoch() <= lastEpoch) revert NotLapsed(domain, uint32(lastEpoch));

        uint64 projectId = name.projectId;
        (name.projectId, name.noticedAt) = (0, 0);
        _forget(projectId, domain, ReleaseReason.Lapsed);
    }

    // Views

    /// @inheritdoc INameRegistry
    function projectAt(string calldata domain, address who) external view returns (uint64 projectId) {
        return _projectAt(_parse(domain), who);
    }

    /// @inheritdoc INameRegistry
    function holderOf(string calldata domain) external view returns (uint64 projectId) {
        DomainName memory name = _parseInZone(domain);
        projectId = _names[name.key].projectId;
        if (!_holds(projectId, name)) revert NameIsFree(domain);
    }

    /// @inheritdoc INameRegistry
    function holds(uint64 projectId, string calldata domain) external view returns (bool) {
        return _holds(projectId, _parse(domain));
    }

    /// @inheritdoc INameRegistry
    function standingOf(
        string calldata domain
    )
        external
        view
        returns (NameStanding standing, address owner, uint64 projectId, uint32 lastEpoch, uint32 noticedAt)
    {
        DomainName memory name = _parseInZone(domain);
        Name memory record = _names[name.key];
        uint256 last;
        (standing, owner, last) = _standing(domain, record);
        return (standing, owner, record.projectId, uint32(last), record.noticedAt);
    }

    /// @inheritdoc INameRegistry
    function zone() external view returns (string memory) {
        return ZONE.toString();
    }

    /// @inheritdoc INameRegistry
    function nameKeeper() external view returns (address) {
        return NAME_KEEPER;
    }

    /// @inheritdoc INameRegistry
    function predecessor() external view returns (INameRegistry) {
        return PREDECESSOR;
    }

    /// @inheritdoc INameRegistry
    function keptUntil() external view returns (uint32) {
        return uint32(KEPT_UNTIL);
    }

    /// @inheritdoc INameRegistry
    function projectRegistry() external view returns (IProjectRegistry) {
        return PROJECTS;
    }

    // Internals

    /// Writes a domain to the project, or says why that cannot be.
    function _claim(uint64 projectId, string calldata domain, DomainName memory name, address who) private {
        if (name.inZone) {
            _claimInZone(projectId, domain, name, who);
        } else {
            _claimed[projectId][name.key] = true;
            _setTarget(projectId, domain, name, who);
        }
    }

    function _claimInZone(uint64 projectId, string calldata domain, DomainName memory name, address who) private {
        if (name.reserved && who != NAME_KEEPER) revert Domain.NameIsReserved(domain);

        Name memory last = _names[name.key];
        (NameStanding standing, address owner, uint256 lastEpoch) = _standing(domain, last);
        if (standing == NameStanding.Held) revert NameTaken(owner);
        if (who != owner) {
            if (standing == NameStanding.Resting) revert NameResting(domain, uint32(lastEpoch));
            if (standing == NameStanding.Kept) revert NameKept(domain, owner, uint32(lastEpoch));
        }
        // A closed project keeps its names until others claim them.
        if (last.projectId != 0 && !last.released) _forget(last.projectId, domain, ReleaseReason.ProjectClosed);
        _names[name.key] = Name({projectId: projectId, releasedAt: 0, noticedAt: 0, released: false});
    }

    /// A target that stands already costs nothing and says nothing.
    function _setTarget(uint64 projectId, string calldata domain, DomainName memory name, address who) private {
        if (_targets[name.key][who] == projectId) return;
        _targets[name.key][who] = projectId;
        emit TargetSet(projectId, who, domain);
    }

    function _forget(uint64 projectId, string calldata domain, ReleaseReason reason) private {
        emit DomainReleased(projectId, domain, reason);
        PROJECTS.countDomain(projectId, false);
    }

    /// How a name of the zone stands, who has a right to it, and until when nobody else has.
    function _standing(
        string calldata domain,
        Name memory name
    ) private view returns (NameStanding standing, address owner, uint256 lastEpoch) {
        if (name.projectId == 0) {
            if (address(PREDECESSOR) == address(0) || currentEpoch() > KEPT_UNTIL) {
                return (NameStanding.Free, address(0), 0);
            }
            (standing, owner, , , ) = PREDECESSOR.standingOf(domain);
            if (standing == NameStanding.Free) return (NameStanding.Free, address(0), 0);
            return (NameStanding.Kept, owner, KEPT_UNTIL);
        }

        uint256 closedFrom;
        (owner, closedFrom) = PROJECTS.holdingOf(name.projectId);
        if (!name.released && closedFrom == 0) return (NameStanding.Held, owner, 0);
        uint256 epoch = currentEpoch();
        lastEpoch = (name.released ? name.releasedAt : closedFrom - 1) + NAME_REST;
        if (epoch > lastEpoch) return (NameStanding.Free, address(0), 0);
        return (NameStanding.Resting, owner, lastEpoch);
    }

    /// The project of `name` that a `deploy` of `who` goes to; 0 where there is none. Reverts where a name is another's.
    function _projectAt(DomainName memory name, address who) private view returns (uint64 projectId) {
        if (!name.inZone) {
            projectId = _targets[name.key][who];
            if (projectId == 0 || !_claimed[projectId][name.key]) return 0;
            (address holder, uint32 since) = PROJECTS.holdingOf(projectId);
            return since == 0 && holder == who ? projectId : 0;
        }
        Name memory record = _names[name.key];
        if (record.projectId == 0 || record.released) return 0;
        (address owner, uint32 closedFrom) = PROJECTS.holdingOf(record.projectId);
        if (closedFrom != 0) return 0;
        if (owner != who) revert NameTaken(owner);
        return record.projectId;
    }

    function _holds(uint64 projectId, DomainName memory name) private view returns (bool) {
        if (!_isWrittenTo(projectId, name)) return false;
        (, uint32 closedFrom) = PROJECTS.holdingOf(projectId);
        return closedFrom == 0;
    }

    function _isWrittenTo(uint64 projectId, DomainName memory name) private view returns (bool) {
        if (!name.inZone) return _claimed[projectId][name.key];
        Name memory record = _names[name.key];
        return projectId != 0 && record.projectId == projectId && !record.released;
    }

    /// The name of a project that cannot pay one epoch, and the epoch in which its credit last rose or its terms last
    /// changed: a notice counts only when it is younger.
    function _unfunded(string calldata domain) private view returns (Name storage name, uint256 changedIn) {
        DomainName memory parsed = _parse(domain);
        if (!parsed.inZone) revert NotInZone(domain);
        name = _names[parsed.key];
        uint64 projectId = name.projectId;
        if (!_isWrittenTo(projectId, parsed)) revert NameIsFree(domain);

        ICreditEscrow escrow = IUsageSettlement(PROJECTS.settlement()).creditEscrow();
        ICreditEscrow.Account memory account = escrow.accountOf(projectId);
        Terms terms = PROJECTS.recordOf(projectId).terms;
        uint256 budget = terms.cap() * Math.max(1, terms.count());
        if (account.balance >= budget) revert StillFunded(domain, account.balance, budget);
        // Terms that count from the next epoch were set in this one.
        return (name, Math.max(account.raisedAt, terms.fromEpoch()));
    }

    function _parse(string calldata domain) private view returns (DomainName memory) {
        return Domain.parse(domain, ZONE);
    }

    function _parseInZone(string calldata domain) private view returns (DomainName memory name) {
        name = _parse(domain);
        if (!name.inZone) revert ProveByTxt(domain);
    }
}
