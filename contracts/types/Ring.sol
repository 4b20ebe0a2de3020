// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Which seats of a project were counted in which of the last 28 epochs.
/// @dev `last 32 | 28 x 8 seat bits`, from the low bits up: the byte of an epoch is `epoch % 28`, its bit is the seat.
/// `last` is the newest epoch that the ring knows; moving it forward clears what it passes.
type Ring is uint256;

using RingLib for Ring global;

/// @title Reading and marking rings
library RingLib {
    uint256 internal constant SPAN = 28;

    /// @notice A ring in which nothing is counted, and whose newest epoch is `epoch`.
    function open(uint256 epoch) internal pure returns (Ring) {
        return Ring.wrap(epoch);
    }

    /// @notice The newest epoch that the ring knows.
    function last(Ring ring) internal pure returns (uint256) {
        return uint32(Ring.unwrap(ring));
    }

    /// @notice A bit for each seat counted in `epoch`. What the ring has forgotten reads as counted.
    function countedSeats(Ring ring, uint256 epoch) internal pure returns (uint256 bits) {
        uint256 newest = ring.last();
        if (epoch > newest) return 0;
        if (epoch + SPAN <= newest) return type(uint8).max;
        return uint8(Ring.unwrap(ring) >> _shift(epoch));
    }

    /// @notice Whether `seat` was counted in `epoch`.
    function isCounted(Ring ring, uint256 epoch, uint256 seat) internal pure returns (bool) {
        return ((ring.countedSeats(epoch) >> seat) & 1) == 1;
    }

    /// @notice The ring with `seat` counted in `epoch`, which it must not have forgotten.
    function mark(Ring ring, uint256 epoch, uint256 seat) internal pure returns (Ring) {
        uint256 word = Ring.unwrap(ring);
        uint256 newest = ring.last();
        if (epoch > newest) word = (word & ~_passed(newest, epoch) & ~uint256(type(uint32).max)) | epoch;
        return Ring.wrap(word | (1 << (_shift(epoch) + seat)));
    }

    /// @notice The ring with `seat` not counted in `epoch`: takes back a mark made in the same transaction.
    function unmark(Ring ring, uint256 epoch, uint256 seat) internal pure returns (Ring) {
        return Ring.wrap(Ring.unwrap(ring) & ~(1 << (_shift(epoch) + seat)));
    }

    /// The bytes of the epochs after `newest` up to `epoch`: that many ones, rotated to the place of the first.
    function _passed(uint256 newest, uint256 epoch) private pure returns (uint256) {
        uint256 count = epoch - newest;
        if (count >= SPAN) return type(uint256).max << 32;
        uint256 ones = (1 << (8 * count)) - 1;
        uint256 turn = 8 * ((newest + 1) % SPAN);
        return ((ones << turn) | (ones >> (8 * SPAN - turn))) << 32;
    }

    function _shift(uint256 epoch) private pure returns (uint256) {
        return 32 + 8 * (epoch % SPAN);
    }
}
