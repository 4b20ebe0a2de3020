// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ICreditEscrow} from "../../../contracts/interfaces/ICreditEscrow.sol";
import {vm} from "../support/Vm.sol";
import {Rules} from "./Rules.sol";

/// @title A network with nodes and projects, and its end: everybody leaves, and nothing stays behind
contract Scenario is Rules {
    constructor() {
        for (uint256 i = 0; i < 4; i++) {
            _register(nodeOwners[i % 3], uint64((2_000 + 500 * i) * USD));
            _expect(
                true,
                node[i + 1].owner,
                address(nodes),
                abi.encodeCall(INodeRegistry.setPresence, (uint32(i + 1), 30, 0))
            );
            (node[i + 1].presentUntil, node[i + 1].pooled) = (30, true);
        }
        for (uint256 i = 0; i < 3; i++) {
            _deploy(i, owners[i]);
            _deposit(uint64(i + 1), 40 * USD);
            _setMeter(uint64(i + 1), vm.addr(METER_KEY));
        }
    }

    /// @notice Settles every dispute, claims, collects and withdraws everything; what is left is a fault.
    /// @dev The bound of what remains is 0: each amount is split by subtraction (`amount - fee`), never by two roundings.
    function everyoneLeaves() external action(0) {
        _moveToEpoch(_epoch() + LATE + DISPUTE + 2 * DECIDE + 1);
        for (uint256 i = 0; i < lines.length; i++) if (lines[i].fate == Fate.Disputed) _draw(lines[i]);
        for (uint32 id = 1; id <= nodeCount; id++) {
            if (node[id].payableAmount + node[id].payableFee != 0 || _pendingEpochs(id).length != 0) {
                _claim(id, _pendingEpochs(id));
            }
            if (node[id].stake != 0) _requestUnstake(id, node[id].stake);
        }
        for (uint256 i = 0; i < 3; i++) if (refund[owners[i]] != 0) _collectRefund(owners[i]);
        if (fees != 0) _collectFees();
        for (uint64 id = 1; id <= projectCount; id++) _askCreditBack(id);

        _moveToEpoch(_epoch() + STAKE_THAW + 1);
        for (uint32 id = 1; id <= nodeCount; id++) if (node[id].thawing != 0) _withdrawStake(id);
        for (uint64 id = 1; id <= projectCount; id++) if (project[id].thawing != 0) _withdraw(id);
        _requireEmpty();
    }

    function _askCreditBack(uint64 projectId) private {
        Project storage entry = project[projectId];
        if (entry.balance == 0) return;
        bytes memory data = abi.encodeCall(ICreditEscrow.requestWithdraw, (projectId, entry.balance));
        _expect(true, entry.owner, address(escrow), data);
        (entry.thawing, entry.thawEpoch) = (entry.balance, _epoch());
    }

    function _requireEmpty() private view {
        _same("dust in the escrow", 0, usd.balanceOf(address(escrow)), strayInEscrow);
        _same("dust in the registry", 0, usd.balanceOf(address(nodes)), strayInNodes);
        _same("held after all left", 0, escrow.held(), 0);
        _same("fees after all left", 0, escrow.fees(), 0);
        uint256 sum = strayInEscrow + strayInNodes;
        for (uint256 i = 0; i < purses.length; i++) {
            _same("purse after all left", i, usd.balanceOf(purses[i]), purse[purses[i]]);
            sum += usd.balanceOf(purses[i]);
        }
        _same("all tokens are somebody's", 0, sum, usd.totalSupply());
    }
}
