// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {ICreditEscrow} from "../../../../contracts/interfaces/ICreditEscrow.sol";
import {INodeRegistry} from "../../../../contracts/interfaces/INodeRegistry.sol";
import {IPausable} from "../../../../contracts/interfaces/IPausable.sol";
import {IProjectRegistry} from "../../../../contracts/interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "../../../../contracts/interfaces/IUsageSettlement.sol";
import {PriceList} from "../../../../contracts/libraries/Price.sol";
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
    uint256 private constant EXPIRATION = 1 weeks;

    Change[] internal changes;
    uint32 private _pricesFrom;

    function announcePrices(uint256 seed) external action(seed) {
        PriceList memory list = PriceList({
            fromEpoch: uint24(_epoch() + 2 + _pick(4)),
            feeBps: uint16(_between(0, 2_000 + (_once(12) ? 1 : 0))),
            included: uint32(_between(0, 1e6)),
            base: uint40(_between(0, USD)),
            perMRequests: uint40(_between(0, 1_000 * USD)),
            perMCpuMs: uint40(_between(0, 1_000 * USD)),
            perGiB: uint40(_between(0, 1_000 * USD))
        });
        _announce(address(settlement), abi.encodeCall(IUsageSettlement.setPrices, (list)));
    }

    function announceParameters(uint256 seed) external action(seed) {
        uint256 kind = _pick(4);
        if (kind == 0) {
            uint64 amount = uint64(_between(500 * USD, 1_500 * USD));
            _announce(address(nodes), abi.encodeCall(INodeRegistry.setMinStake, (amount)));
        } else if (kind == 1) {
            uint40 cap = uint40(_between(USD, 200 * USD));
            _announce(address(projects), abi.encodeCall(IProjectRegistry.setMaxCap, (cap)));
        } else if (kind == 2) {
            bytes memory data = abi.encodeCall(ICreditEscrow.setFeeReceiver, (feeReceivers[_pick(2)]));
            _announce(address(escrow), data);
        } else {
            (uint64 bond, uint64 slash) = (uint64(_between(0, 20 * USD)), uint64(_between(0, 2_000 * USD)));
            bytes memory data = abi.encodeCall(IUsageSettlement.setParameters, (bond, slash, arbiters[_pick(2)]));
            _announce(address(settlement), data);
        }
    }

    /// Often waits for the delay or a second less.
    function executeChange(uint256 seed) external action(seed) {
        if (changes.length == 0) return;
        uint256 index = _pick(changes.length);
        Change memory change = changes[index];
        if (nowSeconds < change.readyAt && _once(2)) _moveTo(change.readyAt - (_once(4) ? 1 : 0));

        bool ready = nowSeconds >= change.readyAt && nowSeconds < change.readyAt + EXPIRATION;
        bytes memory data = abi.encodeCall(IAccessManager.execute, (change.target, change.data));
        if (_expect(ready && _isInBounds(change), admin, address(manager), data)) _book(change.data);
        if (nowSeconds >= change.readyAt) _dropChange(index);
    }

    /// Without the announcement it is refused, whoever calls.
    function skipDelay(uint256 seed) external action(seed) {
        bytes memory data = abi.encodeCall(INodeRegistry.setMinStake, (uint64(1_000 * USD)));
        _refused(_once(2) ? admin : guardian, address(nodes), data);
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
        if (bytes4(change.data) != IUsageSettlement.setPrices.selector) return true;
        PriceList memory list = abi.decode(_withoutSelector(change.data), (PriceList));
        uint32 epoch = _epoch();
        return list.feeBps <= 2_000 && list.fromEpoch >= epoch + 2 && epoch >= _pricesFrom + LATE;
    }

    function _book(bytes memory data) private {
        bytes4 selector = bytes4(data);
        bytes memory rest = _withoutSelector(data);
        if (selector == INodeRegistry.setMinStake.selector) minStake = abi.decode(rest, (uint64));
        else if (selector == IProjectRegistry.setMaxCap.selector) maxCap = abi.decode(rest, (uint40));
        else if (selector == ICreditEscrow.setFeeReceiver.selector) feeReceiver = abi.decode(rest, (address));
        else if (selector == IUsageSettlement.setPrices.selector) _pricesFrom = abi.decode(rest, (PriceList)).fromEpoch;
        else (minBond, maxSlash, arbiter) = abi.decode(rest, (uint64, uint64, address));
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
