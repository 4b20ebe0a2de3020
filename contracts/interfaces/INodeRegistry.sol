// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Terms} from "../types/Terms.sol";
import {IPausable} from "./IPausable.sol";
import {ISettlementBound} from "./ISettlementBound.sol";

/// @title Nodes: who runs them, with what stake, where, and which of them take projects
/// @notice Regions are numbered: 0 wnam, 1 enam, 2 sam, 3 weur, 4 eeur, 5 apac, 6 oc, 7 afr, 8 me. A region mask has bit
/// `1 << region` for each. Amounts are base units of the asset (6 decimals). Epochs are those of the time line.
interface INodeRegistry is IPausable, ISettlementBound {
    /// @notice A node as it stands.
    /// @param owner Holds the stake and is paid.
    /// @param operator The agent's hot key: signs receipts, renews the presence, leaves seats.
    /// @param pendingOwner May accept the node; zero when nobody may.
    /// @param region 0 to 8.
    /// @param retiredFrom The first epoch whose receipts do not count; 0 while the node is active.
    /// @param isLiftable Whether enough new stake takes the retirement back until then.
    /// @param presentUntil The last epoch for which the node said that it lives.
    /// @param leastCap The least cap for which it takes new seats, in base units; the greatest value when it is full.
    /// @param slashLeft What may still be slashed in this epoch, in base units.
    /// @param stake What can be slashed, including `thawing`.
    /// @param thawing What leaves after the thaw, from then on at any time: receipts of epochs after `thawEpoch` are backed
    /// by `stake - thawing` alone.
    /// @param thawEpoch The epoch in which `thawing` was asked back.
    /// @param endpoint `https://host[:port]`.
    struct Node {
        address owner;
        address operator;
        address pendingOwner;
        uint8 region;
        uint32 retiredFrom;
        bool isLiftable;
        uint32 presentUntil;
        uint40 leastCap;
        uint64 slashLeft;
        uint64 stake;
        uint64 thawing;
        uint32 thawEpoch;
        string endpoint;
    }

    event NodeRegistered(
        uint32 indexed nodeId,
        address indexed owner,
        address indexed operator,
        uint8 region,
        string endpoint,
        uint64 stake
    );
    /// @notice Operator, region or endpoint changed; all of them, and the owner, as they stand now.
    event NodeUpdated(
        uint32 indexed nodeId,
        address indexed owner,
        address indexed operator,
        uint8 region,
        string endpoint
    );
    /// @notice `stake` is what stands after the deposit.
    event StakeAdded(uint32 indexed nodeId, address indexed from, uint64 amount, uint64 stake);
    event UnstakeRequested(uint32 indexed nodeId, uint64 thawing, uint32 thawEpoch);
    event UnstakeCancelled(uint32 indexed nodeId);
    /// @notice `stake` is what stands after the withdrawal.
    event StakeWithdrawn(uint32 indexed nodeId, address indexed to, uint64 amount, uint64 stake);
    /// @notice `stake` and `thawing` are what stands after the slash.
    event Slashed(uint32 indexed nodeId, uint64 amount, uint64 stake, uint64 thawing);
    /// @notice The node lives until `untilEpoch`, and takes new seats of `leastCap` or more.
    event PresenceSet(uint32 indexed nodeId, uint32 untilEpoch, uint40 leastCap);
    /// @notice An absent node was taken out of the pool; it comes back when it says that it lives.
    event Pruned(uint32 indexed nodeId);
    /// @notice Receipts of `retiredFrom` and later do not count. `isLiftable`: enough new stake before that epoch takes it
    /// back.
    event Retired(uint32 indexed nodeId, uint32 retiredFrom, bool isLiftable);
    event RetirementLifted(uint32 indexed nodeId);
    event OwnerProposed(uint32 indexed nodeId, address indexed pendingOwner);
    event NodeOwnerAccepted(uint32 indexed nodeId, address indexed owner);
    event ParametersSet(uint64 minStake, uint16 seatStakeFactor, uint16 maxSlashShareBps);

