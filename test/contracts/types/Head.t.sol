// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Head, HeadLib} from "../../../contracts/types/Head.sol";

/// @title The word of a project's head, for any numbers
contract HeadTest {
    struct Fields {
        address owner;
        uint24 versions;
        uint24 active;
        uint24 pastTerms;
        uint8 domains;
        bool closed;
        bool split;
    }

    /// The layout that `Head` documents, written out once more.
    function _word(Fields memory f) private pure returns (Head) {
        return
            Head.wrap(
                uint256(uint160(f.owner)) |
                    (uint256(f.versions) << 160) |
                    (uint256(f.active) << 184) |
                    (uint256(f.pastTerms) << 208) |
                    (uint256(f.domains) << 232) |
                    (f.closed ? 1 << 240 : 0) |
                    (f.split ? 1 << 241 : 0)
            );
    }

    function _check(Head head, Fields memory f) private pure {
        require(Head.unwrap(head) == Head.unwrap(_word(f)), "word");
        require(head.owner() == f.owner, "owner");
        require(head.versions() == f.versions, "versions");
        require(head.active() == f.active, "active");
        require(head.pastTerms() == f.pastTerms, "pastTerms");
        require(head.domains() == f.domains, "domains");
        require(head.isClosed() == f.closed, "closed");
        require(head.isSplit() == f.split, "split");
    }

    function withNextVersion(Head head) external pure returns (Head) {
        return head.withNextVersion();
    }

    function testFuzz_readsWhatItsLayoutSays(Fields memory f) external pure {
        _check(_word(f), f);
    }

    function testFuzz_changesOneFieldAndNoOther(Fields memory f, Fields memory other) external pure {
        Head head = _word(f);
        Fields memory g = _copy(f);
        g.owner = other.owner;
        _check(head.withOwner(other.owner), g);

        g = _copy(f);
        g.pastTerms = other.pastTerms;
        _check(head.withPastTerms(other.pastTerms), g);

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
        g.split = false; // a version that becomes active ends a split
        _check(head.withActive(other.active), g);
    }

    function testFuzz_countsVersionsUpToTheLast(Fields memory f) external view {
        _next(f);
        f.versions = type(uint24).max;
        _next(f);
    }

    function _next(Fields memory f) private view {
        try this.withNextVersion(_word(f)) returns (Head head) {
            require(f.versions < type(uint24).max, "ran over");
            Fields memory g = _copy(f);
            g.versions = f.versions + 1;
            _check(head, g);
        } catch (bytes memory reason) {
            require(f.versions == type(uint24).max, "refused what fits");
            require(bytes4(reason) == HeadLib.TooManyVersions.selector, "another reason");
        }
    }

    function _copy(Fields memory f) private pure returns (Fields memory) {
        return Fields(f.owner, f.versions, f.active, f.pastTerms, f.domains, f.closed, f.split);
    }
}
