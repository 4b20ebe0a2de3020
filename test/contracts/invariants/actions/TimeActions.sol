// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TrespassActions} from "./TrespassActions.sol";

/// @title What time does
abstract contract TimeActions is TrespassActions {
    function later(uint256 seed) external action(seed) {
        _moveTo(nowSeconds + _between(1, EPOCH_SECONDS / 2));
        successes[msg.sig]++;
    }

    /// To the first or the last second of an epoch near by.
    function toAnEdge(uint256 seed) external action(seed) {
        uint256 edge = GENESIS + (_epoch() + _between(1, 3)) * EPOCH_SECONDS;
        _moveTo(edge - _pick(2));
        successes[msg.sig]++;
    }

    /// Over every deadline, and now and then over the 28 epochs that a ring remembers.
    function leap(uint256 seed) external action(seed) {
        if (!_once(3)) return;
        _moveToEpoch(uint32(_epoch() + _between(4, _once(3) ? 64 : 16)));
        successes[msg.sig]++;
    }
}
