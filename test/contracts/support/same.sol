// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A value is not what it should be.
error NotSame(uint256 is_, uint256 shouldBe);

/// @notice Fails, and says both, where two values differ.
function same(uint256 is_, uint256 shouldBe) pure {
    if (is_ != shouldBe) revert NotSame(is_, shouldBe);
}