    /// @notice There is no node `nodeId`.
    error UnknownNode(uint32 nodeId);
    /// @notice Only the node's owner may.
    error NotNodeOwner(uint32 nodeId, address caller, address owner);
    /// @notice Only the node's owner or operator may.
    error NotNodeKeeper(uint32 nodeId, address caller);
    /// @notice Only the proposed owner may.
    error NotPendingNodeOwner(uint32 nodeId, address caller, address pendingOwner);
    /// @notice The node retired; receipts count up to the epoch before `retiredFrom`.
    error NodeRetired(uint32 nodeId, uint32 retiredFrom);
    /// @notice There are nine regions, 0 to 8.
    error UnknownRegion(uint8 region);
    /// @notice A region mask has bits 0 to 8 only; one to draw from has at least one of them.
    error RegionMaskOutOfRange(uint16 regionMask);
    /// @notice The operator cannot be the zero address.
    error ZeroOperator();
    /// @notice The stake that arrived is below the least one.
    error StakeTooSmall(uint64 stake, uint64 minStake);
    /// @notice 1 to `stake` can be asked back.
    error UnstakeOutOfRange(uint64 amount, uint64 stake);
    /// @notice Nothing was asked back.
    error NoStakeThaws(uint32 nodeId);
    /// @notice The stake leaves after epoch `lastEpoch`.
    error StakeStillThaws(uint32 nodeId, uint32 lastEpoch);
    /// @notice A node promises at most 30 epochs ahead, and not the past.
    error PresenceOutOfRange(uint32 untilEpoch, uint32 now_, uint32 latest);
    /// @notice Only an absent node is pruned.
    error StillPresent(uint32 nodeId, uint32 presentUntil);
    /// @notice The node did not say that it lives now, so it gets no seat.
    error NodeAbsent(uint32 nodeId, uint32 presentUntil);
    /// @notice The node takes new seats only from `leastCap` on; the greatest value means that it is full.
    error CapBelowLeast(uint32 nodeId, uint40 cap, uint40 leastCap);
    /// @notice A seat of this cap needs `needed` of stake that does not thaw.
    error StakeTooSmallForCap(uint32 nodeId, uint64 free, uint256 needed);
    /// @notice The node is not in the pool.
    error NotInPool(uint32 nodeId);
    /// @notice A draw gives 1 to 8 nodes.
    error DrawCountOutOfRange(uint256 count);
    /// @notice No node of these regions takes projects now.
    error NoNodes(uint16 regionMask);
    /// @notice A parameter is outside its hard bounds, or a node with the least stake could not take a project of `deploy`.
    error NodeParametersOutOfBounds(uint64 minStake, uint16 seatStakeFactor, uint16 maxSlashShareBps);
    /// @notice All node ids are used.
    error TooManyNodes();

    /// @notice Adds a node with the caller as owner and takes its stake. It takes projects once it says so by
    /// `setPresence`.
    /// @param operator The agent's hot key; not zero.
    /// @param region 0 to 8.
    /// @param endpoint `https://host[:port]`, at most 128 bytes.
    /// @param stake Base units, approved to this contract before; what arrives must be at least `minStake`.
    /// @return nodeId From 1 on.
    function register(
        address operator,
        uint8 region,
        string calldata endpoint,
        uint64 stake
    ) external returns (uint32 nodeId);

    /// @notice Adds to a node's stake. Anyone may. Where a slash had left less than `minStake`, and enough is there again before
    /// the node's retirement counts, that is taken back.
    function addStake(uint32 nodeId, uint64 amount) external;

    /// @notice Asks `amount` of the stake back; replaces an earlier request and restarts its time. If less than
    /// `minStake` would stay, the node retires: the current epoch is its last.
    function requestUnstake(uint32 nodeId, uint64 amount) external;

    /// @notice Takes the request back. A retired node stays retired.
    function cancelUnstake(uint32 nodeId) external;

    /// @notice Pays what was asked back to the owner, once `now > thawEpoch + stakeThaw`; less, if it was slashed.
    /// @return amount What was paid, in base units.
    function withdrawStake(uint32 nodeId) external returns (uint64 amount);

    /// @notice Sets where the node answers.
    function setEndpoint(uint32 nodeId, string calldata endpoint) external;

    /// @notice Sets the region; takes effect in the next draw.
    function setRegion(uint32 nodeId, uint8 region) external;

    /// @notice Sets the hot key, from now on: a batch is checked against the operator at its submission, so the agent
    /// signs outstanding epochs anew.
    function setOperator(uint32 nodeId, address operator) external;

    /// @notice Proposes a new owner, who then calls `acceptOwnership`; zero takes the proposal back.
    function transferOwnership(uint32 nodeId, address newOwner) external;

    /// @notice Takes over a node with its stake, what thaws of it, and what is not claimed yet.
    function acceptOwnership(uint32 nodeId) external;

    /// @notice Says that the node lives until `untilEpoch`, and from which cap on it takes new seats. Presence and acceptance
    /// are two things: a full node goes on being present; the seats of one that is absent for two epochs are free to others.
    /// For the owner or the operator.
    /// @param untilEpoch The current epoch to 30 ahead.
    /// @param leastCap In base units; the greatest value (2^40 - 1) when the node is full.
    function setPresence(uint32 nodeId, uint32 untilEpoch, uint40 leastCap) external;

