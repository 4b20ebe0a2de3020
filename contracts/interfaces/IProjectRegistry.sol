// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPausable} from "./IPausable.sol";
import {ISettlementBound} from "./ISettlementBound.sol";

/// @title Projects: their versions, terms, domains and rights
/// @notice A version is an IPFS CID of 59 characters (`bafybei...`). Terms are the nodes in up to 8 seats, in order,
/// and the cap: what one seat may charge in one epoch, in base units of the asset. A project's first terms count from
/// the current epoch, every later change from the next; several in one epoch leave the last.
/// A domain is a name of the zone (one label of 3 to 63 characters below it, exclusive) or any other domain (not
/// exclusive: its DNS decides by a TXT record).
interface IProjectRegistry is IPausable, ISettlementBound {
    /// @notice A project as it stands.
    /// @param owner Decides everything; may withdraw the credit.
    /// @param pendingOwner May accept the project; zero when nobody may.
    /// @param meter A key whose signature releases receipts early; zero for none.
    /// @param versions How many there are: versions are 1 to this.
    /// @param active The version that is served; 0 before the first is live.
    /// @param splitVersion A second version that is served to `splitBps` of the visitors; 0 for none.
    /// @param splitBps In 1/10000.
    /// @param domains How many domains it has claimed.
    /// @param closedFrom The first epoch in which it has no seats any more; 0 while it is open.
    /// @param nodeIds The nodes in the order of their seats, by the newest terms; 0 is an empty seat.
    /// @param cap What one seat may charge in one epoch, by the newest terms.
    /// @param fromEpoch The first epoch judged by the newest terms.
    /// @param seats How many seats `refill` fills up to.
    /// @param regionMask Where `refill` draws from.
    /// @param pinHome Whether `refill` leaves seat 0 alone.
    struct Project {
        address owner;
        address pendingOwner;
        address meter;
        uint32 versions;
        uint32 active;
        uint32 splitVersion;
        uint16 splitBps;
        uint8 domains;
        uint32 closedFrom;
        uint32[] nodeIds;
        uint40 cap;
        uint32 fromEpoch;
        uint8 seats;
        uint16 regionMask;
        bool pinHome;
    }

    event ProjectCreated(uint64 indexed projectId, address indexed owner);
    /// @notice The terms from `fromEpoch` on; `nodeIds` in the order of the seats, 0 for an empty one.
    event TermsSet(uint64 indexed projectId, uint32 indexed fromEpoch, uint40 cap, uint32[] nodeIds);
    event RefillSet(uint64 indexed projectId, uint8 seats, uint16 regionMask, bool pinHome);
    /// @notice `live`: the version is active from now on, and no split stands.
    event VersionAdded(uint64 indexed projectId, uint32 version, string cid, bool live);
    /// @notice `version` is active from now on, and no split stands.
    event Activated(uint64 indexed projectId, uint32 indexed version);
    /// @notice `bps` of 10000 visitors get `version`; 0 and 0 when the split ended.
    event SplitSet(uint64 indexed projectId, uint32 indexed version, uint16 bps);
    event DomainClaimed(uint64 indexed projectId, string domain);
    event DomainReleased(uint64 indexed projectId, string domain);
    event MeterSet(uint64 indexed projectId, address indexed meter);
    event DelegateSet(uint64 indexed projectId, address indexed owner, address indexed who, uint8 rights);
    event OwnerProposed(uint64 indexed projectId, address indexed pendingOwner);
    /// @notice The meter is cleared. Delegates are those that this owner named, also in an earlier time as the owner.
    event OwnerAccepted(uint64 indexed projectId, address indexed owner);
    /// @notice From now on none of the project's domains resolves; `DomainReleased` follows when another claims a name.
    event Closed(uint64 indexed projectId, uint32 closedFrom);
    event ParametersSet(uint40 maxCap);

