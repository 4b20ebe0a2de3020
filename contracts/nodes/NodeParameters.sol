// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pausable} from "../base/Pausable.sol";
import {SettlementBound} from "../base/SettlementBound.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";

/// @title What is asked of stakes, and how much of one may go in an epoch
abstract contract NodeParameters is INodeRegistry, Pausable, SettlementBound {
    uint64 private constant LEAST_MIN_STAKE = 1e6;
    uint64 private constant MOST_MIN_STAKE = 1_000_000e6;
    uint16 private constant MOST_SEAT_STAKE_FACTOR = 200;
    uint16 private constant LEAST_SLASH_SHARE_BPS = 500;
    uint16 private constant MOST_SLASH_SHARE_BPS = 5_000;

    /// @inheritdoc INodeRegistry
    uint64 public minStake;
    /// @inheritdoc INodeRegistry
    uint16 public seatStakeFactor;
    /// @inheritdoc INodeRegistry
    uint16 public maxSlashShareBps;

    constructor(uint64 minStake_, uint16 seatStakeFactor_, uint16 maxSlashShareBps_) {
        _setParameters(minStake_, seatStakeFactor_, maxSlashShareBps_);
    }

    /// @inheritdoc INodeRegistry
    function setParameters(uint64 minStake_, uint16 seatStakeFactor_, uint16 maxSlashShareBps_) external restricted {
        _setParameters(minStake_, seatStakeFactor_, maxSlashShareBps_);
        // Too much to ask would make every `deploy` revert.
        uint40 defaultCap = IUsageSettlement(settlement).projectRegistry().defaultCap();
        if (_stakeFor(defaultCap) > minStake_) {
            revert NodeParametersOutOfBounds(minStake_, seatStakeFactor_, maxSlashShareBps_);
        }
    }

    /// The stake that a seat of `cap` needs.
    function _stakeFor(uint40 cap) internal view returns (uint256) {
        return uint256(seatStakeFactor) * cap;
    }

    function _setParameters(uint64 minStake_, uint16 seatStakeFactor_, uint16 maxSlashShareBps_) private {
        if (
            minStake_ < LEAST_MIN_STAKE ||
            minStake_ > MOST_MIN_STAKE ||
            seatStakeFactor_ > MOST_SEAT_STAKE_FACTOR ||
            maxSlashShareBps_ < LEAST_SLASH_SHARE_BPS ||
            maxSlashShareBps_ > MOST_SLASH_SHARE_BPS
        ) revert NodeParametersOutOfBounds(minStake_, seatStakeFactor_, maxSlashShareBps_);
        minStake = minStake_;
        seatStakeFactor = seatStakeFactor_;
        maxSlashShareBps = maxSlashShareBps_;
        emit ParametersSet(minStake_, seatStakeFactor_, maxSlashShareBps_);
    }
}
