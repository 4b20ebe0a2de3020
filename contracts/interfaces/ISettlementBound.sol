// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEpochClock} from "./IEpochClock.sol";

/// @title A contract that obeys one settlement, named once
interface ISettlementBound is IEpochClock {
    /// @notice From now on `settlement` alone may move what this contract holds for others.
    event Bound(address settlement);

    /// @notice Only the account that deployed this contract binds it.
    error NotBinder(address caller, address binder);
    /// @notice The settlement is named already; it never changes.
    error AlreadyBound(address settlement);
    /// @notice `settlement` does not name this contract as its own, or has another time line.
    error WrongSettlement(address settlement);
    /// @notice Only the settlement calls this.
    error NotSettlement(address caller);

    /// @notice Names the settlement, once. For the deployer.
    function bind(address settlement) external;

    /// @notice The settlement; zero before `bind`.
    function settlement() external view returns (address);
}