    /// @notice There is no project `projectId`.
    error UnknownProject(uint64 projectId);
    /// @notice The project is closed.
    error ProjectClosed(uint64 projectId);
    /// @notice Only the project's owner may.
    error NotProjectOwner(uint64 projectId, address caller, address owner);
    /// @notice Only the project's owner or a delegate with the right DEPLOY may.
    error NotDeployer(uint64 projectId, address caller);
    /// @notice Only the proposed owner may.
    error NotPendingProjectOwner(uint64 projectId, address caller, address pendingOwner);
    /// @notice The project has versions 1 to `versions`.
    error UnknownVersion(uint64 projectId, uint32 version, uint32 versions);
    /// @notice The version has another digest: the chain was reorganised, or the wrong version was named.
    error WrongDigest(uint64 projectId, uint32 version, bytes32 given, bytes32 stored);
    /// @notice A split is between the active version and another one.
    error SplitWithActive(uint64 projectId, uint32 version);
    /// @notice A split is 0 (none) to 9999 of 10000.
    error SplitBps(uint16 bps);
    /// @notice A project has 1 to 8 seats.
    error SeatCount(uint256 count);
    /// @notice A region mask has bits 0 to 8 only.
    error RefillRegions(uint16 regionMask);
    /// @notice The cap is below the price of an empty receipt, or above the network's limit.
    error CapOutOfBounds(uint40 cap, uint40 base, uint40 maxCap);
    /// @notice Every seat that may be refilled has a live node.
    error NothingToRefill(uint64 projectId);
    /// @notice Only the node's owner or operator empties its seats.
    error NotKeeperOf(uint32 nodeId, address caller);
    /// @notice The name belongs to a project of `owner`.
    error NameTaken(address owner);
    /// @notice The name was given up; until epoch `lastEpoch` only its last owner may claim it.
    error NameResting(string domain, uint32 lastEpoch);
    /// @notice A project has at most 32 domains.
    error TooManyDomains(uint64 projectId);
    /// @notice The project does not hold this domain.
    error DomainNotClaimed(uint64 projectId, string domain);
    /// @notice No project holds this name.
    error NameFree(string domain);
    /// @notice The domain lies outside the zone: who holds it, its DNS says by `TXT _worker3.<domain>`.
    error ProveByTxt(string domain);
    /// @notice Only a name of the zone lapses.
    error NotInZone(string domain);
    /// @notice The project has credit for an epoch, or had it, or other terms, until `lastEpoch`.
    error NotLapsed(string domain, uint64 balance, uint256 budget, uint32 lastEpoch);
    /// @notice The only right is DEPLOY (1).
    error UnknownRights(uint8 rights);
    /// @notice The parameter is outside its hard bounds.
    error MaxCapOutOfBounds(uint40 maxCap, uint40 least);

    // Versions

    /// @notice Puts `cid` live at `domain`: the one call to start with, and the same call for each next version.
    /// Where the caller has no project at `domain` yet, it creates one with three drawn nodes and the default cap;
    /// next it needs credit (`CreditEscrow.deposit`). A delegate can use it for names of the zone.
    /// @param domain `name.zone`, or a domain of your own.
    /// @param cid The deployment folder: 59 characters, `bafybei...`.
    function deploy(string calldata domain, string calldata cid) external returns (uint64 projectId, uint32 version);

    /// @notice Creates a project on nodes named by hand; the first is its home.
    /// @param nodeIds 1 to 8 different nodes that are not retired.
    /// @param cap What one seat may charge in one epoch, in base units.
    function createProject(
        string calldata domain,
        uint32[] calldata nodeIds,
        uint40 cap
    ) external returns (uint64 projectId);

    /// @notice Creates a project on `count` drawn nodes, or as many as there are.
    /// @param count 1 to 8.
    /// @param regionMask Bit `1 << region` for each region to draw from.
    /// @param cap What one seat may charge in one epoch, in base units.
    function createProject(
        string calldata domain,
        uint8 count,
        uint16 regionMask,
        uint40 cap
    ) external returns (uint64 projectId);

    /// @notice Adds a version. For the owner or a delegate.
    /// @param live Whether it becomes active at once, which ends a split.
    function addVersion(uint64 projectId, string calldata cid, bool live) external returns (uint32 version);

    /// @notice Makes a version active and ends a split: a rollback, or the end of a trial.
    /// @param digest The sha2-256 digest in the version's CID: guards against a version number that a reorganised chain
    /// gave to other content.
    function activate(uint64 projectId, uint32 version, bytes32 digest) external;

    /// @notice Serves `version` to `bps` of 10000 visitors beside the active version; 0 ends the split.
    function split(uint64 projectId, uint32 version, uint16 bps) external;

    // Terms

    /// @notice Names the nodes by hand, from the next epoch on; the first is the home.
    function setReplicas(uint64 projectId, uint32[] calldata nodeIds) external;

    /// @notice Draws the nodes, from the next epoch on. Seat 0 keeps its node while that is active.
    function assignReplicas(uint64 projectId, uint8 count, uint16 regionMask) external;

    /// @notice Sets what one seat may charge in one epoch, from the next epoch on.
    function setBudget(uint64 projectId, uint40 cap) external;

    /// @notice Sets how `refill` works: from which regions it draws (0: from none), and whether it leaves seat 0 alone.
    function setRefill(uint64 projectId, uint16 regionMask, bool pinHome) external;

    /// @notice Empties the node's seats in these projects from the next epoch on; those where it has none are passed
    /// over. For the node's owner or operator.
    function leave(uint64[] calldata projectIds, uint32 nodeId) external;

    /// @notice Fills seats that are empty, or whose node is gone, with drawn nodes, from the next epoch on. Anyone may.
    function refill(uint64 projectId) external;

    // Rights

    /// @notice Sets the key whose signature releases receipts early, from now on and also those counted before; zero for
    /// none.
    function setMeter(uint64 projectId, address meter) external;

