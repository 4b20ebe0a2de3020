// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreditEscrow} from "../../../../contracts/interfaces/ICreditEscrow.sol";
import {INodeRegistry} from "../../../../contracts/interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../../../../contracts/interfaces/IUsageSettlement.sol";
import {GovernanceActions} from "./GovernanceActions.sol";

/// @title What nobody may do, tried: each of these succeeds where the contracts refuse
abstract contract TrespassActions is GovernanceActions {
    /// A receipt that was skipped, or superseded, is disputed or released by the project's owner.
    function touchUncounted(uint256 seed) external action(seed) {
        if (skippedCount == 0) return;
        Submission storage s = skipped[_pick(_min(skippedCount, skipped.length))];
        uint256 receipt = _receiptAt(s.receipts, _pick(s.receipts.length / 32));
        uint64 projectId = uint64(receipt >> 192);
        if (project[projectId].owner == address(0)) return;
        if (lineOf[projectId][s.nodeId][s.epoch] != 0) return;
        uint256 amount = _priceOf(s.epoch, _capOf(termsSeen[projectId][s.epoch]), receipt);
        bytes memory line = abi.encodePacked(receipt, uint64(amount));
        if (batches.length != 0 && _once(2)) line = bytes.concat(line, batches[batches.length - 1].lines);
        _touch(projectId, s.nodeId, s.epoch, s.statements, line, 0);
    }

    /// A counted line with another amount, in another batch, or at another place.
    function touchForged(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        Line storage line = lines[_anyLine()];
        Batch memory batch = batches[line.batch];
        uint256 kind = _pick(4);
        uint32 index = line.index;
        if (kind == 0) batch.lines[index * 40 + 39] ^= 0x01;
        else if (kind == 1) batch.statements = ~batch.statements;
        else if (kind == 2) batch.epoch++;
        else index = uint32(batch.lines.length / 40 + _pick(3));
        _touch(line.projectId, batch.nodeId, batch.epoch, batch.statements, batch.lines, index);
    }

    /// No role, and nobody else, does what only the settlement does.
    function playSettlement(uint256 seed) external action(seed) {
        address[5] memory all = [admin, guardian, arbiter, stranger, owners[_pick(3)]];
        address who = all[_pick(5)];
        uint64 projectId = _anyProject();
        uint256[] memory debits = new uint256[](1);
        debits[0] = (uint256(projectId) << 64) | 1;
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.charge, (debits)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.refund, (projectId, 1)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.pay, (who, 1, 0)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.takeBond, (stranger, 1)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.owe, (who, 1)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.takeSlash, (who, 1, who, 1)));
        _refused(who, address(nodes), abi.encodeCall(INodeRegistry.slash, (_anyNode(), 1, who)));
        _refused(who, address(settlement), abi.encodeCall(IUsageSettlement.open, (projectId)));
    }

    /// Nobody but its owner moves a project, not even its delegate.
    function playOwner(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        address who = _once(2) ? delegate : stranger;
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.requestWithdraw, (projectId, 1)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.cancelWithdraw, (projectId)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.withdraw, (projectId)));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.setReplicas, (projectId, _someNodes(2))));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.setBudget, (projectId, uint40(USD))));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.transferOwnership, (projectId, who)));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.setMeter, (projectId, who)));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.close, (projectId)));
    }

    /// Nobody but its owner moves a stake, not even the operator.
    function playNodeOwner(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        address who = _once(2) ? guardian : stranger;
        _refused(who, address(nodes), abi.encodeCall(INodeRegistry.requestUnstake, (nodeId, 1)));
        _refused(who, address(nodes), abi.encodeCall(INodeRegistry.cancelUnstake, (nodeId)));
        _refused(who, address(nodes), abi.encodeCall(INodeRegistry.withdrawStake, (nodeId)));
        _refused(who, address(nodes), abi.encodeCall(INodeRegistry.setOperator, (nodeId, who)));
        _refused(who, address(nodes), abi.encodeCall(INodeRegistry.setAccepting, (nodeId, _epoch())));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.leave, (_projectIds(), nodeId)));
    }

    /// Versions: by a delegate where the owner of this moment said so, and for open projects only.
    function deployAsDelegate(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        bool may = mayDeploy[entry.owner][projectId] && !entry.closed;
        bytes memory data = abi.encodeCall(IProjectRegistry.addVersion, (projectId, _cid(), _once(2)));
        if (!_expect(may && !_isPaused(address(projects)), delegate, address(projects), data)) return;
        uint32 version = projects.projectOf(projectId).versions;
        (bytes32 digest, ) = projects.versionOf(projectId, version);
        _expect(
            true,
            delegate,
            address(projects),
            abi.encodeCall(IProjectRegistry.activate, (projectId, version, digest))
        );
        if (version < 2) return;
        _expect(
            true,
            delegate,
            address(projects),
            abi.encodeCall(IProjectRegistry.split, (projectId, version - 1, 500))
        );
    }

    function _touch(
        uint64 projectId,
        uint32 nodeId,
        uint32 epoch,
        bytes32 statements,
        bytes memory lines_,
        uint256 index
    ) private {
        address owner = project[projectId].owner;
        _refused(
            owner,
            address(settlement),
            abi.encodeCall(IUsageSettlement.dispute, (nodeId, epoch, statements, lines_, index, ""))
        );
        _refused(
            owner,
            address(settlement),
            abi.encodeCall(IUsageSettlement.release, (nodeId, epoch, statements, lines_, index, ""))
        );
    }
}
