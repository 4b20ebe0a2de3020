// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Submitting} from "./Submitting.sol";
import {vm} from "../../support/Vm.sol";

/// @title What agents do with their operator keys, the honest and the others
abstract contract OperatorActions is Submitting {
    /// Batches of every node that has something to submit for the epoch before.
    function submitAll(uint256 seed) external action(seed) {
        if (_epoch() == 0 || _once(2)) _moveToEpoch(_epoch() + 1);
        for (uint32 nodeId = 1; nodeId <= nodeCount; nodeId++) {
            if (_hasUncounted(nodeId, _epoch() - 1)) _submit(_usage(nodeId, _epoch() - 1, false));
        }
    }

    /// One batch, of an epoch that still counts.
    function submit(uint256 seed) external action(seed) {
        (uint32 nodeId, uint32 epoch) = _due();
        if (nodeId != 0) _submit(_usage(nodeId, epoch, false));
    }

    /// A batch for each project: several of one epoch.
    function submitSplit(uint256 seed) external action(seed) {
        (uint32 nodeId, uint32 epoch) = _due();
        if (nodeId == 0) return;
        Submission memory s = _usage(nodeId, epoch, false);
        bytes memory receipts = s.receipts;
        for (uint256 i = 0; i < receipts.length / 32; i++) {
            s.receipts = abi.encode(_receiptAt(receipts, i));
            _submit(s);
        }
    }

    /// With receipts without a seat, twice, and of projects that do not exist.
    function submitDishonest(uint256 seed) external action(seed) {
        (uint32 nodeId, uint32 epoch) = _due();
        if (nodeId != 0) _submit(_usage(nodeId, epoch, true));
    }

    /// Of an epoch that is not over, of one that is too long ago, or of any in between.
    function submitAtAnyTime(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        uint32 epoch = uint32(_max(_epoch() + _pick(3), 5) - _pick(6));
        Submission memory s = _usage(nodeId, epoch, true);
        // Terms of epochs that nobody looked at are unknown; those cannot be submitted.
        if (s.receipts.length != 0) _submit(s);
    }

    /// By a key that is not the operator's, or not any more.
    function submitForged(uint256 seed) external action(seed) {
        (uint32 nodeId, uint32 epoch) = _due();
        if (nodeId == 0) return;
        Submission memory s = _usage(nodeId, epoch, true);
        s.signerKey = OPERATOR_KEYS + _pick(4);
        _submit(s);
    }

    /// What was skipped comes again, the same bytes; often after the credit came that it waited for.
    function resubmitSkipped(uint256 seed) external action(seed) {
        if (skippedCount == 0) return;
        if (unpaidCount == 0 || _once(4)) return _submit(skipped[_recent(skippedCount)]);
        uint256 last = (unpaidCount - 1) % unpaid.length;
        for (uint64 id = 1; id <= projectCount && !_once(4); id++) _deposit(id, 100 * USD);
        _submit(unpaid[last]);
    }

    /// What was counted comes again: nothing of it may count.
    function replay(uint256 seed) external action(seed) {
        if (submittedCount == 0) return;
        uint256 linesBefore = lines.length;
        Submission memory s = submitted[_recent(submittedCount)];
        _submit(s);
        if (lines.length == linesBefore) successes[msg.sig]++;
    }

    function renewPresence(uint256 seed) external action(seed) {
        uint32 nodeId = _anyNode();
        _setPresence(nodeId, vm.addr(node[nodeId].operatorKey));
    }

    /// An agent asks whether its projects can pay: where they can, usage of this epoch must be paid in the next. Often
    /// somebody gives a project that cannot exactly what is missing.
    function askAvailable(uint256 seed) external action(seed) {
        for (uint64 id = 1; id <= projectCount; id++) {
            (uint64 available, uint256 budget) = (escrow.available(id), projects.budgetAt(id, _epoch()));
            if (available < budget && _once(2)) {
                _deposit(id, uint64(budget - available));
                available = escrow.available(id);
            }
            if (available < budget) continue;
            promised[id][_epoch()] = true;
            successes[msg.sig]++;
        }
    }

    /// A node, and an epoch of it that can be submitted and is not counted yet; 0 where there is none.
    function _due() private returns (uint32 nodeId, uint32 epoch) {
        if (_epoch() == 0) _moveToEpoch(1);
        for (uint256 attempt = 0; attempt < 2; attempt++) {
            uint256 start = _pick(nodeCount);
            uint256 back = _pick(3) == 0 ? _pick(LATE) : 0;
            epoch = uint32(_epoch() - 1 - _min(back, _epoch() - 1));
            for (uint256 i = 0; i < nodeCount; i++) {
                nodeId = uint32(1 + ((start + i) % nodeCount));
                if (_hasUncounted(nodeId, epoch)) return (nodeId, epoch);
            }
            _moveToEpoch(_epoch() + 1);
        }
        return (0, 0);
    }

    function _hasUncounted(uint32 nodeId, uint32 epoch) private view returns (bool) {
        if (node[nodeId].retiredFrom != 0 && epoch >= node[nodeId].retiredFrom) return false;
        for (uint64 id = 1; id <= projectCount; id++) {
            if (_hasSeat(termsOf[id][epoch], nodeId) && lineOf[id][nodeId][epoch] == 0) return true;
        }
        return false;
    }

    function _recent(uint256 count) private returns (uint256) {
        return _pick(_min(count, submitted.length));
    }
}
