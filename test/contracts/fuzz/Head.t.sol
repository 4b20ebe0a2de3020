// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Head} from "../../../contracts/types/Head.sol";
import {same} from "../support/same.sol";

/// @title The word of a project's head: each change touches its own field
contract HeadFuzzTest {
    function testFuzz_changesTouchOneFieldEach(
        uint256 word,
        address owner,
        uint24 active,
        uint24 past,
        uint8 domains
    ) external pure {
        Head head = Head.wrap(word >> 14);
        Head after_ = head.withOwner(owner);
        assert(after_.owner() == owner);
        _sameBut(head, after_, 0, 160);

        after_ = head.withPastTerms(past);
        same(after_.pastTerms(), past);
        _sameBut(head, after_, 208, 24);

        after_ = head.withDomains(domains);
        same(after_.domains(), domains);
        _sameBut(head, after_, 232, 8);

        after_ = head.withActive(active);
        same(after_.active(), active);
        assert(!after_.isSplit());
        _sameBut(head.withSplit(false), after_, 184, 24);

        assert(head.withClosed().isClosed());
        _sameBut(head, head.withClosed(), 240, 1);
        assert(head.withSplit(true).isSplit());
        _sameBut(head, head.withSplit(true), 241, 1);
    }

    function testFuzz_versionsCountUpAndStopBeforeTheyOverflow(uint256 word) external view {
        Head head = Head.wrap(word);
        try this.next(head) returns (Head after_) {
            same(after_.versions(), uint256(head.versions()) + 1);
            _sameBut(head, after_, 160, 24);
        } catch {
            same(head.versions(), type(uint24).max);
        }
    }

    function test_lastVersionIsRefused() external view {
        Head head = Head.wrap(uint256(type(uint24).max - 1) << 160);
        head = this.next(head);
        same(head.versions(), type(uint24).max);
        try this.next(head) {
            assert(false);
        } catch {
            same(head.versions(), type(uint24).max);
        }
    }

    function next(Head head) external pure returns (Head) {
        return head.withNextVersion();
    }

    function _sameBut(Head a, Head b, uint256 shift, uint256 bits) private pure {
        same((Head.unwrap(a) ^ Head.unwrap(b)) & ~(((1 << bits) - 1) << shift), 0);
    }
}
