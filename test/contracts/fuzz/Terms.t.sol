// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms, TermsLib} from "../../../contracts/types/Terms.sol";
import {same} from "../support/same.sol";

/// @title What terms keep under every order of changes; packing and reading are in `libraries/terms.test.ts`
contract TermsFuzzTest {
    function testFuzz_orderOfChangesDoesNotMatter(
        uint256 word,
        uint8 seat,
        uint24 nodeId,
        uint40 cap,
        uint24 fromEpoch
    ) external pure {
        Terms terms = Terms.wrap(word);
        seat %= 8;
        uint256 one = Terms.unwrap(terms.withSeat(seat, nodeId).withCap(cap).withFromEpoch(fromEpoch));
        same(one, Terms.unwrap(terms.withFromEpoch(fromEpoch).withCap(cap).withSeat(seat, nodeId)));
        same(one, Terms.unwrap(terms.withCap(cap).withFromEpoch(fromEpoch).withSeat(seat, nodeId)));
    }

    /// `cap x seats` is what a project can be charged: seats counted, listed and marked are the same seats.
    function testFuzz_seatsCountedListedAndMarkedAgree(uint256 word) external pure {
        // Some seats empty, so that there is something to tell apart.
        for (uint256 seat = 0; seat < 8; seat++) if ((word >> (24 * seat)) % 3 == 0) word &= ~(0xffffff << (24 * seat));
        Terms terms = Terms.wrap(word);
        uint32[] memory ids = terms.nodeIds();
        (uint256 count, uint256 bits) = (0, 0);
        for (uint256 i = 0; i < ids.length; i++) {
            same(ids[i], terms.nodeAt(i));
            if (ids[i] == 0) continue;
            count++;
            bits |= 1 << i;
            assert(terms.seatOf(ids[i]) <= i);
            same(terms.nodeAt(terms.seatOf(ids[i])), ids[i]);
        }
        same(terms.count(), count);
        same(terms.seatBits(), bits);
        assert(ids.length == 0 || ids[ids.length - 1] != 0);
    }

    function testFuzz_aStrangerHasNoSeat(uint256 word, uint32 nodeId) external pure {
        Terms terms = Terms.wrap(word);
        uint256 seat = terms.seatOf(nodeId);
        if (seat < TermsLib.SEATS) same(terms.nodeAt(seat), nodeId);
        else for (uint256 i = 0; i < 8; i++) assert(nodeId == 0 || terms.nodeAt(i) != nodeId);
    }

    /// What grows keeps who sits, seats nobody twice and never touches the home or the epoch.
    function testFuzz_growthKeepsWhoSits(uint256 word, uint32[8] memory ids, uint40 cap) external view {
        Terms terms = Terms.wrap(word);
        for (uint256 seat = 0; seat < 8; seat++) {
            // Some seats empty, and nobody in two of them.
            bool isFirst = terms.seatOf(terms.nodeAt(seat)) == seat;
            if ((word >> (24 * seat)) % 3 == 0 || !isFirst) terms = terms.withSeat(seat, 0);
        }
        uint32[] memory more = new uint32[](1 + (word % 8));
        for (uint256 i = 0; i < more.length; i++) more[i] = 1 + (ids[i] % type(uint24).max);
        try this.withMore(terms, more) returns (Terms grown, bool fits) {
            uint256 came;
            for (uint256 seat = 0; seat < 8; seat++) {
                if (terms.nodeAt(seat) != 0 || seat == 0) same(grown.nodeAt(seat), terms.nodeAt(seat));
                else if (grown.nodeAt(seat) != 0) same(grown.nodeAt(seat), more[came++]);
                if (grown.nodeAt(seat) != 0) same(grown.seatOf(grown.nodeAt(seat)), seat);
            }
            assert(fits == (came == more.length));
            same(grown.cap(), terms.cap());
            same(grown.fromEpoch(), terms.fromEpoch());
            // Terms that do not differ grow like those that they follow.
            same(Terms.unwrap(terms.withGrowth(terms, grown)), Terms.unwrap(grown));
            Terms higher = grown.withCap(cap);
            same(terms.withGrowth(terms, higher).cap(), cap > terms.cap() ? cap : terms.cap());
            assert(fits || grown.count() == 7 + (terms.nodeAt(0) == 0 ? 0 : 1));
        } catch (bytes memory reason) {
            assert(bytes4(reason) == TermsLib.NodeSeatedTwice.selector);
        }
    }

    function withMore(Terms terms, uint32[] memory more) external pure returns (Terms grown, bool fits) {
        return terms.withMore(more, 1);
    }
}
