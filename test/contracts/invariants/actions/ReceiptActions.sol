// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUsageSettlement} from "../../../../contracts/interfaces/IUsageSettlement.sol";
import {OperatorActions} from "./OperatorActions.sol";
import {vm} from "../../support/Vm.sol";

/// @title What becomes of counted receipts: owners release and dispute, the arbiter decides, anyone draws and claims
abstract contract ReceiptActions is OperatorActions {
    bytes32 private constant RELEASE_TYPEHASH = keccak256(
        "Release(uint64 projectId,uint32 nodeId,uint32 epoch,uint64 amount)"
    );

    /// @notice The owner of a node was paid something else than its lines say.
    error PaidOtherwise(uint32 nodeId, uint256 paid, uint256 foretold);

    function releaseByOwner(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        uint256 id = _anyTouchable();
        _release(id, project[lines[id].projectId].owner, "");
    }

    /// Anyone with the meter's signature.
    function releaseByMeter(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        Line storage line = lines[_anyTouchable()];
        bytes32 structHash = keccak256(
            abi.encode(RELEASE_TYPEHASH, line.projectId, line.nodeId, line.epoch, line.amount)
        );
        _release(lineOf[line.projectId][line.nodeId][line.epoch] - 1, stranger, _sign(METER_KEY, structHash));
    }

    function dispute(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        _dispute(lines[_anyTouchable()]);
    }

    /// The owner says what the bond may be at most; now and then that is less than what it is.
    function _dispute(Line storage line) private {
        Batch storage batch = batches[line.batch];
        address owner = project[line.projectId].owner;
        uint64 bond = uint64(_max(bounds.minBond, line.amount));
        uint64 most = _once(12) && bond != 0 ? bond - 1 : uint64(_between(bond, type(uint64).max));
        bytes memory data = abi.encodeCall(
            IUsageSettlement.dispute,
            (line.nodeId, line.epoch, batch.statements, batch.lines, line.index, most, "not what I saw")
        );
        if (!_expect(_isTouchable(line) && most >= bond, owner, address(settlement), data)) return;
        _leaveBucket(line, Fate.Disputed);
        (line.openedIn, line.disputer, line.bond) = (_epoch(), owner, bond);
        purse[owner] -= line.bond;
        frozen += line.amount + line.bond;
    }

    /// Now and then the node sees it coming and asks all of its stake back.
    function decideGuilty(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        Line storage line = lines[_anyDisputed()];
        if (line.extended && _isDecidable(line) && _once(2)) _moveToEpoch(line.openedIn + DECIDE + 1);
        if (_isDecidable(line) && _once(6)) _requestUnstake(line.nodeId, node[line.nodeId].stake);
        _decideGuilty(line);
    }

    /// A node loses everything that can still be disputed, in one epoch; often somebody adds the stake that keeps it.
    function condemn(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        uint32 nodeId = lines[_anyTouchable()].nodeId;
        for (uint256 i = lines.length - _min(lines.length, 24); i < lines.length; i++) {
            if (lines[i].nodeId != nodeId) continue;
            if (_isTouchable(lines[i])) _dispute(lines[i]);
            if (_isDecidable(lines[i])) _decideGuilty(lines[i]);
        }
    }

    /// Asks for anything: what is beyond a bound is cut to it, and no bound makes a decision fail.
    function _decideGuilty(Line storage line) private {
        uint64 slash = _once(2) ? type(uint64).max : uint64(_between(0, 2 * bounds.maxSlash));
        uint64 reward = uint64(_between(0, _once(4) ? type(uint64).max : slash));
        bytes memory data = abi.encodeCall(
            IUsageSettlement.decide,
            (line.projectId, line.nodeId, line.epoch, true, slash, reward)
        );
        if (!_expect(_isDecidable(line) && !_isSuspended(), bounds.arbiter, address(settlement), data)) return;

        _thaw(line, Fate.Guilty);
        _raise(line.projectId, line.amount);
        _owe(line.disputer, line.bond);
        if (line.extended && _epoch() > line.openedIn + DECIDE) _saw("decidedExtended");
        uint64 asked = slash;
        slash = uint64(
            _min(slash, _min(bounds.maxSlash, bounds.slashFactor * uint256(line.amount) + bounds.slashFloor))
        );
        reward = uint64(_min(reward, _min(slash / 2, bounds.rewardFactor * uint256(line.bond))));
        if (slash < asked) _saw("slashCutToBound");
        if (slash != 0) _slash(line.nodeId, slash, line.disputer, reward);
        if (_isLiftable(line.nodeId) && _once(2)) _addStake(line.nodeId);
    }

    function decideInnocent(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        Line storage line = lines[_anyDisputed()];
        bytes memory data = abi.encodeCall(
            IUsageSettlement.decide,
            (line.projectId, line.nodeId, line.epoch, false, 0, 0)
        );
        if (!_expect(_isDecidable(line) && !_isSuspended(), bounds.arbiter, address(settlement), data)) return;
        _thaw(line, Fate.Innocent);
        _makePayable(line.nodeId, line.amount, pricesSeen[line.epoch].feeBps);
        _makePayable(line.nodeId, line.bond, 0);
    }

    /// The arbiter takes more time, once. Often waits until the last epoch in which it can.
    function extend(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        Line storage line = lines[_anyDisputed()];
        if (line.fate == Fate.Disputed && _once(3)) _moveToEpoch(_lastDecision(line) + (_once(4) ? 1 : 0));
        bytes memory data = abi.encodeCall(IUsageSettlement.extend, (line.projectId, line.nodeId, line.epoch));
        bool foretold = _isDecidable(line) && !line.extended && !_isSuspended();
        if (!_expect(foretold, bounds.arbiter, address(settlement), data)) return;
        line.extended = true;
        if (!_once(3)) return;
        _moveToEpoch(line.openedIn + DECIDE + 1);
        _decideGuilty(line);
    }

    /// Often waits until the last epoch of the decision or the one behind it.
    function draw(uint256 seed) external action(seed) {
        if (lines.length == 0) return;
        Line storage line = lines[_anyDisputed()];
        if (line.fate == Fate.Disputed && _once(2)) _moveToEpoch(_lastDecision(line) + (_once(4) ? 0 : 1));
        _draw(line);
    }

    /// Of some epochs, some of them twice, too early or empty.
    function claim(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        uint32[] memory epochs = new uint32[](_pick(8));
        for (uint256 i = 0; i < epochs.length; i++) {
            epochs[i] = uint32(_epoch() - _min(_epoch(), _pick(14)));
        }
        _claim(nodeId, epochs);
    }

    /// Of every epoch in which something is pending; often once the first of them matured.
    function claimAll(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        if (buckets.length != 0 && _once(2)) {
            Bucket storage first = buckets[_pick(buckets.length)];
            nodeId = first.nodeId;
            if (_once(2)) _moveToEpoch(first.epoch + LATE + DISPUTE + (_once(4) ? 0 : 1));
        }
        _claim(nodeId, _pendingEpochs(nodeId));
    }

    function _release(uint256 id, address by, bytes memory signature) private {
        Line storage line = lines[id];
        Batch storage batch = batches[line.batch];
        Project storage entry = project[line.projectId];
        bool foretold = _isTouchable(line) && (by == entry.owner || entry.meter == vm.addr(METER_KEY));
        bytes memory data = abi.encodeCall(
            IUsageSettlement.release,
            (line.nodeId, line.epoch, batch.statements, batch.lines, line.index, signature)
        );
        if (!_expect(foretold, by, address(settlement), data)) return;
        _leaveBucket(line, Fate.Released);
        _makePayable(line.nodeId, line.amount, pricesSeen[line.epoch].feeBps);
    }

    function _draw(Line storage line) internal {
        bool foretold = line.fate == Fate.Disputed && _epoch() > _lastDecision(line);
        bytes memory data = abi.encodeCall(IUsageSettlement.draw, (line.projectId, line.nodeId, line.epoch));
        if (!_expect(foretold, stranger, address(settlement), data)) return;
        _thaw(line, Fate.Drawn);
        _makePayable(line.nodeId, line.amount, pricesSeen[line.epoch].feeBps);
        _owe(line.disputer, line.bond);
    }

    function _claim(uint32 nodeId, uint32[] memory epochs) internal {
        Node storage entry = node[nodeId];
        (uint256 amount, uint256 fee) = (entry.payableAmount, entry.payableFee);
        for (uint256 i = 0; i < epochs.length; i++) {
            uint64 pending = _isFirst(epochs, i) && _isMature(epochs[i]) ? pendingOf[nodeId][epochs[i]] : 0;
            uint64 part = _feeOf(pending, pricesSeen[epochs[i]].feeBps);
            (amount, fee) = (amount + pending - part, fee + part);
        }
        address owner = entry.owner;
        uint256 before = usd.balanceOf(owner);
        bytes memory data = abi.encodeCall(IUsageSettlement.claim, (nodeId, epochs));
        if (!_expect(amount + fee != 0, stranger, address(settlement), data)) return;
        if (usd.balanceOf(owner) != before + amount) {
            revert PaidOtherwise(nodeId, usd.balanceOf(owner) - before, amount);
        }

        purse[owner] += amount;
        fees += fee;
        payableTotal -= entry.payableAmount + entry.payableFee;
        (entry.payableAmount, entry.payableFee) = (0, 0);
        for (uint256 i = 0; i < epochs.length; i++) {
            uint32 epoch = epochs[i];
            if (!_isMature(epoch)) continue;
            claimed[nodeId][epoch] = true;
            if (pendingOf[nodeId][epoch] == 0) continue;
            pendingTotal -= pendingOf[nodeId][epoch];
            pendingOf[nodeId][epoch] = 0;
            _dropBucket(nodeId, epoch);
        }
    }

    function _pendingEpochs(uint32 nodeId) internal view returns (uint32[] memory epochs) {
        epochs = new uint32[](buckets.length);
        uint256 length;
        for (uint256 i = 0; i < buckets.length; i++) {
            if (buckets[i].nodeId == nodeId) epochs[length++] = buckets[i].epoch;
        }
        assembly ("memory-safe") {
            mstore(epochs, length)
        }
    }

    /// The end of a dispute: amount and bond are no longer frozen.
    function _thaw(Line storage line, Fate fate) private {
        line.fate = fate;
        frozen -= line.amount + line.bond;
    }

    function _owe(address who, uint64 amount) private {
        refund[who] += amount;
        refundTotal += amount;
    }

    function _slash(uint32 nodeId, uint64 slash, address disputer, uint64 reward) private {
        Node storage entry = node[nodeId];
        Slashes storage slashes = entry.slashes;
        if (slashes.epoch != _epoch()) {
            uint64 most = uint64((uint256(entry.stake) * maxSlashShareBps) / 10_000);
            (slashes.epoch, slashes.most, slashes.taken) = (_epoch(), most, 0);
        }
        uint64 slashed = uint64(_min(slash, _min(slashes.most - slashes.taken, entry.stake)));
        slashes.taken += slashed;
        if (slashed < slash) _saw("slashCutToShare");
        if (reward > slashed / 2) _saw("rewardCut");
        reward = uint64(_min(reward, slashed / 2));
        entry.stake -= slashed;
        if (entry.thawing > entry.stake) entry.thawing = entry.stake;
        if (entry.retiredFrom == 0 && entry.stake - entry.thawing < minStake) {
            (entry.retiredFrom, entry.liftable, entry.pooled) = (_epoch() + 2, true, false);
        }
        _owe(disputer, reward);
        fees += slashed - reward;
    }

    function _isTouchable(Line storage line) private view returns (bool) {
        return line.fate == Fate.Pending && _epoch() <= line.epoch + LATE + DISPUTE;
    }

    function _isDecidable(Line storage line) private view returns (bool) {
        return line.fate == Fate.Disputed && _epoch() <= _lastDecision(line);
    }

    function _lastDecision(Line storage line) private view returns (uint32) {
        return line.openedIn + (line.extended ? 2 * DECIDE : DECIDE);
    }

    function _isSuspended() private returns (bool) {
        if (_epoch() < decisionsSuspendedUntil) _saw("decisionSuspended");
        return _epoch() < decisionsSuspendedUntil;
    }

    function _isMature(uint32 epoch) private view returns (bool) {
        return _epoch() > epoch + LATE + DISPUTE;
    }

    /// One of the last lines, rarely any: old ones can no longer be touched.
    function _anyLine() internal returns (uint256) {
        uint256 back = _once(8) ? lines.length : _min(lines.length, 12);
        return lines.length - 1 - _pick(back);
    }

    /// Most often a line that can still be released or disputed, if there is one.
    function _anyTouchable() internal returns (uint256 id) {
        uint256 start = _anyLine();
        if (_once(8)) return start;
        for (uint256 i = 0; i < _min(lines.length, 24); i++) {
            id = (start + lines.length - i) % lines.length;
            if (_isTouchable(lines[id])) return id;
        }
        return start;
    }

    /// One of the last disputed lines, if there is one; often one is disputed for this.
    function _anyDisputed() private returns (uint256 id) {
        if (_once(3)) _dispute(lines[_anyTouchable()]);
        uint256 start = _anyLine();
        for (uint256 i = 0; i < _min(lines.length, 40); i++) {
            id = (start + lines.length - i) % lines.length;
            if (lines[id].fate == Fate.Disputed) return id;
        }
        return start;
    }

    function _isFirst(uint32[] memory list, uint256 index) private pure returns (bool) {
        for (uint256 i = 0; i < index; i++) if (list[i] == list[index]) return false;
        return true;
    }
}
