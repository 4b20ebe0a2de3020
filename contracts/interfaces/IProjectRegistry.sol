// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Head} from "../types/Head.sol";
import {Terms} from "../types/Terms.sol";
import {INameRegistry} from "./INameRegistry.sol";
import {INodeRegistry} from "./INodeRegistry.sol";
import {IPausable} from "./IPausable.sol";
import {ISettlementBound} from "./ISettlementBound.sol";

/// @title Projects: their versions, terms and rights
/// @notice A version is an IPFS CID of 59 characters (`bafybei...`). Terms are the nodes in up to 8 seats, in order,
/// and the cap: what one seat may charge in one epoch, in base units of the asset. A project's first terms count from
/// the current epoch, every later change from the next; several in one epoch leave the last. Only `grow` changes an epoch
/// that has begun, and only to more. Domains are the name registry's; what people want to read is the lens's.
interface IProjectRegistry is IPausable, ISettlementBound {
    /// @notice What is stored of a project: words as `types/Head.sol` and `types/Terms.sol` describe them.
    /// @param meter A key whose signature releases receipts early; zero for none.
    /// @param closedFrom The first epoch in which it has no seats any more; 0 while it is open.
    /// @param pendingOwner May accept the project; zero when nobody may.
    /// @param splitVersion A second version that is served to `splitBps` of the visitors; 0 for none.
    /// @param splitBps In 1/10000.
    struct Record {
        Head head;
        Terms terms;
        address meter;
        uint32 closedFrom;
        address pendingOwner;
        uint32 splitVersion;
        uint16 splitBps;
    }

    event ProjectCreated(uint64 indexed projectId, address indexed owner);
    /// @notice The terms from `fromEpoch` on; `nodeIds` in the order of the seats, 0 for an empty one.
    event TermsSet(uint64 indexed projectId, uint32 indexed fromEpoch, uint40 cap, uint32[] nodeIds);
    /// @notice `isChosen`: the owner set the rule since the seats were last drawn, so that naming nodes by hand keeps it.
    event RefillSet(uint64 indexed projectId, uint8 seats, uint16 regionMask, bool pinHome, bool isChosen);
    /// @notice `live`: the version is active from now on, and no split stands.
    event VersionAdded(uint64 indexed projectId, uint32 version, string cid, bool live);
    /// @notice `by`, who has the right PROPOSE alone, added `version`; the owner or a delegate may activate it.
    event Proposed(uint64 indexed projectId, uint32 indexed version, address indexed by);
    /// @notice `version` is active from now on, and no split stands.
    event Activated(uint64 indexed projectId, uint32 indexed version);
    /// @notice `bps` of 10000 visitors get `version`; 0 and 0 when the split ended.
    event SplitSet(uint64 indexed projectId, uint32 indexed version, uint16 bps);
    event MeterSet(uint64 indexed projectId, address indexed meter);
    event DelegateSet(uint64 indexed projectId, address indexed owner, address indexed who, uint8 rights);
    event OwnerProposed(uint64 indexed projectId, address indexed pendingOwner);
    /// @notice The meter is cleared. Delegates are those that this owner named, also in an earlier time as the owner.
    event OwnerAccepted(uint64 indexed projectId, address indexed owner);
    /// @notice From now on none of the project's domains resolves; the name registry's `DomainReleased` follows when another
    /// claims a name.
    event Closed(uint64 indexed projectId, uint32 closedFrom);
    event ParametersSet(uint40 maxCap);

    /// @notice There is no project `projectId`.
    error UnknownProject(uint64 projectId);
    /// @notice The project is closed.
    error ProjectClosed(uint64 projectId);
    /// @notice Only the project's owner may.
    error NotProjectOwner(uint64 projectId, address caller, address owner);
    /// @notice Only the project's owner or a delegate with the right DEPLOY may; for a version that is not live also one
    /// with the right PROPOSE.
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
    error SplitBpsOutOfRange(uint16 bps);
    /// @notice A project has 1 to 8 seats.
    error SeatCountOutOfRange(uint256 count);
    /// @notice The cap is below the price of an empty receipt, or above the network's limit.
    error CapOutOfBounds(uint40 cap, uint40 base, uint40 maxCap);
    /// @notice Every seat that may be refilled has a live node.
    error NothingToRefill(uint64 projectId);
    /// @notice A project has at most 32 domains.
    error TooManyDomains(uint64 projectId);
    /// @notice Rights are DEPLOY (1) and PROPOSE (2).
    error UnknownRights(uint8 rights);
    /// @notice In a begun epoch the cap only grows.
    error CapWouldShrink(uint40 cap, uint40 current);
    /// @notice There are fewer empty seats behind the home than nodes for them.
    error NoEmptySeat(uint64 projectId, uint256 nodes);
    /// @notice What may be counted on does not cover what the seats may charge.
    error TooLittleAvailable(uint64 projectId, uint64 available, uint256 needed);
    /// @notice Only the name registry calls this.
    error NotNameRegistry(address caller);
    /// @notice A node with the least stake could not take a project of `deploy`.
    error DefaultCapOutOfBounds(uint40 defaultCap, uint256 neededStake, uint64 minStake);
    /// @notice The parameter is outside its hard bounds.
    error MaxCapOutOfBounds(uint40 maxCap, uint40 least);

