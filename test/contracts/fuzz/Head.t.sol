// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Head, HeadLib} from "../../../contracts/types/Head.sol";
import {RefillRule} from "../../../contracts/types/RefillRule.sol";
import {same} from "../support/same.sol";

/// @title The word of a project's head: each change touches its own field
contract HeadFuzzTest {
    struct Fields {
        address owner;
        uint32 versions;
        uint32 active;
        uint8 domains;
        bool closed;
        bool split;
        /// 15 bits.
        uint16 refill;
        /// What no field has yet: the upper 7 bits.
        uint8 spare;
    }

    /// The layout that `Head` documents, written out once more.
    function _word(Fields memory f) private pure returns (Head) {
        return
            Head.wrap(
                uint256(uint160(f.owner)) |
                    (uint256(f.versions) << 160) |
                    (uint256(f.active) << 192) |
                    (uint256(f.domains) << 224) |
                    (f.closed ? 1 << 232 : 0) |
                    (f.split ? 1 << 233 : 0) |
                    (uint256(f.refill & 0x7fff) << 234) |
                    (uint256(f.spare) << 249)
            );
    }

    function _check(Head head, Fields memory f) private pure {
        same(Head.unwrap(head), Head.unwrap(_word(f)));
        assert(head.owner() == f.owner);
        same(head.versions(), f.versions);
        same(head.active(), f.active);
        same(head.domains(), f.domains);
        assert(head.isClosed() == f.closed);
        assert(head.isSplit() == f.split);
        same(RefillRule.unwrap(head.refill()), f.refill & 0x7fff);
    }

    function testFuzz_readsWhatItsLayoutSays(Fields memory f) external pure {
        _check(_word(f), f);
    }

    function testFuzz_changesTouchOneFieldEach(Fields memory f, Fields memory other) external pure {
        Head head = _word(f);
        Fields memory g = _copy(f);
        g.owner = other.owner;
        _check(head.withOwner(other.owner), g);

        g = _copy(f);
        g.refill = other.refill & 0x7fff;
        _check(head.withRefill(RefillRule.wrap(g.refill)), g);

        g = _copy(f);
        g.domains = other.domains;
        _check(head.withDomains(other.domains), g);

        g = _copy(f);
        g.split = other.split;
        _check(head.withSplit(other.split), g);

        g = _copy(f);
        g.closed = true;
        _check(head.withClosed(), g);

        g = _copy(f);
        g.active = other.active;
        _check(head.withActive(other.active), g);
    }

    function testFuzz_versionsCountUpAndStopBeforeTheyOverflow(Fields memory f) external view {
        _next(f);
        f.versions = type(uint32).max - 1;
        _next(f);
        f.versions = type(uint32).max;
        _next(f);
    }

    function _next(Fields memory f) private view {
        try this.next(_word(f)) returns (Head after_) {
            assert(f.versions < type(uint32).max);
            Fields memory g = _copy(f);
            g.versions = f.versions + 1;
            _check(after_, g);
        } catch (bytes memory reason) {
            assert(f.versions == type(uint32).max);
            assert(bytes4(reason) == HeadLib.TooManyVersions.selector);
        }
    }

    /// In memory an assignment would be the same fields under two names.
    function _copy(Fields memory f) private pure returns (Fields memory) {
        return Fields(f.owner, f.versions, f.active, f.domains, f.closed, f.split, f.refill, f.spare);
    }

    function next(Head head) external pure returns (Head) {
        return head.withNextVersion();
    }
}
