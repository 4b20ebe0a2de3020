// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {EpochClock} from "./base/EpochClock.sol";
import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {INodeRegistry} from "./interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Price, PriceList} from "./libraries/Price.sol";
import {PriceBook} from "./settlement/PriceBook.sol";
import {ReceiptCounting} from "./settlement/ReceiptCounting.sol";
import {ReceiptDisputes} from "./settlement/ReceiptDisputes.sol";

/// @title Settlement: from signed receipts to payment
/// @notice Pays what was counted; counting, disputes and prices are inherited.
contract UsageSettlement is ReceiptDisputes {
    using SafeCast for uint256;

    /// @inheritdoc IUsageSettlement
    address public successor;

    /// @param authority The access manager.
    /// @param prices Count from epoch 0 on.
    constructor(
        address authority,
        INodeRegistry nodes,
        IProjectRegistry projects,
        ICreditEscrow escrow,
        PriceList memory prices,
        Parameters memory parameters_
    )
        AccessManaged(authority)
        EpochClock(nodes.times())
        PriceBook(prices, projects.defaultCap())
        ReceiptCounting(nodes, projects, escrow)
        ReceiptDisputes(parameters_)
    {}

    /// @inheritdoc IUsageSettlement
    function claim(uint32 nodeId, uint32[] calldata epochs) external nonReentrant returns (uint64 paid, uint64 fee) {
        Payable memory ready = _payable[nodeId];
        if ((ready.amount | ready.fee) != 0) delete _payable[nodeId];
        uint256 total = uint256(ready.amount) + ready.fee;
        uint256 fees = ready.fee;

        mapping(uint32 epoch => Bucket) storage buckets = _buckets[nodeId];
        uint256 immature = _firstImmature();
        uint32[] memory paidEpochs = new uint32[](epochs.length);
        uint256 count = 0;
        unchecked {
            for (uint256 i = 0; i < epochs.length; i++) {
                uint32 epoch = epochs[i];
                if (epoch >= immature) continue;
                Bucket memory bucket = buckets[epoch];
                if (bucket.pending == 0) continue;
                delete buckets[epoch];
                total += bucket.pending;
                fees += Price.feeOf(bucket.pending, bucket.feeBps);
                paidEpochs[count++] = epoch;
            }
        }
        (paid, fee) = ((total - fees).toUint64(), fees.toUint64());
        if ((paid | fee) == 0) revert NothingToClaim(nodeId);
        assembly ("memory-safe") {
            mstore(paidEpochs, count)
        }

        address owner = NODES.ownerOf(nodeId);
        emit Claimed(nodeId, paidEpochs, paid, fee);
        ESCROW.pay(owner, paid, fee);
    }

    /// @inheritdoc IUsageSettlement
    function setSuccessor(address successor_) external restricted {
        successor = successor_;
        emit SuccessorSet(successor_);
    }

    // Views

    /// @inheritdoc IUsageSettlement
    function pending(uint32 nodeId, uint32 epoch) external view returns (uint64 amount, uint16 feeBps) {
        return (_buckets[nodeId][epoch].pending, _buckets[nodeId][epoch].feeBps);
    }

    /// @inheritdoc IUsageSettlement
    function payableOf(uint32 nodeId) external view returns (uint64 amount, uint64 fee) {
        return (_payable[nodeId].amount, _payable[nodeId].fee);
    }

    /// @inheritdoc IUsageSettlement
    function claimable(uint32 nodeId, uint32[] calldata epochs) external view returns (uint64 paid, uint64 fee) {
        (paid, fee) = (_payable[nodeId].amount, _payable[nodeId].fee);
        for (uint256 i = 0; i < epochs.length; i++) {
            bool seen;
            for (uint256 j = 0; j < i && !seen; j++) {
                seen = epochs[j] == epochs[i];
            }
            if (seen || epochs[i] >= _firstImmature()) continue;
            Bucket memory bucket = _buckets[nodeId][epochs[i]];
            uint64 part = uint64(Price.feeOf(bucket.pending, bucket.feeBps));
            paid += bucket.pending - part;
            fee += part;
        }
    }

    /// @inheritdoc IUsageSettlement
    function nodeRegistry() external view returns (INodeRegistry) {
        return NODES;
    }

    /// @inheritdoc IUsageSettlement
    function projectRegistry() external view returns (IProjectRegistry) {
        return PROJECTS;
    }

    /// @inheritdoc IUsageSettlement
    function creditEscrow() external view returns (ICreditEscrow) {
        return ESCROW;
    }

    // Internals

    /// Buckets mature when now > e + late + dispute: the first epoch that has not.
    function _firstImmature() private view returns (uint256) {
        uint256 epoch = currentEpoch();
        return epoch > LATE + DISPUTE ? epoch - LATE - DISPUTE : 0;
    }
}
