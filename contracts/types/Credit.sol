// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A project's credit in one word.
/// @dev `balance 64 | thawing 64 | thawEpoch 32 | raisedAt 32`, from the low bits up. `thawing` is never more than
/// `balance`, which includes it. `raisedAt` is the epoch of the last deposit or refund.
type Credit is uint256;

using CreditLib for Credit global;

/// @title Reading and changing credit
library CreditLib {
    uint256 private constant BALANCE_MASK = type(uint64).max;
    /// `thawing` and `thawEpoch`.
    uint256 private constant THAW_MASK = ((1 << 96) - 1) << 64;
    /// `thawEpoch` and `raisedAt`.
    uint256 private constant EPOCHS_MASK = type(uint256).max << 128;

    /// @notice The balance would not fit 64 bits.
    error CreditOverflow(uint256 balance);

    /// @notice All of the credit, in base units of the asset, including what thaws.
    function balance(Credit credit) internal pure returns (uint256) {
        return Credit.unwrap(credit) & BALANCE_MASK;
    }

    /// @notice What the owner asked back, in base units.
    function thawing(Credit credit) internal pure returns (uint256) {
        return (Credit.unwrap(credit) >> 64) & BALANCE_MASK;
    }

    /// @notice The epoch in which it was asked back.
    function thawEpoch(Credit credit) internal pure returns (uint256) {
        return (Credit.unwrap(credit) >> 128) & type(uint32).max;
    }

    /// @notice The epoch in which the balance last rose.
    function raisedAt(Credit credit) internal pure returns (uint256) {
        return Credit.unwrap(credit) >> 160;
    }

    /// @notice The credit with `amount` more since `epoch`.
    function plus(Credit credit, uint256 amount, uint256 epoch) internal pure returns (Credit) {
        uint256 sum = credit.balance() + amount;
        if (sum > BALANCE_MASK) revert CreditOverflow(sum);
        return Credit.wrap((Credit.unwrap(credit) & THAW_MASK) | sum | (epoch << 160));
    }

    /// @notice The credit with `amount`, at most the balance, less. What thaws shrinks with it.
    function minus(Credit credit, uint256 amount) internal pure returns (Credit) {
        unchecked {
            uint256 rest = credit.balance() - amount;
            uint256 thaws = credit.thawing();
            if (thaws > rest) thaws = rest;
            return Credit.wrap((Credit.unwrap(credit) & EPOCHS_MASK) | rest | (thaws << 64));
        }
    }

    /// @notice The credit with `amount`, at most the balance, thawing since `epoch`.
    function withThaw(Credit credit, uint256 amount, uint256 epoch) internal pure returns (Credit) {
        return Credit.wrap(credit.balance() | (amount << 64) | (epoch << 128) | (credit.raisedAt() << 160));
    }
}
