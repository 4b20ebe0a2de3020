// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreditEscrow} from "../../../../contracts/interfaces/ICreditEscrow.sol";
import {Names} from "../Names.sol";

/// @title What owners of projects do with their credit
abstract contract CreditActions is Names {
    function requestWithdraw(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId != 0) _requestWithdraw(projectId);
    }

    function _requestWithdraw(uint64 projectId) private {
        Project storage entry = project[projectId];
        // Now and then more than there is, or nothing.
        uint64 amount = uint64(_once(10) ? _pick(2) * (entry.balance + 1) : _between(1, entry.balance));
        bytes memory data = abi.encodeCall(ICreditEscrow.requestWithdraw, (projectId, amount));
        if (!_expect(amount != 0 && amount <= entry.balance, entry.owner, address(escrow), data)) return;
        (entry.thawing, entry.thawEpoch) = (amount, _epoch());
    }

    function cancelWithdraw(uint256 seed) external action(seed) {
        uint64 projectId = _thawingProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        bytes memory data = abi.encodeCall(ICreditEscrow.cancelWithdraw, (projectId));
        if (!_expect(entry.thawing != 0, entry.owner, address(escrow), data)) return;
        (entry.thawing, entry.thawEpoch) = (0, 0);
    }

    /// Often waits until the thaw is over or one epoch less.
    function withdraw(uint256 seed) external action(seed) {
        uint64 projectId = _thawingProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        if (entry.thawing == 0 && entry.balance != 0 && _once(2)) _requestWithdraw(projectId);
        if (entry.thawing != 0 && _once(2)) _moveToEpoch(entry.thawEpoch + CREDIT_THAW + (_once(4) ? 0 : 1));
        _withdraw(projectId);
    }

    function _deposit(uint64 projectId, uint64 amount) internal {
        bytes memory data = abi.encodeCall(ICreditEscrow.deposit, (projectId, amount));
        if (!_expect(amount != 0, stranger, address(escrow), data)) return;
        purse[stranger] -= amount;
        _raise(projectId, amount);
    }

    function _withdraw(uint64 projectId) internal {
        Project storage entry = project[projectId];
        bool foretold = entry.thawing != 0 && _epoch() > entry.thawEpoch + CREDIT_THAW;
        bytes memory data = abi.encodeCall(ICreditEscrow.withdraw, (projectId));
        if (!_expect(foretold, entry.owner, address(escrow), data)) return;
        purse[entry.owner] += entry.thawing;
        entry.balance -= entry.thawing;
        (entry.thawing, entry.thawEpoch) = (0, 0);
    }

    function _anyProject() internal returns (uint64) {
        return projectCount == 0 ? 0 : uint64(1 + _pick(projectCount));
    }

    function _openProject() internal returns (uint64 projectId) {
        projectId = _anyProject();
        for (uint256 i = 0; i < projectCount && project[projectId].closed; i++)
            projectId = (projectId % projectCount) + 1;
        if (project[projectId].closed) return 0;
    }

    function _thawingProject() private returns (uint64 projectId) {
        projectId = _anyProject();
        for (uint256 i = 0; i < projectCount && project[projectId].thawing == 0; i++) {
            projectId = (projectId % projectCount) + 1;
        }
    }
}
