// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ring, RingLib} from "../../../contracts/types/Ring.sol";
import {same} from "../support/same.sol";

/// @title The ring against a list of all marks that there ever were
contract RingFuzzTest {
    uint256 private constant SPAN = 28;

    mapping(uint256 epoch => uint256 seatBits) private _marked;

    /// Each step is two bytes: how far from the newest epoch, and which seat; a fifth of the steps are taken back.
    function testFuzz_remembersTwentyEightEpochsExactly(uint24 start, uint16[40] memory steps) external {
        uint256 newest = start;
        Ring ring = RingLib.open(newest);
        for (uint256 i = 0; i < steps.length; i++) {
            uint256 step = steps[i];
            (uint256 seat, uint256 by) = (step % 8, (step >> 3) % 100);
            uint256 epoch = _epochFrom(newest, by);
            if (step >> 13 == 0 && epoch <= newest) {
                ring = ring.unmark(epoch, seat);
                _marked[epoch] &= ~(1 << seat);
            } else {
                ring = ring.mark(epoch, seat);
                _marked[epoch] |= 1 << seat;
                if (epoch > newest) newest = epoch;
            }
        }
        same(ring.last(), newest);
        for (uint256 e = newest >= SPAN + 8 ? newest - SPAN - 8 : 0; e < newest + 8; e++) {
            bool forgotten = e + SPAN <= newest;
            same(ring.countedSeats(e), forgotten ? 0xff : _marked[e]);
            for (uint256 seat = 0; seat < 8; seat++) {
                assert(ring.isCounted(e, seat) == (forgotten || ((_marked[e] >> seat) & 1) == 1));
            }
        }
    }

    /// A jump clears what it passes, whatever stood there, and nothing of what stays.
    function testFuzz_jumpFromAFullRing(uint24 newest, uint8 distance, uint8 seat) external pure {
        Ring full = Ring.wrap((type(uint256).max << 32) | newest);
        uint256 to = uint256(newest) + 1 + distance;
        Ring ring = full.mark(to, seat % 8);
        for (uint256 e = to + 1 >= SPAN ? to + 1 - SPAN : 0; e <= to; e++) {
            same(
                ring.countedSeats(e),
                e <= newest
                    ? 0xff
                    : e == to
                        ? 1 << (seat % 8)
                        : 0
            );
        }
    }

    /// 0 to 27 back, or 1 to 72 ahead.
    function _epochFrom(uint256 newest, uint256 by) private pure returns (uint256) {
        if (by >= SPAN) return newest + by - SPAN + 1;
        return newest >= by ? newest - by : newest;
    }
}
