// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The protocol's time line. All spans but `epochSeconds` are whole epochs.
/// @param genesis Unix time, in seconds, at which epoch 0 began.
/// @param epochSeconds Length of an epoch: 86400 on a real network, 20 on the devnet. At least 10.
/// @param late Usage of epoch e is submitted while `e < now <= e + late`. 3 to 7.
/// @param dispute A counted receipt is released or disputed while `now <= e + late + dispute`. At least 1.
/// @param decide A dispute opened in d is decided while `now <= d + decide`, once extended by the same again. At least 1.
/// @param creditThaw Credit asked back in r leaves when `now > r + creditThaw`. At least late + 2.
/// @param stakeThaw Stake asked back in r leaves when `now > r + stakeThaw`. At least late + dispute
/// + 2 * decide + 1.
struct Times {
    uint40 genesis;
    uint32 epochSeconds;
    uint8 late;
    uint8 dispute;
    uint8 decide;
    uint8 creditThaw;
    uint8 stakeThaw;
}

/// @title What every contract of the protocol knows about time
interface IEpochClock {
    /// @notice A span is outside its bounds, or one is too short for another.
    error TimesOutOfBounds(Times times);
    /// @notice Epoch 0 would begin in the future.
    error GenesisInFuture(uint256 genesis, uint256 timestamp);

    /// @notice The time line would start at epoch `epoch`; at most 2^20 can be.
    error GenesisTooOld(uint256 genesis, uint256 epoch);

    /// @notice The time line, fixed at construction.
    function times() external view returns (Times memory);

    /// @notice `(block.timestamp - genesis) / epochSeconds`.
    function currentEpoch() external view returns (uint32 epoch);
}
