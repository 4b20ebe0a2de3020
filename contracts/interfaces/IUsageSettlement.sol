// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PriceList} from "../libraries/Price.sol";
import {Ring} from "../types/Ring.sol";
import {ICreditEscrow} from "./ICreditEscrow.sol";
import {INodeRegistry} from "./INodeRegistry.sol";
import {IPausable} from "./IPausable.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title Settlement: from signed receipts to payment
/// @notice A receipt is what one node says it served for one project in one epoch: 32 bytes
/// `projectId 8 | requests 7 | cpuMs 6 | egressKiB 6 | storedMiB 5`, big-endian. A line is a counted receipt: the receipt and the
/// amount it was charged, 8 bytes more. A batch is up to 256 receipts of one node and one epoch, signed by its operator.
/// Amounts are base units of the asset (6 decimals). The life of a receipt:
/// ```
/// signed -> submitted -> skipped (may come again until e + late)
///                     -> counted: charged, pending
///        -> released -> payable -> paid
///        -> disputed -> guilty (back to credit) | innocent (payable) | drawn (payable) -> paid
///        -> matured (now > e + late + dispute) -> paid
/// ```
/// This contract holds no tokens.
interface IUsageSettlement is IPausable {
    /// @notice Why a receipt was not counted. It may come again until its deadline.
    enum SkipReason {
        NoSeat,
        AlreadyCounted,
        TooLittleCredit
    }

    /// @notice What became of a counted receipt. `Settled`: a dispute was decided or drawn.
    enum Status {
        Untouched,
        Released,
        Disputed,
        Settled
    }

    /// @notice A dispute. Amounts in base units.
    /// @param openedIn The epoch of the dispute: decided while `now <= openedIn + decide`, drawn after that.
    /// @param extended Whether the arbiter took `decide` epochs more.
    /// @param batchHash Which batch the receipt is in: `batchHashOf` its parts.
    struct Dispute {
        Status status;
        uint32 openedIn;
        bool extended;
        address disputer;
        uint64 bond;
        uint64 amount;
        uint16 feeBps;
        bytes32 batchHash;
    }

    /// @notice What bounds disputes. Amounts in base units.
    /// @param minBond The least bond; at most 1,000 of the asset.
    /// @param maxSlash The most that one decision takes of a stake; at most 100,000 of the asset.
    /// @param slashFactor One decision takes at most this many times the receipt's amount, and `slashFloor`: 10 to 1000.
    /// @param slashFloor At most `minBond`.
    /// @param rewardFactor The disputer gets at most this many times the bond: at most 10.
    /// @param arbiter Who decides disputes; not zero. May be a contract.
    struct Parameters {
        uint64 minBond;
        uint64 maxSlash;
        uint64 slashFloor;
        uint16 slashFactor;
        uint8 rewardFactor;
        address arbiter;
    }

    /// @notice The counted receipts of a batch: `lines` of 40 bytes each.
    event BatchCounted(uint32 indexed nodeId, uint32 indexed epoch, bytes32 statements, bytes lines);
    event ReceiptSkipped(uint32 indexed nodeId, uint32 indexed epoch, uint64 indexed projectId, SkipReason reason);
    event Released(uint64 indexed projectId, uint32 indexed nodeId, uint32 indexed epoch, uint64 amount);
    event Disputed(
        uint64 indexed projectId,
        uint32 indexed nodeId,
        uint32 indexed epoch,
        address disputer,
        uint64 amount,
        uint64 bond,
        bytes32 batchHash,
        string reason
    );
    /// @notice The dispute is decided until epoch `lastEpoch`.
    event Extended(uint64 indexed projectId, uint32 indexed nodeId, uint32 indexed epoch, uint32 lastEpoch);
    /// @notice `slashed` of the node's stake was taken; `reward` of that is the disputer's.
    event Decided(
        uint64 indexed projectId,
        uint32 indexed nodeId,
        uint32 indexed epoch,
        bool guilty,
        uint64 slashed,
        uint64 reward
    );
    event Drawn(uint64 indexed projectId, uint32 indexed nodeId, uint32 indexed epoch);
    /// @notice `epochs` are those whose buckets were paid; `paid` went to the node's owner, `fee` to the network.
    event Claimed(uint32 indexed nodeId, uint32[] epochs, uint64 paid, uint64 fee);
    event PricesSet(PriceList prices);
    /// @notice The arbiter that is named may decide from now on, also where decisions were suspended.
    event ParametersSet(Parameters parameters);
    /// @notice Nothing is decided or extended until epoch `untilEpoch` begins, or parameters are set. What `setParameters`
    /// ends says so by an epoch that has begun, 0 where another arbiter is named.
    event DecisionsSuspended(uint32 untilEpoch);
    /// @notice The network moves to the settlement at `successor`; this one goes on.
    event SuccessorSet(address indexed successor);

