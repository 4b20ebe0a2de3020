// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RefillRule, RefillRuleLib} from "./RefillRule.sol";

/// @notice What a project's commonest calls read and write, in one word.
/// @dev `owner 160 | versions 32 | active 32 | domains 8 | closed 1 | split 1 | refill 15`, from the low bits up.
/// The zero word means: no project.
type Head is uint256;

using HeadLib for Head global;

/// @title Reading and changing heads
library HeadLib {
    uint256 private constant VERSIONS = 160;
    uint256 private constant ACTIVE = 192;
    uint256 private constant DOMAINS = 224;
    uint256 private constant CLOSED = 232;
    uint256 private constant SPLIT = 233;
    uint256 private constant REFILL = 234;
    uint256 private constant REFILL_MASK = (1 << RefillRuleLib.BITS) - 1;

    /// @notice A project has at most 2^32 - 1 versions.
    error TooManyVersions();

    /// @notice Who decides everything.
    function owner(Head head) internal pure returns (address) {
        return address(uint160(Head.unwrap(head)));
    }

    /// @notice How many versions there are.
    function versions(Head head) internal pure returns (uint32) {
        return uint32(Head.unwrap(head) >> VERSIONS);
    }

    /// @notice The version that is served; 0 for none.
    function active(Head head) internal pure returns (uint32) {
        return uint32(Head.unwrap(head) >> ACTIVE);
    }

    /// @notice How many domains the project holds.
    function domains(Head head) internal pure returns (uint8) {
        return uint8(Head.unwrap(head) >> DOMAINS);
    }

    /// @notice Whether the project is closed.
    function isClosed(Head head) internal pure returns (bool) {
        return (Head.unwrap(head) >> CLOSED) & 1 == 1;
    }

    /// @notice Whether a second version is served: a new one need not read the slot that says which.
    function isSplit(Head head) internal pure returns (bool) {
        return (Head.unwrap(head) >> SPLIT) & 1 == 1;
    }

    /// @notice How empty seats are refilled.
    function refill(Head head) internal pure returns (RefillRule) {
        return RefillRule.wrap(uint16((Head.unwrap(head) >> REFILL) & REFILL_MASK));
    }

    /// @notice The head with another owner.
    function withOwner(Head head, address owner_) internal pure returns (Head) {
        return _with(head, 0, type(uint160).max, uint160(owner_));
    }

    /// @notice The head with one more version; its number is `versions`.
    function withNextVersion(Head head) internal pure returns (Head) {
        if (head.versions() == type(uint32).max) revert TooManyVersions();
        unchecked {
            return Head.wrap(Head.unwrap(head) + (1 << VERSIONS));
        }
    }

    /// @notice The head with another active version.
    function withActive(Head head, uint32 version) internal pure returns (Head) {
        return _with(head, ACTIVE, type(uint32).max, version);
    }

    /// @notice The head with or without a split.
    function withSplit(Head head, bool split) internal pure returns (Head) {
        return _with(head, SPLIT, 1, split ? 1 : 0);
    }

    /// @notice The head with another number of domains.
    function withDomains(Head head, uint256 domains_) internal pure returns (Head) {
        return _with(head, DOMAINS, type(uint8).max, domains_);
    }

    /// @notice The head of a closed project.
    function withClosed(Head head) internal pure returns (Head) {
        return _with(head, CLOSED, 1, 1);
    }

    /// @notice The head with another rule for refills.
    function withRefill(Head head, RefillRule rule) internal pure returns (Head) {
        return _with(head, REFILL, REFILL_MASK, RefillRule.unwrap(rule));
    }

    function _with(Head head, uint256 shift, uint256 mask, uint256 value) private pure returns (Head) {
        return Head.wrap((Head.unwrap(head) & ~(mask << shift)) | (value << shift));
    }
}