    // Versions

    /// @notice Puts `cid` live at `domain`: the one call to start with, and the same call for each next version.
    /// Where the caller has no project at `domain` yet, it creates one with three drawn nodes and the default cap;
    /// next it needs credit (`CreditEscrow.depositAt`). For the owner alone: a delegate calls `addVersion`.
    /// @param domain `name.zone`, or a domain of your own.
    /// @param cid The deployment folder: 59 characters, `bafybei...`.
    /// @return projectId The caller's project at `domain`.
    /// @return version The version that is live now; 1 in a new project.
    function deploy(string calldata domain, string calldata cid) external returns (uint64 projectId, uint32 version);

    /// @notice Creates a project on `count` drawn nodes, or as many as there are.
    /// @param count 1 to 8.
    /// @param regionMask Bit `1 << region` for each region to draw from, now and in refills.
    /// @param cap What one seat may charge in one epoch, in base units.
    function createProject(
        string calldata domain,
        uint8 count,
        uint16 regionMask,
        uint40 cap
    ) external returns (uint64 projectId);

    /// @notice Creates a project on nodes named by hand; the first is its home. Nobody refills their seats, unless the owner
    /// says so by `setRefill`.
    /// @param nodeIds 1 to 8 different nodes that take projects with this cap and have the stake for it.
    /// @param cap What one seat may charge in one epoch, in base units.
    function createProjectOn(
        string calldata domain,
        uint32[] calldata nodeIds,
        uint40 cap
    ) external returns (uint64 projectId);

    /// @notice Adds a version. For the owner or a delegate with the right DEPLOY; a version that is not live also for a
    /// delegate with the right PROPOSE.
    /// @param live Whether it becomes active at once, which ends a split.
    function addVersion(uint64 projectId, string calldata cid, bool live) external returns (uint32 version);

    /// @notice Makes a version active and ends a split: a rollback, or the end of a trial.
    /// @param digest The sha2-256 digest in the version's CID: guards against a version number that a reorganised chain
    /// gave to other content.
    function activate(uint64 projectId, uint32 version, bytes32 digest) external;

    /// @notice Serves `version` to `bps` of 10000 visitors beside the active version; 0 ends the split.
    function split(uint64 projectId, uint32 version, uint16 bps) external;

    // Terms

    /// @notice Names the nodes by hand, from the next epoch on; the first is the home. A node without a seat in the newest
    /// terms has to take projects with this cap and to have the stake for it. Nobody refills the seats, unless the owner
    /// called `setRefill` since they were last drawn.
    function setReplicas(uint64 projectId, uint32[] calldata nodeIds) external;

    /// @notice Draws the nodes, from the next epoch on. Seat 0 keeps its node while that is active.
    function assignReplicas(uint64 projectId, uint8 count, uint16 regionMask) external;

    /// @notice Sets what one seat may charge in one epoch, from the next epoch on. A higher cap needs the stake for it at
    /// every node that has a seat.
    function setBudget(uint64 projectId, uint40 cap) external;

    /// @notice Gives the project more from the current epoch on: a cap that is not lower, and nodes in empty seats behind the
    /// home. Where terms for the next epoch are set already, they get the same cap if theirs is lower, and the same nodes in
    /// those of the seats that they leave empty. Needs credit for the current epoch's budget as it will be.
    /// @param cap What one seat may charge in one epoch, in base units; the present one changes nothing.
    /// @param nodeIds Nodes for empty seats, in order; none is possible. Asked as `setReplicas` asks, and for the stake that a
    /// higher cap of the next epoch needs.
    function grow(uint64 projectId, uint40 cap, uint32[] calldata nodeIds) external;

    /// @notice Sets how `refill` works: from which regions it draws (0: from none), and whether it leaves seat 0 alone.
    function setRefill(uint64 projectId, uint16 regionMask, bool pinHome) external;

    /// @notice Empties the node's seats in these projects from the next epoch on; those where it has none are passed
    /// over. For the node's owner or operator.
    function leaveSeats(uint64[] calldata projectIds, uint32 nodeId) external;

