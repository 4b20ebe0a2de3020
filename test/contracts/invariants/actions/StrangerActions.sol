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
    bytes32 private constant AUTHORIZATION_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    function deposit(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId != 0) _deposit(projectId, uint64(_between(0, _coinsFor(projectId) * (1 + _pick(8)))));
    }

    mapping(bytes32 nonce => bool) private _isUsed;

    /// With a permit that is fresh, used by somebody else before, or of a wrong key: the allowance stands in each case.
    function depositWithPermit(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        uint64 amount = uint64(_between(1, _coinsFor(projectId)));
        uint256 kind = _pick(3);
        (uint8 v, bytes32 r, bytes32 s) = _signPermit(kind == 0 ? METER_KEY : STRANGER_KEY, amount);
        if (kind == 1) IERC20Permit(address(usd)).permit(stranger, address(escrow), amount, nowSeconds, v, r, s);
        bytes memory data = abi.encodeCall(ICreditEscrow.depositWithPermit, (projectId, amount, nowSeconds, v, r, s));
        if (!_expect(true, stranger, address(escrow), data)) return;
        purse[stranger] -= amount;
        _raise(projectId, amount);
        _approveAgain();
    }

    /// Of the payer's signature, relayed by anyone: fresh, of a wrong key, used already, or for somebody who does not own the
    /// project.
    function depositWithAuthorization(uint256 seed) external action(seed) {
        uint64 projectId = _anyProject();
        if (projectId == 0) return;
        uint64 amount = uint64(_between(0, 10 * USD));
        address owner = _once(6) ? owners[_pick(3)] : project[projectId].owner;
        bytes32 salt = bytes32(_once(4) ? _pick(3) : seed);
        bytes32 nonce = keccak256(abi.encode(projectId, owner, salt));
        uint256 before = nowSeconds + _pick(2);
        uint256 key = _once(8) ? METER_KEY : STRANGER_KEY;
        bytes memory signature = _signAuthorization(key, amount, before, nonce);
        bool foretold = owner == project[projectId].owner && amount != 0 && !_isUsed[nonce];
        foretold = foretold && key == STRANGER_KEY && nowSeconds < before;
        bytes memory data = abi.encodeCall(
            ICreditEscrow.depositWithAuthorization,
            (projectId, owner, stranger, amount, 0, before, salt, signature)
        );
        if (!_expect(foretold, owners[_pick(3)], address(escrow), data)) return;
        _isUsed[nonce] = true;
        purse[stranger] -= amount;
        _raise(projectId, amount);
    }

    /// Often to a node that retires for a slash, as much as takes that back or one unit less.
    function addStake(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        for (uint256 i = 0; i < nodeCount && !_isLiftable(nodeId); i++) nodeId = (nodeId % nodeCount) + 1;
        _addStake(nodeId);
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

    /// Mostly of a project with a vacant seat that somebody takes; with the credit for it, or one unit less.
    function refill(uint256 seed) external action(seed) {
        uint64 projectId = _openProject();
        if (projectId == 0) return;
        for (uint256 i = 0; i < projectCount && !_isRefillable(projectId) && !_once(8); i++)
            projectId = (projectId % projectCount) + 1;
        if (!_isRefillable(projectId)) _thinOut(project[projectId].newest);
        Project storage entry = project[projectId];
        (bool[8] memory vacant, uint256 count) = _vacantSeats(projectId);
        uint256 filled = _min(count, _candidateCount(projectId));
        uint256 budget = _budgetOf(termsOf[projectId][_epoch()], _epoch());
        budget += _budgetRefilled(projectId, vacant, filled);
        uint64 available = _availableOf(projectId);
        if (filled != 0 && available < budget && !_once(3)) {
            _deposit(projectId, uint64(budget - available) - (_once(4) ? 1 : 0));
            available = _availableOf(projectId);
        }
        bytes memory data = abi.encodeCall(IProjectRegistry.refill, (projectId));
        if (filled != 0 && available < budget && !entry.closed) _saw("refillUnfunded");
        bool foretold = filled != 0 && available >= budget && !entry.closed;
        if (!_expect(foretold, stranger, address(projects), data)) return;

        uint256 word = _withCap(_drawn(projectId), _capOf(entry.newest));
        for (uint256 seat = 0; seat < 8; seat++) {
            uint32 nodeId = _seatAt(word, seat);
            if (nodeId == _seatAt(entry.newest, seat)) continue;
            bool isRegion = (entry.refillMask >> node[nodeId].region) & 1 == 1;
            if (!vacant[seat] || filled-- == 0 || !isRegion || !_accepts(nodeId, _capOf(word))) {
                revert WronglySeated(projectId, seat, nodeId);
            }
            uint32 was = _seatAt(entry.newest, seat);
            if (was != 0 && !_isGone(was)) _saw("refilledThin");
        }
        if (filled != 0) revert WronglySeated(projectId, 8, 0);
        _setTerms(projectId, word);
    }

    /// The node of a seat asks back all the stake that it need not have.
    function _thinOut(uint256 word) private {
        uint32 nodeId = _seatAt(word, 1 + _pick(3));
        if (nodeId == 0 || node[nodeId].retiredFrom != 0 || node[nodeId].stake <= minStake) return;
        _requestUnstake(nodeId, node[nodeId].stake - minStake);
    }

    function _isRefillable(uint64 projectId) private view returns (bool) {
        (, uint256 count) = _vacantSeats(projectId);
        return !project[projectId].closed && count != 0 && _candidateCount(projectId) != 0;
    }

    function prune(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        for (uint256 i = 0; i < nodeCount && !_isPrunable(nodeId); i++) nodeId = (nodeId % nodeCount) + 1;
        bytes memory data = abi.encodeCall(INodeRegistry.prune, (nodeId));
        if (_expect(_isPrunable(nodeId), stranger, address(nodes), data)) node[nodeId].pooled = false;
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
        address to = _once(2) ? who : purses[_pick(purses.length)];
        if (_once(8)) _refused(who, address(escrow), abi.encodeCall(ICreditEscrow.collectRefund, (_someOfOurs())));
        bytes memory data = abi.encodeCall(ICreditEscrow.collectRefund, (to));
        if (!_expect(refund[who] != 0, who, address(escrow), data)) return;
        purse[to] += refund[who];
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

    function _signAuthorization(
        uint256 key,
        uint256 amount,
        uint256 before,
        bytes32 nonce
    ) private view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(AUTHORIZATION_TYPEHASH, stranger, address(escrow), amount, 0, before, nonce)
        );
        bytes32 separator = IERC20Permit(address(usd)).DOMAIN_SEPARATOR();
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", separator, structHash)));
        return abi.encodePacked(r, s, v);
    }

    /// A contract that would give nothing back.
    function _someOfOurs() internal returns (address) {
        address[6] memory ours = [
            address(0),
            address(usd),
            address(nodes),
            address(projects),
            address(names),
            address(escrow)
        ];
        uint256 index = _pick(7);
        return index == 6 ? address(settlement) : ours[index];
    }

    /// What one epoch costs as things stand, and no less than a coin.
    function _coinsFor(uint64 projectId) private view returns (uint256) {
        return _max(_budgetOf(project[projectId].newest, _epoch()), USD);
    }

    function _isPrunable(uint32 nodeId) private view returns (bool) {
        return node[nodeId].pooled && node[nodeId].presentUntil < _epoch();
    }
}
