// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title What the tests need of `MockUSD`
interface IMintable is IERC20 {
    function mint(address to, uint256 amount) external;
}