    /// @notice Fills seats that are empty, or whose node is gone or has too little stake for the cap, with drawn nodes, from
    /// the next epoch on. Anyone may, while the credit covers the budgets of this epoch and of the next as it will be.
    function refill(uint64 projectId) external;

    // Rights

    /// @notice Sets the key whose signature releases receipts early, from now on and also those counted before; zero for
    /// none.
    function setMeter(uint64 projectId, address meter) external;

    /// @notice Sets what `who` may do for the caller's project: 1 is DEPLOY (addVersion, activate, split, upload), 2 PROPOSE
    /// (upload, and addVersion of versions that are not live), 3 both, 0 nothing. Never domains, replicas, money or
    /// ownership, and nothing by name.
    function setDelegate(uint64 projectId, address who, uint8 rights) external;

    /// @notice Proposes a new owner, who then calls `acceptOwnership`; zero takes the proposal back.
    function transferOwnership(uint64 projectId, address newOwner) external;

    /// @notice Takes over a project with its credit and its domains, from now on: also what was served before is released
    /// or disputed by the new owner. Clears the meter; delegates of the owner before do not count, until the project comes
    /// back to that owner.
    /// @param domains The project's domains outside the zone at which `deploy` of the new owner shall find it; names of the
    /// zone need not be among them.
    function acceptOwnership(uint64 projectId, string[] calldata domains) external;

    /// @notice Closes the project for ever: its seats are empty from the next epoch on, its names rest for 30 epochs,
    /// its credit leaves by its thaw.
    function close(uint64 projectId) external;

    /// @notice Counts a domain that the project claimed, or lost. For the name registry.
    function countDomain(uint64 projectId, bool isClaimed) external;

    // Parameters

    /// @notice Sets the highest cap of those set from now on: at least the default cap, at most what 40 bits hold
    /// (1,099,511 of the asset). For the access manager, after its delay.
    function setMaxCap(uint40 maxCap) external;

    // Views

    /// @notice What is stored of the project; reverts when there is none.
    function recordOf(uint64 projectId) external view returns (Record memory record);

    /// @notice How many projects were ever created: ids are 1 to this.
    function projectCount() external view returns (uint64 count);

    /// @notice The content of a version: the digest in its CID.
    function digestOf(uint64 projectId, uint32 version) external view returns (bytes32 digest);

    /// @notice The terms by which usage of `epoch` is judged. No nodes and cap 0 where it had none yet.
    function termsAt(
        uint64 projectId,
        uint32 epoch
    ) external view returns (uint32[] memory nodeIds, uint40 cap, uint32 fromEpoch);

    /// @notice The terms words (see `types/Terms.sol`) of many projects for one epoch; 0 for a project that has none.
    function termsWords(uint64[] calldata projectIds, uint32 epoch) external view returns (uint256[] memory words);

    /// @notice Who owns the project; reverts when there is none.
    function ownerOf(uint64 projectId) external view returns (address owner);

    /// @notice Who owns the project, and the first epoch in which it has no seats any more; zeros where there is no project,
    /// and 0 while it is open.
    function holdingOf(uint64 projectId) external view returns (address owner, uint32 closedFrom);

    /// @notice The key whose signature releases receipts early; zero for none.
    function meterOf(uint64 projectId) external view returns (address meter);

    /// @notice Whether `who` may add versions: the owner, or a delegate with the right DEPLOY.
    function mayDeploy(uint64 projectId, address who) external view returns (bool);

    /// @notice Whether `who` may add versions that are not live, and upload content: the owner, or a delegate with the right
    /// DEPLOY or PROPOSE.
    function mayPropose(uint64 projectId, address who) external view returns (bool);

    /// @notice The seats that may charge for `epoch`, and how much each: those of nodes that are retired then may not.
    /// @param projectId The project.
    /// @param epoch The epoch, by whose own terms.
    /// @return seatBits A bit for each seat.
    /// @return cap In base units.
    function chargeableSeats(uint64 projectId, uint32 epoch) external view returns (uint256 seatBits, uint40 cap);

    /// @notice What all seats together may charge for `epoch`, in base units.
    function budgetAt(uint64 projectId, uint32 epoch) external view returns (uint256 budget);

    /// @notice The nodes of this network.
    function nodeRegistry() external view returns (INodeRegistry);

    /// @notice The names of this network.
    function nameRegistry() external view returns (INameRegistry);

    /// @notice The cap of a project that `deploy` creates, in base units.
    function defaultCap() external view returns (uint40 cap);

    /// @notice The highest cap, in base units.
    function maxCap() external view returns (uint40 cap);
}
