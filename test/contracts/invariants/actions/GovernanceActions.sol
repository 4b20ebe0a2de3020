// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {ICreditEscrow} from "../../../../contracts/interfaces/ICreditEscrow.sol";
import {INodeRegistry} from "../../../../contracts/interfaces/INodeRegistry.sol";
import {IPausable} from "../../../../contracts/interfaces/IPausable.sol";
import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../../../../contracts/interfaces/IUsageSettlement.sol";
import {PriceList} from "../../../../contracts/libraries/Price.sol";
import {vm} from "../../support/Vm.sol";
import {StrangerActions} from "./StrangerActions.sol";

/// @title What the admin and the guardian do: announced changes, cancelled changes, and pauses
abstract contract GovernanceActions is StrangerActions {
    /// A change that waits in the access manager.
    struct Change {
        address target;
        bytes data;
        uint256 readyAt;
    }

    uint256 private constant PAUSE_REST = 7;
    /// Epochs that a suspension of decisions lasts, and from its end to the next.
    uint32 private constant SUSPENSION = 30;
    uint256 private constant EXPIRATION = 1 weeks;

    Change[] internal changes;
    uint32 private _pricesFrom;

    function announcePrices(uint256 seed) external action(seed) {
        PriceList memory list = PriceList({
            fromEpoch: uint24(_epoch() + 2 + _pick(4)),
            feeBps: uint16(_between(0, 2_000 + (_once(12) ? 1 : 0))),
            included: uint32(_between(0, 1e6)),
            base: uint40(_between(0, DEFAULT_CAP)),
            perMRequests: uint40(_between(0, 1_000 * USD)),
            perMCpuMs: uint40(_between(0, 1_000 * USD)),
            perGiB: uint40(_between(0, 1_000 * USD)),
            perGiBStored: uint24(_between(0, type(uint24).max))
        });
        _announce(address(settlement), abi.encodeCall(IUsageSettlement.setPrices, (list)));
    }

    function announceParameters(uint256 seed) external action(seed) {
        uint256 kind = _pick(6);
        if (kind == 0) {
            // Now and then each of them is out of its bounds.
            uint64 stake = uint64(_once(12) ? _between(0, 200 * USD) : _between(500 * USD, 1_500 * USD));
            (uint16 factor, uint16 share) = (uint16(_between(0, _once(8) ? 201 : 200)), uint16(_between(500, 5_000)));
            if (_once(12)) share = _once(2) ? 499 : 5_001;
            _announce(address(nodes), abi.encodeCall(INodeRegistry.setParameters, (stake, factor, share)));
        } else if (kind == 1) {
            uint40 cap = uint40(_between(USD, 200 * USD));
            _announce(address(projects), abi.encodeCall(IProjectRegistry.setMaxCap, (cap)));
        } else if (kind == 2) {
            address receiver = _once(6) ? _someOfOurs() : feeReceivers[_pick(2)];
            _announce(address(escrow), abi.encodeCall(ICreditEscrow.setFeeReceiver, (receiver)));
        } else {
            _announce(address(settlement), abi.encodeCall(IUsageSettlement.setParameters, (_someBounds())));
        }
    }

    /// What comes after this network; it changes nothing in it.
    function announceSuccessor(uint256 seed) external action(seed) {
        address next = vm.addr(METER_KEY + _pick(3));
        _announce(address(settlement), abi.encodeCall(IUsageSettlement.setSuccessor, (next)));
        successes[msg.sig]++;
    }

    /// The guardian stops an arbiter, until another is named or 30 epochs passed.
    function suspendDecisions(uint256 seed) external action(seed) {
        if (!_once(8)) return;
        uint32 last = decisionsSuspendedUntil;
        if (last != 0 && _epoch() < last + SUSPENSION && _once(8)) _moveToEpoch(last + SUSPENSION);
        bytes memory data = abi.encodeCall(IUsageSettlement.suspendDecisions, ());
        bool foretold = last == 0 || _epoch() >= last + SUSPENSION;
        if (_expect(foretold, guardian, address(settlement), data)) decisionsSuspendedUntil = _epoch() + SUSPENSION;
    }

    /// Often waits for the delay or a second less.
    function executeChange(uint256 seed) external action(seed) {
        if (changes.length == 0) return;
        uint256 index = _once(2) ? changes.length - 1 : _pick(changes.length);
        Change memory change = changes[index];
        if (nowSeconds < change.readyAt && !_once(3)) _moveTo(change.readyAt - (_once(4) ? 1 : 0));

        bool ready = nowSeconds >= change.readyAt && nowSeconds < change.readyAt + EXPIRATION;
        bytes memory data = abi.encodeCall(IAccessManager.execute, (change.target, change.data));
        if (_expect(ready && _isInBounds(change), admin, address(manager), data)) _book(change.data);
        if (nowSeconds >= change.readyAt) _dropChange(index);
    }

    /// Without the announcement it is refused, whoever calls.
    function skipDelay(uint256 seed) external action(seed) {
        address who = _once(2) ? admin : guardian;
        bytes memory data = abi.encodeCall(INodeRegistry.setParameters, (uint64(1_000 * USD), 120, 2_000));
        _refused(who, address(nodes), data);
        _refused(who, address(settlement), abi.encodeCall(IUsageSettlement.setParameters, (_firstParameters())));
        _refused(admin, address(settlement), abi.encodeCall(IUsageSettlement.suspendDecisions, ()));
    }

    function cancelChange(uint256 seed) external action(seed) {
        if (changes.length == 0 || !_once(3)) return;
        uint256 index = _pick(changes.length);
        Change memory change = changes[index];
        bool known = nowSeconds < change.readyAt + EXPIRATION;
        bytes memory data = abi.encodeCall(IAccessManager.cancel, (admin, change.target, change.data));
        if (!known) _dropChange(index);
        else if (_expect(true, guardian, address(manager), data)) _dropChange(index);
    }

    function pause(uint256 seed) external action(seed) {
        if (!_once(4)) return;
        address[3] memory targets = [address(nodes), address(projects), address(settlement)];
        address target = targets[_pick(3)];
        uint256 last = pausedUntil[target];
        bool foretold = last == 0 || nowSeconds >= last + PAUSE_REST * EPOCH_SECONDS;
        if (!_expect(foretold, guardian, target, abi.encodeCall(IPausable.pause, ()))) return;
        pausedUntil[target] = nowSeconds + EPOCH_SECONDS;
    }

    function _announce(address target, bytes memory data) private {
        for (uint256 i = 0; i < changes.length; i++) {
            if (keccak256(changes[i].data) == keccak256(data)) return;
        }
        bytes memory call = abi.encodeCall(IAccessManager.schedule, (target, data, 0));
        if (_expect(true, admin, address(manager), call)) {
            changes.push(Change(target, data, nowSeconds + PARAMETER_DELAY));
        }
    }

    function _isInBounds(Change memory change) private view returns (bool) {
        bytes4 selector = bytes4(change.data);
        bytes memory rest = _withoutSelector(change.data);
        if (selector == IUsageSettlement.setPrices.selector) {
            PriceList memory list = abi.decode(rest, (PriceList));
            uint32 epoch = _epoch();
            return list.feeBps <= 2_000 && list.fromEpoch >= epoch + 2 && epoch >= _pricesFrom + LATE;
        }
        if (selector == INodeRegistry.setParameters.selector) {
            (uint64 stake, uint16 factor, uint16 share) = abi.decode(rest, (uint64, uint16, uint16));
            bool isRange = stake >= USD && factor <= 200 && share >= 500 && share <= 5_000;
            return isRange && uint256(factor) * DEFAULT_CAP <= stake;
        }
        if (selector == IUsageSettlement.setParameters.selector) {
            IUsageSettlement.Parameters memory b = abi.decode(rest, (IUsageSettlement.Parameters));
            bool isRange = b.slashFloor <= b.minBond && b.slashFactor >= 10 && b.slashFactor <= 1_000;
            return isRange && b.rewardFactor <= 10 && b.arbiter != address(0);
        }
        if (selector != ICreditEscrow.setFeeReceiver.selector) return true;
        address receiver = abi.decode(rest, (address));
        return receiver == feeReceivers[0] || receiver == feeReceivers[1];
    }

    function _book(bytes memory data) private {
        bytes4 selector = bytes4(data);
        bytes memory rest = _withoutSelector(data);
        if (selector == INodeRegistry.setParameters.selector) {
            (minStake, seatStakeFactor, maxSlashShareBps) = abi.decode(rest, (uint64, uint16, uint16));
        } else if (selector == IProjectRegistry.setMaxCap.selector) {
            maxCap = abi.decode(rest, (uint40));
        } else if (selector == ICreditEscrow.setFeeReceiver.selector) {
            feeReceiver = abi.decode(rest, (address));
        } else if (selector == IUsageSettlement.setPrices.selector) {
            _pricesFrom = abi.decode(rest, (PriceList)).fromEpoch;
        } else if (selector == IUsageSettlement.setParameters.selector) {
            _bookBounds(abi.decode(rest, (IUsageSettlement.Parameters)));
        }
    }

    /// Another arbiter starts at once; to name the same one again ends a suspension.
    function _bookBounds(IUsageSettlement.Parameters memory next) private {
        if (next.arbiter != bounds.arbiter) {
            _saw("arbiterReplaced");
            decisionsSuspendedUntil = 0;
        }
        if (_epoch() < decisionsSuspendedUntil) decisionsSuspendedUntil = _epoch();
        bounds = next;
    }

    /// Of any size that is allowed, now and then beyond.
    function _someBounds() private returns (IUsageSettlement.Parameters memory b) {
        b.minBond = uint64(_between(0, 20 * USD));
        b.maxSlash = uint64(_between(0, 5_000 * USD));
        b.slashFloor = uint64(_between(0, b.minBond + (_once(12) ? 1 : 0)));
        b.slashFactor = uint16(_between(10, 1_000 + (_once(12) ? 1 : 0)));
        b.rewardFactor = uint8(_between(0, 10 + (_once(12) ? 1 : 0)));
        b.arbiter = _once(16) ? address(0) : arbiters[_pick(2)];
    }

    function _dropChange(uint256 index) private {
        changes[index] = changes[changes.length - 1];
        changes.pop();
    }

    function _withoutSelector(bytes memory data) private pure returns (bytes memory rest) {
        rest = new bytes(data.length - 4);
        for (uint256 i = 0; i < rest.length; i++) rest[i] = data[i + 4];
    }
}
