// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IPausable} from "../interfaces/IPausable.sol";
import {EpochClock} from "./EpochClock.sol";

/// @title A pause that ends by itself and cannot be chained
abstract contract Pausable is IPausable, AccessManaged, EpochClock {
    /// Epochs between the end of a pause and the start of the next.
    uint256 internal constant PAUSE_REST = 7;

    /// @inheritdoc IPausable
    uint40 public pausedUntil;

    modifier whenNotPaused() {
        _requireNotPaused();
        _;
    }

    /// @inheritdoc IPausable
    function pause() external restricted {
        uint256 last = pausedUntil;
        uint256 earliest = last + PAUSE_REST * EPOCH_SECONDS;
        if (last != 0 && block.timestamp < earliest) revert PauseTooSoon(uint40(earliest));

        pausedUntil = uint40(block.timestamp + EPOCH_SECONDS);
        emit PausedUntil(pausedUntil);
    }

    function _requireNotPaused() internal view {
        if (block.timestamp < pausedUntil) revert Paused(pausedUntil);
    }
}
