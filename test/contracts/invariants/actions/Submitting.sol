// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUsageSettlement} from "../../../../contracts/interfaces/IUsageSettlement.sol";
import {PriceList} from "../../../../contracts/libraries/Price.sol";
import {NodeOwnerActions} from "./NodeOwnerActions.sol";
import {vm} from "../../support/Vm.sol";

/// @title Batches: made, signed, foretold and booked
abstract contract Submitting is NodeOwnerActions {
    struct Submission {
        uint32 nodeId;
        uint32 epoch;
        bytes32 statements;
        bytes receipts;
        uint256 signerKey;
    }

    /// What should count of a submission.
    struct Foretold {
        uint256 count;
        uint256 unpaid;
        uint64[] projectIds;
        uint64[] amounts;
        bytes lines;
    }

    uint256 private constant KEPT = 12;
    bytes32 private constant BATCH_TYPEHASH = keccak256(
        "UsageBatch(uint32 nodeId,uint32 epoch,bytes32 statements,bytes receipts)"
    );

    /// The last submissions that came through, whole or in part; those with a receipt that was skipped; and of these, those
    /// with too little credit.
    Submission[KEPT] internal submitted;
    Submission[KEPT] internal skipped;
    Submission[KEPT] internal unpaid;
    uint256 internal submittedCount;
    uint256 internal skippedCount;
    uint256 internal unpaidCount;
    bytes32 private _separator;

    /// @notice A project had `available` for a whole budget in the epoch, and its usage of it was not paid in the next.
    error PromiseBroken(uint64 projectId, uint32 nodeId, uint32 epoch, uint256 amount, uint256 balance);
    /// @notice The settlement counted other lines than foretold.
    error OtherLines(uint32 nodeId, uint32 epoch, bytes lines);

    constructor() {
        _separator = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("worker3"),
                keccak256("1"),
                block.chainid,
                address(settlement)
            )
        );
    }

    /// Submits what should count as foretold, and checks that exactly that was counted.
    function _submit(Submission memory s) internal {
        Foretold memory f = _foretell(s);
        bytes memory signature = _sign(
            s.signerKey,
            keccak256(abi.encode(BATCH_TYPEHASH, s.nodeId, s.epoch, s.statements, keccak256(s.receipts)))
        );
        bytes memory data = abi.encodeCall(
            IUsageSettlement.submit,
            (s.nodeId, s.epoch, s.statements, s.receipts, signature)
        );
        bool done = _expect(f.count != 0 && _isSubmittable(s), stranger, address(settlement), data);
        if (f.count < s.receipts.length / 32) skipped[skippedCount++ % KEPT] = s;
        if (f.unpaid != 0) unpaid[unpaidCount++ % KEPT] = s;
        if (!done) return;

        submitted[submittedCount++ % KEPT] = s;
        if (!settlement.isBatch(s.nodeId, s.epoch, s.statements, f.lines))
            revert OtherLines(s.nodeId, s.epoch, f.lines);
        batches.push(Batch(s.nodeId, s.epoch, s.statements, f.lines));
        for (uint32 i = 0; i < f.count; i++) {
            if (promised[f.projectIds[i]][s.epoch] && _epoch() == s.epoch + 1) _saw("paidAfterPromise");
            _count(s.nodeId, s.epoch, uint32(batches.length - 1), i, f.projectIds[i], f.amounts[i]);
        }
    }

    function _isSubmittable(Submission memory s) private view returns (bool) {
        Node storage entry = node[s.nodeId];
        uint32 epoch = _epoch();
        return
            !_isPaused(address(settlement)) &&
            s.epoch < epoch &&
            epoch <= s.epoch + LATE &&
            s.signerKey == entry.operatorKey &&
            (entry.retiredFrom == 0 || s.epoch < entry.retiredFrom);
    }

    /// A receipt counts where the node has a seat by the terms of the epoch, once, and if the credit is enough.
    function _foretell(Submission memory s) private view returns (Foretold memory f) {
        uint256 count = s.receipts.length / 32;
        (f.projectIds, f.amounts) = (new uint64[](count), new uint64[](count));
        uint256[] memory seen = new uint256[](count);
        for (uint256 i = 0; i < count; i++) {
            uint256 receipt = _receiptAt(s.receipts, i);
            uint64 projectId = uint64(receipt >> 192);
            seen[i] = projectId;
            uint256 word = termsOf[projectId][s.epoch];
            if (!_hasSeat(word, s.nodeId) || lineOf[projectId][s.nodeId][s.epoch] != 0) continue;
            if (_isIn(seen, i, projectId)) continue;
            uint256 amount = _priceOf(s.epoch, _capOf(word), receipt);
            if (amount > project[projectId].balance) {
                _requireNotPromised(projectId, s, amount);
                f.unpaid++;
                continue;
            }
            (f.projectIds[f.count], f.amounts[f.count++]) = (projectId, uint64(amount));
            f.lines = bytes.concat(f.lines, bytes32(receipt), bytes8(uint64(amount)));
        }
    }

    function _requireNotPromised(uint64 projectId, Submission memory s, uint256 amount) private view {
        // A node that was retired then has nothing to charge.
        uint32 retiredFrom = node[s.nodeId].retiredFrom;
        if (retiredFrom != 0 && s.epoch >= retiredFrom) return;
        if (!promised[projectId][s.epoch] || _epoch() != s.epoch + 1) return;
        revert PromiseBroken(projectId, s.nodeId, s.epoch, amount, project[projectId].balance);
    }

    /// The price of the epoch, each term rounded down, at most the cap.
    function _priceOf(uint32 epoch, uint256 cap, uint256 receipt) internal view returns (uint256) {
        PriceList storage list = pricesSeen[epoch];
        uint256 requests = uint56(receipt >> 136);
        uint256 beyond = requests - _min(requests, list.included);
        uint256 work = (beyond * list.perMRequests + uint256(uint48(receipt >> 88)) * list.perMCpuMs) / 1_000_000;
        uint256 egress = (uint256(uint48(receipt >> 40)) * list.perGiB) / 1_048_576;
        uint256 stored = (uint256(uint40(receipt)) * list.perGiBStored) / 1_024;
        return _min(cap, list.base + work + egress + stored);
    }

    /// What the node served: a receipt for each project where it had a seat, and for others too if it is `dishonest`.
    function _usage(uint32 nodeId, uint32 epoch, bool dishonest) internal returns (Submission memory s) {
        bytes memory receipts;
        for (uint64 id = 1; id <= projectCount; id++) {
            if (_hasSeat(termsOf[id][epoch], nodeId) || (dishonest && _once(2))) {
                receipts = bytes.concat(receipts, bytes32(_receipt(id)));
            }
        }
        if (dishonest) {
            uint64 id = uint64(1 + _pick(projectCount + 1));
            receipts = bytes.concat(receipts, bytes32(_receipt(_once(4) ? type(uint64).max : id)));
            if (_once(2)) receipts = bytes.concat(bytes32(_receipt(id)), receipts);
        }
        // Like those of real statements, the hash of one epoch is never another's: runners do repeat seeds.
        bytes32 statements = keccak256(abi.encode(nodeId, epoch, _pick(1 << 32)));
        return Submission(nodeId, epoch, statements, receipts, node[nodeId].operatorKey);
    }

    /// Usage from nothing to more than any cap.
    function _receipt(uint64 projectId) private returns (uint256) {
        uint256 most = 10 ** _pick(13);
        if (_once(20)) most = type(uint64).max;
        uint256 figures =
            (_between(0, _min(most, type(uint56).max)) << 136) |
                (_between(0, _min(most, type(uint48).max)) << 88) |
                (_between(0, _min(most, type(uint48).max)) << 40) |
                _between(0, _min(most, type(uint40).max));
        return (uint256(projectId) << 192) | figures;
    }

    function _sign(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", _separator, structHash)));
        return abi.encodePacked(r, s, v);
    }

    function _receiptAt(bytes memory receipts, uint256 index) internal pure returns (uint256 receipt) {
        assembly ("memory-safe") {
            receipt := mload(add(add(receipts, 32), mul(index, 32)))
        }
    }

    function _isIn(uint256[] memory list, uint256 length, uint256 value) private pure returns (bool) {
        for (uint256 i = 0; i < length; i++) if (list[i] == value) return true;
        return false;
    }
}
