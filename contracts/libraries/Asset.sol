// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title The one asset: an ERC-20 with exactly 6 decimals
library Asset {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    uint8 internal constant DECIMALS = 6;

    /// @notice The token has `decimals` decimals; every price here is for 6.
    error AssetHasWrongDecimals(address asset, uint8 decimals);

    /// @notice Refuses a token without exactly 6 decimals.
    function check(IERC20 asset) internal view returns (IERC20) {
        uint8 decimals = IERC20Metadata(address(asset)).decimals();
        if (decimals != DECIMALS) revert AssetHasWrongDecimals(address(asset), decimals);
        return asset;
    }

    /// @notice Takes `amount` from `from` and says what arrived, which is less where the token takes a fee.
    function pull(IERC20 asset, address from, uint256 amount) internal returns (uint64 received) {
        uint256 before = asset.balanceOf(address(this));
        asset.safeTransferFrom(from, address(this), amount);
        return (asset.balanceOf(address(this)) - before).toUint64();
    }
}
