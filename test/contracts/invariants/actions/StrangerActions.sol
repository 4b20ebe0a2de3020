// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {ICreditEscrow} from "../../../../contracts/interfaces/ICreditEscrow.sol";
import {INodeRegistry} from "../../../../contracts/interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {ReceiptActions} from "./ReceiptActions.sol";
import {vm} from "../../support/Vm.sol";

/// @title What anyone may do
abstract contract StrangerActions is ReceiptActions {
    uint32 private constant LAPSE_AFTER = 90;
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    function deposit(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId != 0) _deposit(projectId, uint64(_between(0, _budgetOf(projectId) * (1 + _pick(8)))));
    }

    /// With a permit that is fresh, used by somebody else before, or of a wrong key: the allowance stands in each case.
    function depositWithPermit(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        uint64 amount = uint64(_between(1, _budgetOf(projectId)));
        uint256 kind = _pick(3);
        (uint8 v, bytes32 r, bytes32 s) = _signPermit(kind == 0 ? METER_KEY : STRANGER_KEY, amount);
        if (kind == 1) IERC20Permit(address(usd)).permit(stranger, address(escrow), amount, nowSeconds, v, r, s);
        bytes memory data = abi.encodeCall(ICreditEscrow.depositWithPermit, (projectId, amount, nowSeconds, v, r, s));
        if (!_expect(true, stranger, address(escrow), data)) return;
        purse[stranger] -= amount;
        project[projectId].balance += amount;
        _approveAgain();
    }

    function addStake(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        uint64 amount = uint64(_between(0, 200 * USD));
        bytes memory data = abi.encodeCall(INodeRegistry.addStake, (nodeId, amount));
        if (!_expect(true, stranger, address(nodes), data)) return;
        purse[stranger] -= amount;
        node[nodeId].stake += amount;
    }

    /// Tokens sent past the functions belong to nobody, and change nothing.
    function sendTokens(uint256 seed) external action(seed) {
        uint256 amount = _between(0, 50 * USD);
        bool toEscrow = _once(2);
        address to = toEscrow ? address(escrow) : address(nodes);
        if (!_expect(true, stranger, address(usd), abi.encodeCall(usd.transfer, (to, amount)))) return;
        purse[stranger] -= amount;
        if (toEscrow) strayInEscrow += amount;
        else strayInNodes += amount;
    }

    function refill(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        IProjectRegistry.Project memory before = projects.projectOf(projectId);
        bool[8] memory mayMove = _vacantSeats(before);
        bytes memory data = abi.encodeCall(IProjectRegistry.refill, (projectId));
        if (!_expect(_canRefill(before, mayMove), stranger, address(projects), data)) return;
        for (uint256 seat = 0; seat < 8; seat++) {
            uint32 was = seat < before.nodeIds.length ? before.nodeIds[seat] : 0;
            uint32 nodeId = _newestSeat(projectId, seat);
            if (nodeId != was && !(mayMove[seat] && _accepts(nodeId))) revert WronglySeated(projectId, seat, nodeId);
        }
    }

    function prune(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        for (uint256 i = 0; i < nodeCount && !_isPrunable(nodeId); i++) nodeId = (nodeId % nodeCount) + 1;
        bytes memory data = abi.encodeCall(INodeRegistry.prune, (nodeId));
        if (_expect(_isPrunable(nodeId), stranger, address(nodes), data)) node[nodeId].pooled = false;
    }

    /// Rarely waits for the 90 epochs.
    function lapse(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        for (uint256 i = 0; i < projectCount && !_isPoor(projectId); i++) projectId = (projectId % projectCount) + 1;
        if (bytes(project[projectId].domain).length == 0) return;
        if (_isPoor(projectId) && _once(5)) _moveToEpoch(_epoch() + LAPSE_AFTER + 1);
        (bool foretold, bytes memory data) = (
            _isLapsed(projectId),
            abi.encodeCall(IProjectRegistry.lapse, (project[projectId].domain))
        );
        if (_expect(foretold, stranger, address(projects), data)) project[projectId].domain = "";
    }

    function collectRefund(uint256 seed) external action(seed) {
        address who = owners[_pick(3)];
        for (uint256 i = 0; i < 3 && refund[who] == 0; i++) who = owners[i];
        _collectRefund(who);
    }

    function collectFees(uint256 seed) external action(seed) {
        _collectFees();
    }

    function _collectRefund(address who) internal {
        bytes memory data = abi.encodeCall(ICreditEscrow.collectRefund, ());
        if (!_expect(refund[who] != 0, who, address(escrow), data)) return;
        purse[who] += refund[who];
        refundTotal -= refund[who];
        refund[who] = 0;
    }

    function _collectFees() internal {
        bytes memory data = abi.encodeCall(ICreditEscrow.collectFees, ());
        if (!_expect(fees != 0, stranger, address(escrow), data)) return;
        purse[feeReceiver] += fees;
        fees = 0;
    }

    /// A permit sets the allowance; the next deposits need more.
    function _approveAgain() private {
        vm.prank(stranger);
        usd.approve(address(escrow), type(uint256).max);
    }

    function _signPermit(uint256 key, uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        IERC20Permit token = IERC20Permit(address(usd));
        bytes32 structHash = keccak256(
            abi.encode(PERMIT_TYPEHASH, stranger, address(escrow), amount, token.nonces(stranger), nowSeconds)
        );
        return vm.sign(key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash)));
    }

    function _budgetOf(uint64 projectId) private view returns (uint256) {
        return _max(projects.budgetOf(projectId), USD);
    }

    function _isPrunable(uint32 nodeId) private view returns (bool) {
        return node[nodeId].pooled && node[nodeId].acceptingUntil < _epoch();
    }

    function _isLapsed(uint64 projectId) private view returns (bool) {
        ICreditEscrow.Account memory account = escrow.accountOf(projectId);
        uint256 since = _max(_max(account.loweredAt, _newestTerms(projectId) >> 232), project[projectId].bornIn);
        return _isPoor(projectId) && _epoch() > since + LAPSE_AFTER;
    }

    /// Less than one epoch's budget, and a name to lose.
    function _isPoor(uint64 projectId) private view returns (bool) {
        uint256 word = _newestTerms(projectId);
        uint256 budget = _capOf(word) * _max(1, _seatCountOf(word));
        return project[projectId].balance < budget && bytes(project[projectId].domain).length != 0;
    }

    /// Seats that are empty or whose node is gone; never a home that is pinned.
    function _vacantSeats(IProjectRegistry.Project memory now_) private view returns (bool[8] memory vacant) {
        for (uint256 seat = now_.pinHome ? 1 : 0; seat < 8; seat++) {
            uint32 nodeId = seat < now_.nodeIds.length ? now_.nodeIds[seat] : 0;
            Node storage entry = node[nodeId];
            if (nodeId == 0) vacant[seat] = seat < now_.seats;
            else if (entry.retiredFrom != 0) vacant[seat] = true;
            else vacant[seat] = entry.acceptingUntil != 0 && _epoch() > entry.acceptingUntil + 2;
        }
    }

    /// A vacant seat, and a node of the regions that takes projects and has no seat here.
    function _canRefill(IProjectRegistry.Project memory now_, bool[8] memory vacant) private view returns (bool) {
        bool any;
        for (uint256 seat = 0; seat < 8; seat++) any = any || vacant[seat];
        if (!any) return false;
        for (uint32 id = 1; id <= nodeCount; id++) {
            if (!_accepts(id) || (now_.regionMask >> node[id].region) & 1 == 0) continue;
            bool seated;
            for (uint256 i = 0; i < now_.nodeIds.length; i++) seated = seated || now_.nodeIds[i] == id;
            if (!seated) return true;
        }
        return false;
    }
}