    /// @notice Sets what `who` may do for the caller's project: 1 is DEPLOY (addVersion, activate, split, upload), 0
    /// nothing. Never domains, replicas, money or ownership.
    function setDelegate(uint64 projectId, address who, uint8 rights) external;

    /// @notice Proposes a new owner, who then calls `acceptOwnership`; zero takes the proposal back.
    function transferOwnership(uint64 projectId, address newOwner) external;

    /// @notice Takes over a project with its credit and its domains, from now on: also what was served before is released
    /// or disputed by the new owner. Clears the meter; delegates of the owner before do not count, until the project comes
    /// back to that owner.
    function acceptOwnership(uint64 projectId) external;

    /// @notice Closes the project for ever: its seats are empty from the next epoch on, its names rest for 30 epochs,
    /// its credit leaves by its thaw.
    function close(uint64 projectId) external;

    // Domains

    /// @notice Claims a domain for the project; at most 32. For a domain outside the zone it also makes `deploy` of the
    /// caller find this project, which a new owner repeats.
    function claimDomain(uint64 projectId, string calldata domain) external;

    /// @notice Gives a domain up. A name of the zone is free to others after 30 epochs, to its last owner at once.
    function releaseDomain(uint64 projectId, string calldata domain) external;

    /// @notice Takes a name of the zone from a project that could not have paid one epoch's budget for 90 epochs, in which
    /// its terms did not change. Anyone may; the name is free at once.
    function lapse(string calldata domain) external;

    // Parameters

    /// @notice Sets the highest cap of those set from now on: at least the default cap, at most what 40 bits hold
    /// (1,099,511 of the asset). For the access manager, after its delay.
    function setMaxCap(uint40 maxCap) external;

    // Views

    /// @notice What is served at a name of the zone. Reverts `ProveByTxt` for other domains.
    /// @param domain `name.zone`.
    /// @return projectId The project that holds it.
    /// @return owner Who owns that.
    /// @return version The active version; 0 before the first.
    /// @return cid What it names; empty before the first.
    /// @return nodeIds The nodes in the order of their seats; 0 for an empty one.
    /// @return endpoints Where those nodes answer.
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
        );

    /// @notice What project `id` serves at a domain that it claimed; whether the domain is its own, the DNS says.
    /// @param domain A name of the zone, or a domain outside it.
    /// @param id The project that is asked.
    /// @return projectId The same project.
    /// @return owner Who owns it.
    /// @return version The active version; 0 before the first.
    /// @return cid What it names; empty before the first.
    /// @return nodeIds The nodes in the order of their seats; 0 for an empty one.
    /// @return endpoints Where those nodes answer.
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
        );

    /// @notice The EIP-1577 contenthash of what is served at a name of the zone: paste it into an ENS resolver.
    function contenthash(string calldata domain) external view returns (bytes memory hash);

    /// @notice The EIP-1577 contenthash of a project's active version.
    function contenthash(uint64 projectId) external view returns (bytes memory hash);

    /// @notice The project as it stands; reverts when there is none.
    /// @param projectId From 1 on; `projectAt` finds it by a name.
    /// @return project Its owner, versions, terms and rules for refills.
    function projectOf(uint64 projectId) external view returns (Project memory project);

    /// @notice Which project a `deploy` of `who` to `domain` goes to; 0: it would create one. Reverts `NameTaken` where the
    /// name is another's.
    function projectAt(string calldata domain, address who) external view returns (uint64 projectId);

    /// @notice How many projects were ever created: ids are 1 to this.
    function projectCount() external view returns (uint64 count);

    /// @notice The content of a version: the digest in its CID, and the CID.
    function versionOf(uint64 projectId, uint32 version) external view returns (bytes32 digest, string memory cid);

    /// @notice The terms by which usage of `epoch` is judged. No nodes and cap 0 where it had none yet.
    function termsAt(
        uint64 projectId,
        uint32 epoch
    ) external view returns (uint32[] memory nodeIds, uint40 cap, uint32 fromEpoch);

    /// @notice The terms words (see `types/Terms.sol`) of many projects for one epoch; 0 for a project that has none.
    function termsWords(uint64[] calldata projectIds, uint32 epoch) external view returns (uint256[] memory words);

    /// @notice Who owns the project; reverts when there is none.
    function ownerOf(uint64 projectId) external view returns (address owner);

    /// @notice The key whose signature releases receipts early; zero for none.
    function meterOf(uint64 projectId) external view returns (address meter);

    /// @notice Whether `who` may add versions: the owner, or a delegate with the right DEPLOY.
    function mayDeploy(uint64 projectId, address who) external view returns (bool);

    /// @notice The larger of what all seats together may charge in the current and in the next epoch, in base units.
    function budgetOf(uint64 projectId) external view returns (uint256 budget);

    /// @notice The network's own domain.
    function zone() external view returns (string memory);

    /// @notice The cap of a project that `deploy` creates, in base units.
    function defaultCap() external view returns (uint40 cap);

    /// @notice The highest cap, in base units.
    function maxCap() external view returns (uint40 cap);
}
