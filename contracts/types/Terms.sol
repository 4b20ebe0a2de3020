// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A project's terms in one word: who serves it, and what one seat may charge an epoch.
/// @dev `seats 8 x uint24 | cap 40 | fromEpoch 24`, from the low bits up. Seat 0 is the home; a seat of 0 is empty.
/// The zero word means: no terms.
type Terms is uint256;

using TermsLib for Terms global;

/// @title Reading and making terms words
library TermsLib {
    uint256 internal constant SEATS = 8;
    uint256 private constant SEAT_MASK = type(uint24).max;
    uint256 private constant ALL_SEATS = type(uint192).max;

    /// @notice A node cannot hold two seats.
    error NodeSeatedTwice(uint32 nodeId);

    /// @notice Terms that seat nobody and count from epoch 0.
    function empty(uint256 cap_) internal pure returns (Terms) {
        return Terms.wrap(cap_ << 192);
    }

    /// @notice The same cap and epoch with `nodeId` in `seat`; 0 empties it.
    function withSeat(Terms terms, uint256 seat, uint256 nodeId) internal pure returns (Terms) {
        uint256 shift = 24 * seat;
        return Terms.wrap((Terms.unwrap(terms) & ~(SEAT_MASK << shift)) | (nodeId << shift));
    }

    /// @notice The same cap and epoch with `ids`, each 1 to 2^24 - 1, in the first empty seats from `seat` on, in order;
    /// `fits` is false where there are too few. Refuses a node that has a seat.
    function withMore(Terms terms, uint32[] memory ids, uint256 seat) internal pure returns (Terms more, bool fits) {
        more = terms;
        unchecked {
            for (uint256 i = 0; i < ids.length; i++) {
                if (more.seatOf(ids[i]) < SEATS) revert NodeSeatedTwice(ids[i]);
                while (seat < SEATS && more.nodeAt(seat) != 0) seat++;
                if (seat == SEATS) return (more, false);
                more = more.withSeat(seat, ids[i]);
            }
        }
        return (more, true);
    }

    /// @notice Terms of a later epoch with what `grown` has more than `current`: its cap where theirs is lower, and its
    /// new nodes in those of their seats that are empty here too. A node that sits here already gets no second seat.
    function withGrowth(Terms terms, Terms current, Terms grown) internal pure returns (Terms next) {
        next = terms.cap() < grown.cap() ? terms.withCap(grown.cap()) : terms;
        unchecked {
            for (uint256 seat = 1; seat < SEATS; seat++) {
                uint256 nodeId = grown.nodeAt(seat);
                if (nodeId == current.nodeAt(seat) || next.nodeAt(seat) != 0) continue;
                if (next.seatOf(nodeId) == SEATS) next = next.withSeat(seat, nodeId);
            }
        }
    }

    /// @notice The same cap and epoch with those seats alone that `before` leaves empty; its other seats are the same.
    function beyond(Terms terms, Terms before) internal pure returns (Terms) {
        return Terms.wrap(Terms.unwrap(terms) ^ (Terms.unwrap(before) & ALL_SEATS));
    }

    /// @notice The same cap and epoch, and nobody seated.
    function withoutSeats(Terms terms) internal pure returns (Terms) {
        return Terms.wrap(Terms.unwrap(terms) & ~ALL_SEATS);
    }

    /// @notice The same seats and epoch with another cap.
    function withCap(Terms terms, uint256 cap_) internal pure returns (Terms) {
        return Terms.wrap((Terms.unwrap(terms) & ~(uint256(type(uint40).max) << 192)) | (cap_ << 192));
    }

    /// @notice The same seats and cap, counting from another epoch.
    function withFromEpoch(Terms terms, uint256 fromEpoch_) internal pure returns (Terms) {
        return Terms.wrap((Terms.unwrap(terms) & (type(uint256).max >> 24)) | (fromEpoch_ << 232));
    }

    /// @notice What one seat may charge in one epoch, in base units of the asset.
    function cap(Terms terms) internal pure returns (uint256) {
        return (Terms.unwrap(terms) >> 192) & type(uint40).max;
    }

    /// @notice The first epoch that is judged by these terms.
    function fromEpoch(Terms terms) internal pure returns (uint256) {
        return Terms.unwrap(terms) >> 232;
    }

    /// @notice The node in `seat` (0 to 7); 0 when empty.
    function nodeAt(Terms terms, uint256 seat) internal pure returns (uint256) {
        return (Terms.unwrap(terms) >> (24 * seat)) & SEAT_MASK;
    }

    /// @notice The seat of `nodeId`; 8 when it has none.
    function seatOf(Terms terms, uint256 nodeId) internal pure returns (uint256 seat) {
        if (nodeId == 0) return SEATS;
        uint256 word = Terms.unwrap(terms) & ALL_SEATS;
        unchecked {
            for (; word != 0; seat++) {
                if ((word & SEAT_MASK) == nodeId) return seat;
                word >>= 24;
            }
        }
        return SEATS;
    }

    /// @notice A bit for each seat that is taken.
    function seatBits(Terms terms) internal pure returns (uint256 bits) {
        unchecked {
            for (uint256 i = 0; i < SEATS; i++) {
                if (terms.nodeAt(i) != 0) bits |= 1 << i;
            }
        }
    }

    /// @notice How many seats are taken.
    function count(Terms terms) internal pure returns (uint256 taken) {
        for (uint256 i = 0; i < SEATS; i++) {
            if (terms.nodeAt(i) != 0) taken++;
        }
    }

    /// @notice The number of the last seat that is taken, counted from 1; 0 when none is.
    function length(Terms terms) internal pure returns (uint256 seats) {
        seats = SEATS;
        unchecked {
            while (seats != 0 && terms.nodeAt(seats - 1) == 0) seats--;
        }
    }

    /// @notice The nodes in the order of their seats, up to the last seat that is taken; 0 for an empty one between.
    function nodeIds(Terms terms) internal pure returns (uint32[] memory ids) {
        uint256 word = Terms.unwrap(terms) & ALL_SEATS;
        ids = new uint32[](SEATS);
        uint256 seats = 0;
        unchecked {
            for (; word != 0; word >>= 24) ids[seats++] = uint32(word & SEAT_MASK);
        }
        assembly ("memory-safe") {
            mstore(ids, seats)
        }
    }
}
