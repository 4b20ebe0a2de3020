// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice How a project's seats are refilled: how many there are to be, from which regions, and whether the home stays.
/// @dev `regionMask 9 | seats 4 | pinHome 1`, from the low bits up, kept as its difference (xor) from the default of
/// three seats from anywhere: a project with default rules needs no slot for them.
type RefillRule is uint16;

using RefillRuleLib for RefillRule global;

/// @title Reading and making refill rules
library RefillRuleLib {
    uint256 internal constant ALL_REGIONS = 0x1ff;
    uint256 internal constant DEFAULT_SEATS = 3;
    uint256 private constant DEFAULT_RULE = ALL_REGIONS | (DEFAULT_SEATS << 9);

    /// @notice Packs a rule. `seats_` 1 to 8.
    function pack(uint256 regionMask_, uint256 seats_, bool pinHome_) internal pure returns (RefillRule) {
        uint256 word = regionMask_ | (seats_ << 9) | (pinHome_ ? 1 << 13 : 0);
        return RefillRule.wrap(uint16(word ^ DEFAULT_RULE));
    }

    /// @notice A bit for each region that refills may draw from; 0: refills draw from nowhere.
    function regionMask(RefillRule rule) internal pure returns (uint256) {
        return _word(rule) & ALL_REGIONS;
    }

    /// @notice How many seats the owner asked for.
    function seats(RefillRule rule) internal pure returns (uint256) {
        return (_word(rule) >> 9) & 0xf;
    }

    /// @notice Whether nobody but the owner moves the home.
    function pinHome(RefillRule rule) internal pure returns (bool) {
        return _word(rule) >> 13 == 1;
    }

    function _word(RefillRule rule) private pure returns (uint256) {
        return RefillRule.unwrap(rule) ^ DEFAULT_RULE;
    }
}
