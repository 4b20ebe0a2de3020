// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochClock, Times} from "../interfaces/IEpochClock.sol";

/// @title The time line that all contracts share
/// @dev Every contract holds the same values as immutables; `UsageSettlement` compares them when it binds.
abstract contract EpochClock is IEpochClock {
    /// Blocks come every second or every dozen: a shorter epoch would pass some without one.
    uint256 internal constant MIN_EPOCH_SECONDS = 10;

    /// Bounds of `late`: one epoch of pause still leaves two to submit; a project's ring remembers 28 epochs.
    uint256 internal constant MIN_LATE = 3;
    uint256 internal constant MAX_LATE = 7;

    /// Epochs are kept in 24 bits: a time line that starts below 2^20 has 15 times as many before it.
    uint256 internal constant MAX_FIRST_EPOCH = 1 << 20;

    uint256 internal immutable GENESIS;
    uint256 internal immutable EPOCH_SECONDS;
    uint256 internal immutable LATE;
    uint256 internal immutable DISPUTE;
    uint256 internal immutable DECIDE;
    uint256 internal immutable CREDIT_THAW;
    uint256 internal immutable STAKE_THAW;

    constructor(Times memory t) {
        if (t.genesis > block.timestamp) revert GenesisInFuture(t.genesis, block.timestamp);
        if (
            t.epochSeconds < MIN_EPOCH_SECONDS ||
            t.late < MIN_LATE ||
            t.late > MAX_LATE ||
            t.dispute == 0 ||
            t.decide == 0 ||
            t.creditThaw < uint256(t.late) + 2 ||
            t.stakeThaw < uint256(t.late) + t.dispute + 2 * uint256(t.decide) + 1
        ) revert TimesOutOfBounds(t);

        uint256 first = (block.timestamp - t.genesis) / t.epochSeconds;
        if (first > MAX_FIRST_EPOCH) revert GenesisTooOld(t.genesis, first);

        GENESIS = t.genesis;
        EPOCH_SECONDS = t.epochSeconds;
        LATE = t.late;
        DISPUTE = t.dispute;
        DECIDE = t.decide;
        CREDIT_THAW = t.creditThaw;
        STAKE_THAW = t.stakeThaw;
    }

    /// @inheritdoc IEpochClock
    function times() public view returns (Times memory) {
        return
            Times({
                genesis: uint40(GENESIS),
                epochSeconds: uint32(EPOCH_SECONDS),
                late: uint8(LATE),
                dispute: uint8(DISPUTE),
                decide: uint8(DECIDE),
                creditThaw: uint8(CREDIT_THAW),
                stakeThaw: uint8(STAKE_THAW)
            });
    }

    /// @inheritdoc IEpochClock
    function currentEpoch() public view returns (uint32 epoch) {
        return uint32((block.timestamp - GENESIS) / EPOCH_SECONDS);
    }
}