    /// @notice Receipts are 32 bytes each, 1 to 256 of them.
    error BatchHasWrongSize(uint256 bytes_, uint256 maxReceipts);
    /// @notice Usage of `epoch` is submitted while `epoch < now <= epoch + late`.
    error NotSubmittable(uint32 epoch, uint32 now_);
    /// @notice Receipts of `retiredFrom` and later do not count.
    error UsageAfterRetirement(uint32 nodeId, uint32 epoch, uint32 retiredFrom);
    /// @notice The node's operator of this moment did not sign this batch.
    error WrongBatchSignature(uint32 nodeId, address operator);
    /// @notice All receipts were skipped.
    error NothingCounted(uint32 nodeId, uint32 epoch);
    /// @notice No batch with these bytes was counted.
    error UnknownBatch(uint32 nodeId, uint32 epoch, bytes32 batchHash);
    /// @notice The batch has `lines` lines.
    error NoSuchLine(uint256 index, uint256 lines);
    /// @notice The receipt can be released or disputed until epoch `lastEpoch`.
    error WindowClosed(uint32 epoch, uint32 lastEpoch);
    /// @notice The receipt was released or disputed before.
    error AlreadyTouched(uint64 projectId, uint32 nodeId, uint32 epoch, Status status);
    /// @notice Neither does the project's owner call, nor did its meter sign.
    error NotReleasable(uint64 projectId, address caller);
    /// @notice Only the arbiter decides.
    error NotArbiter(address caller, address arbiter);
    /// @notice The receipt is not disputed.
    error NotDisputed(uint64 projectId, uint32 nodeId, uint32 epoch, Status status);
    /// @notice The dispute could be decided until epoch `lastEpoch`; anyone may draw it now.
    error DecisionTooLate(uint32 lastEpoch, uint32 now_);
    /// @notice The dispute can be decided until epoch `lastEpoch`; it is drawn only after that.
    error DrawTooEarly(uint32 lastEpoch, uint32 now_);
    /// @notice A decision is extended once.
    error AlreadyExtended(uint64 projectId, uint32 nodeId, uint32 epoch);
    /// @notice The guardian suspended decisions; they go on in epoch `untilEpoch`, or when parameters are set.
    error DecisionsAreSuspended(uint32 untilEpoch);
    /// @notice A suspension just was: the next can start in epoch `earliest`, unless another arbiter is named before.
    error SuspensionTooSoon(uint32 earliest);
    /// @notice The bond would be more than the caller wants to give.
    error BondAboveMost(uint64 bond, uint64 maxBond);
    /// @notice Nothing has matured and nothing is payable.
    error NothingToClaim(uint32 nodeId);
    /// @notice The last list counts from `fromEpoch`; the next can be announced from epoch `earliest`.
    error PricesTooSoon(uint32 fromEpoch, uint32 earliest);
    /// @notice A list is announced at least two epochs ahead.
    error PricesNotAhead(uint32 fromEpoch, uint32 earliest);
    /// @notice A list is announced at most 90 epochs ahead: until it counts, no other can be.
    error PricesTooFarAhead(uint32 fromEpoch, uint32 latest);
    /// @notice A price or the fee is outside its hard bounds.
    error PricesOutOfBounds(PriceList prices, uint40 maxBase);
    /// @notice A parameter is outside its hard bounds.
    error ParametersOutOfBounds(Parameters parameters);
    /// @notice Prices of epochs before `earliest` are forgotten: no receipt of theirs can come any more.
    error PricesForgotten(uint32 epoch, uint32 earliest);
    /// @notice What was counted before epoch `earliest` is forgotten.
    error EpochForgotten(uint32 epoch, uint32 earliest);
    /// @notice Stakes and credit have to be of one asset.
    error AssetsDiffer(address ofStakes, address ofCredit);

