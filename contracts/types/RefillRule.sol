// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice How a project's seats are refilled: how many there are to be, from which regions, whether the home stays, and
/// whether the owner said so.
/// @dev `regionMask 9 | seats 4 | pinHome 1 | chosen 1`, from the low bits up, kept as its difference (xor) from the
/// default of three seats from anywhere with a home that stays: a project with default rules has no bits set for them.
type RefillRule is uint16;

using RefillRuleLib for RefillRule global;

/// @title Reading and making refill rules
library RefillRuleLib {
    uint256 internal constant ALL_REGIONS = 0x1ff;
    uint256 internal constant DEFAULT_SEATS = 3;
    uint256 internal constant BITS = 15;

    uint256 private constant SEATS = 9;
    uint256 private constant PIN_HOME = 13;
    uint256 private constant CHOSEN = 14;
    uint256 private constant DEFAULT_RULE = ALL_REGIONS | (DEFAULT_SEATS << SEATS) | (1 << PIN_HOME);

    /// @notice Packs a rule. `seats_` 1 to 8.
    function pack(
        uint256 regionMask_,
        uint256 seats_,
        bool pinHome_,
        bool isChosen_
    ) internal pure returns (RefillRule) {
        uint256 word = regionMask_ | (seats_ << SEATS);
        if (pinHome_) word |= 1 << PIN_HOME;
        if (isChosen_) word |= 1 << CHOSEN;
        return RefillRule.wrap(uint16(word ^ DEFAULT_RULE));
    }

    /// @notice A bit for each region that refills may draw from; 0: refills draw from nowhere.
    function regionMask(RefillRule rule) internal pure returns (uint256) {
        return _word(rule) & ALL_REGIONS;
    }

    /// @notice How many seats the owner asked for.
    function seats(RefillRule rule) internal pure returns (uint256) {
        return (_word(rule) >> SEATS) & 0xf;
    }

    /// @notice Whether nobody but the owner moves the home.
    function pinHome(RefillRule rule) internal pure returns (bool) {
        return (_word(rule) >> PIN_HOME) & 1 == 1;
    }

    /// @notice Whether the owner set the rule since the seats were last drawn: then naming nodes by hand keeps it.
    function isChosen(RefillRule rule) internal pure returns (bool) {
        return (_word(rule) >> CHOSEN) & 1 == 1;
    }

    function _word(RefillRule rule) private pure returns (uint256) {
        return RefillRule.unwrap(rule) ^ DEFAULT_RULE;
    }
}
