// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
import {ISettlementBound} from "../interfaces/ISettlementBound.sol";
import {EpochClock} from "./EpochClock.sol";

/// @title A contract that obeys one settlement, named once by the deployer and fixed from then on
/// @dev Not a role on purpose: nobody can be given the right to charge, pay out or slash later.
abstract contract SettlementBound is ISettlementBound, EpochClock {
    /// @inheritdoc ISettlementBound
    address public settlement;

    address private immutable BINDER = msg.sender;

    modifier onlySettlement() {
        if (msg.sender != settlement) revert NotSettlement(msg.sender);
        _;
    }

    /// @inheritdoc ISettlementBound
    function bind(address settlement_) external {
        if (msg.sender != BINDER) revert NotBinder(msg.sender, BINDER);
        if (settlement != address(0)) revert AlreadyBound(settlement);
        if (
            !_namesThis(IUsageSettlement(settlement_)) ||
            keccak256(abi.encode(IUsageSettlement(settlement_).times())) != keccak256(abi.encode(times()))
        ) revert WrongSettlement(settlement_);

        settlement = settlement_;
        emit Bound(settlement_);
    }

    /// Whether the settlement was built for this very contract.
    function _namesThis(IUsageSettlement candidate) internal view virtual returns (bool);
}