    /// @notice Counts a batch: for each receipt with a seat in its epoch, not counted yet and with credit for all of
    /// it, charges the project. Anyone may relay.
    /// @param epoch `epoch < now <= epoch + late`.
    /// @param statements keccak256 of the projects' usage-statement digests, in the order of the receipts.
    /// @param receipts 1 to 256 receipts of 32 bytes.
    /// @param signature EIP-712 `UsageBatch(uint32 nodeId,uint32 epoch,bytes32 statements,bytes receipts)`.
    function submit(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata receipts,
        bytes calldata signature
    ) external;

    /// @notice Accepts a counted receipt early: it is payable at once and can no longer be disputed. For the project's
    /// owner, or anyone with the signature of its meter.
    /// @param lines All lines of the batch, as `BatchCounted` has them.
    /// @param index Which line.
    /// @param signature EIP-712 `Release(uint64 projectId,uint32 nodeId,uint32 epoch,uint64 amount)` of the meter; empty
    /// when the owner calls.
    function release(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines,
        uint256 index,
        bytes calldata signature
    ) external;

    /// @notice Disputes a counted receipt: its amount is frozen until the arbiter decides. Takes a bond of the larger of
    /// `minBond` and the amount, which the caller approved to the escrow before. For the project's owner.
    /// @param maxBond The most that the caller gives: `minBond` may have risen.
    function dispute(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines,
        uint256 index,
        uint64 maxBond,
        string calldata reason
    ) external;

    /// @notice Decides a dispute. Guilty: the amount goes back to the project's credit, the bond to the disputer, and
    /// up to `slash` of the node's stake is taken, `reward` of it for the disputer, the rest for the network. Innocent:
    /// amount and bond go to the node. What is more than a bound is cut to it: a slash to `maxSlash` and to `slashFactor`
    /// times the amount and `slashFloor`, a reward to half of the slash and to `rewardFactor` times the bond; an innocent node
    /// is not slashed. For the arbiter.
    function decide(uint64 projectId, uint32 nodeId, uint32 epoch, bool guilty, uint64 slash, uint64 reward) external;

    /// @notice Takes `decide` epochs more for a decision, once, and before its time is over. For the arbiter.
    function extend(uint64 projectId, uint32 nodeId, uint32 epoch) external;

    /// @notice Keeps the arbiter from deciding and extending for 30 epochs, or until parameters are set. Windows do not
    /// grow: what ends without a decision is drawn. Not again for 30 epochs after it, unless another arbiter is named. For
    /// the guardian.
    function suspendDecisions() external;

    /// @notice Ends a dispute that was not decided in time: the amount goes to the node, the bond to the disputer.
    /// Anyone may.
    function draw(uint64 projectId, uint32 nodeId, uint32 epoch) external;

    /// @notice Pays the node's owner what matured of `epochs` and what is payable; what has not matured is passed over.
    /// Anyone may.
    /// @return paid To the owner, in base units.
    /// @return fee To the network, in base units.
    function claim(uint32 nodeId, uint32[] calldata epochs) external returns (uint64 paid, uint64 fee);

    /// @notice Announces prices and the fee that count for usage from `prices.fromEpoch` on, 2 to 90 epochs ahead, and not
    /// before the receipts of the list before last can no longer come (`late` epochs after the last list began). Usage of
    /// earlier epochs keeps its prices and its fee, whenever it is submitted or paid. For the access manager, after its
    /// delay.
    function setPrices(PriceList calldata prices) external;

