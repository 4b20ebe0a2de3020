// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochClock} from "./IEpochClock.sol";

/// @title A pause that ends by itself
interface IPausable is IEpochClock {
    /// @notice What is new here waits until `until` (Unix time, seconds).
    event PausedUntil(uint40 until);

    /// @notice This call is paused until `until` (Unix time, seconds).
    error Paused(uint40 until);
    /// @notice A pause just was: the next one can start at `from` (Unix time, seconds).
    error PauseTooSoon(uint40 from);

    /// @notice Stops what is new here for one epoch. Cannot start again until seven epochs after its end.
    /// @dev For the guardian. Never stops money from leaving: see each contract for what it stops.
    function pause() external;

    /// @notice When the current or last pause ends or ended (Unix time, seconds); 0 before the first.
    function pausedUntil() external view returns (uint40 until);
}
