// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreditEscrow} from "../../../../contracts/interfaces/ICreditEscrow.sol";
import {INameRegistry} from "../../../../contracts/interfaces/INameRegistry.sol";
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
        uint256 amount = _priceOf(s.epoch, _capOf(termsOf[projectId][s.epoch]), receipt);
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
        address[5] memory all = [admin, guardian, bounds.arbiter, stranger, owners[_pick(3)]];
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
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.countDomain, (projectId, true)));
        _playRegistry(who, projectId);
    }

    /// No role, and nobody else, writes names but the project registry.
    function _playRegistry(address who, uint64 projectId) private {
        string memory domain = _domain(ZONE_NAMES);
        _refused(who, address(names), abi.encodeCall(INameRegistry.enter, (_domain(0), who, projectId)));
        _refused(who, address(names), abi.encodeCall(INameRegistry.claimFirst, (_domain(0), who, projectId)));
        _refused(who, address(names), abi.encodeCall(INameRegistry.setTarget, (projectId, who, domain)));
    }

    /// Nobody but the arbiter decides or extends, least of all the one before.
    function playArbiter(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        Line storage line = lines[_anyLine()];
        address[5] memory all = [admin, guardian, stranger, owners[_pick(3)], arbiters[0]];
        if (bounds.arbiter == arbiters[0]) all[4] = arbiters[1];
        address who = all[_pick(5)];
        (uint64 projectId, uint32 nodeId, uint32 epoch) = (line.projectId, line.nodeId, line.epoch);
        bytes memory data = abi.encodeCall(IUsageSettlement.decide, (projectId, nodeId, epoch, true, 1, 0));
        _refused(who, address(settlement), data);
        _refused(who, address(settlement), abi.encodeCall(IUsageSettlement.extend, (projectId, nodeId, epoch)));
    }

    /// Nobody but its owner moves a project, not even its delegate.
    function playOwner(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        address who = _once(2) ? delegate : stranger;
        uint32[] memory ids = _someNodes(2, DEFAULT_CAP, 0);
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.grow, (projectId, maxCap, ids)));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.setRefill, (projectId, ALL_REGIONS, false)));
        _refused(who, address(names), abi.encodeCall(INameRegistry.claimDomain, (projectId, _domain(ZONE_NAMES))));
        _refused(who, address(names), abi.encodeCall(INameRegistry.releaseDomain, (projectId, _domain(0))));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.requestWithdraw, (projectId, 1)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.cancelWithdraw, (projectId)));
        _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.withdraw, (projectId)));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.setReplicas, (projectId, ids)));
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
        _refused(who, address(nodes), abi.encodeCall(INodeRegistry.setPresence, (nodeId, _epoch(), 0)));
        _refused(who, address(projects), abi.encodeCall(IProjectRegistry.leaveSeats, (_projectIds(), nodeId)));
    }

    /// Versions: by a delegate where the owner of this moment said so, and for open projects only.
    function deployAsDelegate(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        bool may = rights[entry.owner][projectId] & DEPLOY != 0 && !entry.closed;
        _addVersion(projectId, delegate, true);
        if (entry.versions < 2) return;
        bytes32 digest = projects.digestOf(projectId, 1);
        bytes memory data = abi.encodeCall(IProjectRegistry.activate, (projectId, 1, digest));
        if (_expect(may, delegate, address(projects), data)) (entry.active, entry.split) = (1, false);
        data = abi.encodeCall(IProjectRegistry.split, (projectId, 2, 500));
        if (_expect(may && entry.active != 2, delegate, address(projects), data)) entry.split = true;
    }

    /// A right to propose adds versions that are not live, and no more than that.
    function propose(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        Project storage entry = project[projectId];
        if (rights[entry.owner][projectId] != PROPOSE) {
            bytes memory data = abi.encodeCall(IProjectRegistry.setDelegate, (projectId, delegate, PROPOSE));
            if (_once(2) || !_expect(true, entry.owner, address(projects), data)) return;
            rights[entry.owner][projectId] = PROPOSE;
        }
        _addVersion(projectId, delegate, false);
        if (entry.versions == 0) return;
        bytes32 digest = projects.digestOf(projectId, entry.versions);
        _refused(delegate, address(projects), abi.encodeCall(IProjectRegistry.addVersion, (projectId, _cid(), true)));
        bytes memory go = abi.encodeCall(IProjectRegistry.activate, (projectId, entry.versions, digest));
        _refused(delegate, address(projects), go);
        _refused(delegate, address(projects), abi.encodeCall(IProjectRegistry.split, (projectId, 1, 1)));
    }

    /// Whoever took a name first and named somebody else as its delegate does not get that one's version.
    function deployAtAnothers(uint256 seed) external action(seed) {
        uint256 index = _pick(ZONE_NAMES);
        for (uint256 i = 0; i < ZONE_NAMES && !_holdsDomain(index, name[index].projectId); i++)
            index = (index + 1) % ZONE_NAMES;
        (, bool taken) = _projectAt(index, delegate);
        if (!taken) return;
        _refused(delegate, address(projects), abi.encodeCall(IProjectRegistry.deploy, (_domain(index), _cid())));
        bytes memory data = abi.encodeCall(ICreditEscrow.depositAt, (_domain(index), delegate, uint64(1)));
        _refused(stranger, address(escrow), data);
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
            abi.encodeCall(IUsageSettlement.dispute, (nodeId, epoch, statements, lines_, index, type(uint64).max, ""))
        );
        _refused(
            owner,
            address(settlement),
            abi.encodeCall(IUsageSettlement.release, (nodeId, epoch, statements, lines_, index, ""))
        );
    }
}