    /// @notice Takes an absent node out of the pool, so that draws no longer look at it. Anyone may.
    function prune(uint32 nodeId) external;

    /// @notice Takes up to `amount` of the stake and lets `taker` fetch it; all slashes of a node in one epoch together take
    /// at most `maxSlashShareBps` of what it had at the first. If less than `minStake` stays without what thaws, the node
    /// gets no new seats, and retires in two epochs unless `addStake` makes up for it before. For the settlement.
    /// @param taker Who may pull the slashed tokens from here: it measures what arrives while nobody can enter it.
    /// @return slashed What was taken.
    function slash(uint32 nodeId, uint64 amount, address taker) external returns (uint64 slashed);

    /// @notice Sets the parameters. Nodes that stand are not touched. For the access manager, after its delay.
    /// @param minStake The least stake of new nodes, and what has to stay when stake leaves from now on: 1 to 1,000,000 of the
    /// asset, and enough for a seat of the default cap.
    /// @param seatStakeFactor A seat needs this many times its cap of stake that does not thaw: at most 200.
    /// @param maxSlashShareBps The most that all slashes of one epoch take of a stake: 500 to 5000, in 1/10000.
    function setParameters(uint64 minStake, uint16 seatStakeFactor, uint16 maxSlashShareBps) external;

    /// @notice Up to `count` different nodes of the masked regions that take a project with `cap` now and have the stake for
    /// it. Uniform given `seed`; looks at no more than 16 candidates, so where many do not it may find fewer. Reverts when it
    /// finds none.
    function draw(
        uint256 count,
        uint16 regionMask,
        uint256 seed,
        uint40 cap
    ) external view returns (uint32[] memory nodeIds);

    /// @notice Reverts unless each node of `terms` may sit there: it exists, is not retired, is present, takes the terms' cap
    /// and has the stake for it.
    /// @param terms A terms word; see `types/Terms.sol`.
    /// @param before The terms until now: of nodes with a seat there only the final retirement is asked.
    function requireSeatable(Terms terms, Terms before) external view;

    /// @notice Reverts unless each node of `terms` has the stake for a seat of their cap. Nodes that retired for good are passed
    /// over; one whose retirement `addStake` may still take back is not.
    function requireStakeFor(Terms terms) external view;

    /// @notice The seats of `terms` that anyone may give to others: of nodes that are gone (see `isGone`), or whose stake
    /// that does not thaw is too small for the cap. Empty seats are not among them.
    /// @return seatBits A bit for each seat.
    function vacantSeats(Terms terms) external view returns (uint256 seatBits);

    /// @notice The seats of `terms` whose receipts of `epoch` count: their nodes are not retired then.
    /// @return seatBits A bit for each seat; never for an empty one.
    function chargeableSeats(Terms terms, uint32 epoch) external view returns (uint256 seatBits);

    /// @notice The node; reverts when there is none.
    /// @param nodeId 1 to `nodeCount`.
    /// @return node Who has it, its stake and its presence.
    function nodeOf(uint32 nodeId) external view returns (Node memory node);

    /// @notice How many nodes were ever registered: ids are 1 to this.
    function nodeCount() external view returns (uint32 count);

    /// @notice The least stake of a new node, and what has to stay or the node retires.
    function minStake() external view returns (uint64 amount);

    /// @notice How many times its cap a seat needs of stake that does not thaw.
    function seatStakeFactor() external view returns (uint16 factor);

    /// @notice The most that all slashes of one epoch take of a stake, in 1/10000.
    function maxSlashShareBps() external view returns (uint16 bps);

    /// @notice How many nodes of `region` are in the pool.
    function poolSize(uint8 region) external view returns (uint256 size);

    /// @notice Who signs for the node and from which epoch on its receipts do not count (0: active).
    function signerOf(uint32 nodeId) external view returns (address operator, uint32 retiredFrom);

    /// @notice Who owns the node; reverts when there is none.
    function ownerOf(uint32 nodeId) external view returns (address owner);

    /// @notice Whether `who` owns or operates the node.
    function isKeeper(uint32 nodeId, address who) external view returns (bool);

    /// @notice Whether the node is gone: its retirement counts from the next epoch or earlier, or its presence ended two whole
    /// epochs ago or earlier. A node that is full is not gone.
    function isGone(uint32 nodeId) external view returns (bool);

    /// @notice The endpoints of `nodeIds` in order; empty for a node that does not exist.
    function endpointsOf(uint32[] calldata nodeIds) external view returns (string[] memory endpoints);

    /// @notice The one asset: an ERC-20 with exactly 6 decimals.
    function asset() external view returns (IERC20);
}