    /// @notice Sets what bounds disputes, and the arbiter, from now on: disputes that are open keep their bond and are decided
    /// by the new arbiter, within the new bounds. Ends a suspension. For the access manager, after its delay.
    function setParameters(Parameters calldata parameters) external;

    /// @notice Says where the network moves to: for people and programs to read; it changes nothing here. For the admin, after
    /// the longest delay.
    function setSuccessor(address successor) external;

    /// @notice Opens the ring of a new project. For the project registry.
    function open(uint64 projectId) external;

    /// @notice The prices of an epoch: for those whose receipts may still come, and for those ahead. Reverts for those whose
    /// prices are forgotten.
    function pricesAt(uint32 epoch) external view returns (PriceList memory prices);

    /// @notice What a receipt of `epoch` costs a project with `cap`, by the prices of that epoch.
    /// @param epoch The epoch of the usage: one whose receipts may still come, or one ahead.
    /// @param cap What one seat may charge in one epoch, in base units.
    /// @param requests How many requests were answered.
    /// @param cpuMs CPU time, in milliseconds.
    /// @param egressKiB Bytes of response bodies, in units of 1024.
    /// @param storedMiB Bytes that the seat had to hold through the epoch, in units of 2^20.
    /// @return amount In base units, rounded down; at most `cap`.
    function priceOf(
        uint32 epoch,
        uint40 cap,
        uint64 requests,
        uint64 cpuMs,
        uint64 egressKiB,
        uint64 storedMiB
    ) external view returns (uint64 amount);

    /// @notice What became of the counted receipt of a node for a project in an epoch, with its dispute if it had one.
    /// @param projectId The project that was served.
    /// @param nodeId The node that served it.
    /// @param epoch The epoch of the usage.
    /// @return record Its status; the other fields are 0 where there was no dispute. `Untouched` also where nothing was
    /// counted.
    function statusOf(uint64 projectId, uint32 nodeId, uint32 epoch) external view returns (Dispute memory record);

    /// @notice Whether `seat` of the project was counted in `epoch`. Reverts for epochs before the last 28.
    function isCounted(uint64 projectId, uint32 epoch, uint8 seat) external view returns (bool counted);

    /// @notice Whether a batch with exactly these lines was counted.
    function isBatch(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines
    ) external view returns (bool counted);

    /// @notice What names a batch in a dispute.
    function batchHashOf(
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes calldata lines
    ) external pure returns (bytes32 batchHash);

    /// @notice What was counted for the node in an epoch and is neither released, disputed nor paid; and the fee on it.
    /// @param nodeId The node.
    /// @param epoch The epoch of the usage.
    /// @return amount In base units, the fee included.
    /// @return feeBps The network's share of it, in 1/10000.
    function pending(uint32 nodeId, uint32 epoch) external view returns (uint64 amount, uint16 feeBps);

    /// @notice What is payable to the node already: its share and the network's.
    function payableOf(uint32 nodeId) external view returns (uint64 amount, uint64 fee);

    /// @notice What `claim` with these epochs would pay now: what matured of them, and what is payable already.
    /// @param nodeId The node.
    /// @param epochs Epochs in any order; what has not matured is passed over, and each counts once.
    /// @return paid To the node's owner, in base units.
    /// @return fee To the network, in base units.
    function claimable(uint32 nodeId, uint32[] calldata epochs) external view returns (uint64 paid, uint64 fee);

    /// @notice The ring word of a project (see `types/Ring.sol`).
    function ringOf(uint64 projectId) external view returns (Ring ring);

    /// @notice What bounds disputes, and who decides them.
    function parameters() external view returns (Parameters memory);

    /// @notice The first epoch in which decisions go on; one that has begun when none are suspended.
    function decisionsSuspendedUntil() external view returns (uint32 epoch);

    /// @notice The settlement that the network moves to; zero while there is none.
    function successor() external view returns (address);

    /// @notice The nodes of this network.
    function nodeRegistry() external view returns (INodeRegistry);

    /// @notice The projects of this network.
    function projectRegistry() external view returns (IProjectRegistry);

    /// @notice The escrow of this network.
    function creditEscrow() external view returns (ICreditEscrow);
}
