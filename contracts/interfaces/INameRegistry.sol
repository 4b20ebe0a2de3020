// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochClock} from "./IEpochClock.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @notice The rules of a network's names, fixed at construction.
/// @param zone The network's own domain, at most 31 characters.
/// @param nameKeeper May claim the names of the zone that the network reserves for itself.
/// @param predecessor The name registry of the network that this one succeeds, with the same zone; zero for none.
/// @param keptEpochs For how many epochs names are kept for those that hold them there; at most 90.
struct NameRules {
    string zone;
    address nameKeeper;
    INameRegistry predecessor;
    uint32 keptEpochs;
}

/// @title Names: which project holds a domain
/// @notice A domain is a name of the zone (one label of 3 to 63 characters below it, exclusive) or any other domain (not
/// exclusive: its DNS decides by a TXT record).
interface INameRegistry is IEpochClock {
    /// @notice Why a project no longer holds a domain: its owner gave it up; it lapsed; or the project is closed and
    /// another claimed the name.
    enum ReleaseReason {
        GivenUp,
        Lapsed,
        ProjectClosed
    }

    /// @notice How a name of the zone stands: anyone may claim it; a project holds it; it was given up, and only its last
    /// owner may claim it yet; or the network before keeps it for the owner that it has there.
    enum NameStanding {
        Free,
        Held,
        Resting,
        Kept
    }

    event DomainClaimed(uint64 indexed projectId, string domain);
    event DomainReleased(uint64 indexed projectId, string domain, ReleaseReason reason);
    /// @notice A `deploy` of `owner` to `domain`, which lies outside the zone, goes to this project; 0: it creates one.
    event TargetSet(uint64 indexed projectId, address indexed owner, string domain);
    /// @notice Unless credit for an epoch comes, anyone may take the name after epoch `lastEpoch`.
    event LapseNoticed(uint64 indexed projectId, string domain, uint32 noticedAt, uint32 lastEpoch);

    /// @notice Only the project registry calls this.
    error NotProjectRegistry(address caller);
    /// @notice The name belongs to a project of `owner`.
    error NameTaken(address owner);
    /// @notice The name was given up; until epoch `lastEpoch` only its last owner may claim it.
    error NameResting(string domain, uint32 lastEpoch);
    /// @notice The network before this one has the name for `owner`; until epoch `lastEpoch` nobody else may claim it.
    error NameKept(string domain, address owner, uint32 lastEpoch);
    /// @notice The project does not hold this domain.
    error DomainNotClaimed(uint64 projectId, string domain);
    /// @notice No project holds this name.
    error NameIsFree(string domain);
    /// @notice The domain lies outside the zone: who holds it, its DNS says by `TXT _worker3.<domain>`.
    error ProveByTxt(string domain);
    /// @notice Only a name of the zone lapses.
    error NotInZone(string domain);
    /// @notice The project has credit for an epoch: its names do not lapse.
    error StillFunded(string domain, uint64 balance, uint256 budget);
    /// @notice The project's credit or terms changed in epoch `changedIn`; a lapse is noticed after that.
    error NoticedTooSoon(string domain, uint32 changedIn);
    /// @notice The notice of epoch `noticedAt` stands.
    error AlreadyNoticed(string domain, uint32 noticedAt);
    /// @notice Nobody noticed that the name lapses, or credit or other terms came since.
    error NotNoticed(string domain);
    /// @notice The notice is young: the name can be taken after epoch `lastEpoch`.
    error NotLapsed(string domain, uint32 lastEpoch);
    /// @notice The network before has another zone, or names would be kept for longer than 90 epochs.
    error WrongPredecessor(INameRegistry predecessor, uint32 keptEpochs);

    /// @notice Claims a domain for the project; at most 32. For a domain outside the zone it also makes `deploy` of the
    /// caller find this project. For the project's owner.
    function claimDomain(uint64 projectId, string calldata domain) external;

    /// @notice Gives a domain up. A name of the zone is free to others after 30 epochs, to its last owner at once. For the
    /// project's owner.
    function releaseDomain(uint64 projectId, string calldata domain) external;

    /// @notice Says on chain that the project could not pay one epoch's budget: 90 epochs later its name may be taken, if
    /// nothing was deposited or given back and its terms did not change since. Anyone may.
    function noticeLapse(string calldata domain) external;

    /// @notice Takes a name of the zone from a project whose lapse was noticed more than 90 epochs ago, and which still
    /// cannot pay. Anyone may; the name is free at once.
    function lapse(string calldata domain) external;

    /// @notice Finds the project that a `deploy` of `who` to `domain` goes to, or claims the domain for project `newId`. For
    /// the project registry.
    /// @return projectId The project found, or `newId`.
    function enter(string calldata domain, address who, uint64 newId) external returns (uint64 projectId);

    /// @notice Claims the first domain of a new project of `who`. For the project registry.
    function claimFirst(string calldata domain, address who, uint64 newId) external;

    /// @notice Makes the project the one that `deploy` of `who` finds at `domain`, which it holds; a name of the zone needs
    /// that not, and is passed over. For the project registry.
    function setTarget(uint64 projectId, address who, string calldata domain) external;

    /// @notice Which project a `deploy` of `who` to `domain` goes to; 0: it would create one. Reverts `NameTaken` where the
    /// name is another's.
    function projectAt(string calldata domain, address who) external view returns (uint64 projectId);

    /// @notice The project that holds a name of the zone. Reverts `ProveByTxt` for other domains.
    function holderOf(string calldata domain) external view returns (uint64 projectId);

    /// @notice Whether an open project holds `domain`.
    function holds(uint64 projectId, string calldata domain) external view returns (bool);

    /// @notice How a name of the zone stands. Reverts `ProveByTxt` for other domains.
    /// @param domain `name.zone`.
    /// @return standing Whether it is free.
    /// @return owner Who holds it, or may claim it before others; zero when it is free.
    /// @return projectId The project that holds it or held it last; 0 for none.
    /// @return lastEpoch Until when it rests or is kept; 0 when it does not.
    /// @return noticedAt The epoch in which its lapse was noticed; 0 when it was not.
    function standingOf(
        string calldata domain
    )
        external
        view
        returns (NameStanding standing, address owner, uint64 projectId, uint32 lastEpoch, uint32 noticedAt);

    /// @notice The network's own domain.
    function zone() external view returns (string memory);

    /// @notice Who may claim the names that the network reserves for itself.
    function nameKeeper() external view returns (address);

    /// @notice The name registry of the network before; zero for none.
    function predecessor() external view returns (INameRegistry);

    /// @notice The last epoch in which names are kept for those that hold them there.
    function keptUntil() external view returns (uint32);

    /// @notice The projects of this network.
    function projectRegistry() external view returns (IProjectRegistry);
}
