// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreditEscrow} from "../../../contracts/interfaces/ICreditEscrow.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {PriceList} from "../../../contracts/libraries/Price.sol";
import {vm} from "../support/Vm.sol";
import {TimeActions} from "./actions/TimeActions.sol";

/// @title What must hold after every call
abstract contract Rules is TimeActions {
    /// @notice A rule does not hold: `id` is the project, node, region or epoch it speaks of.
    error Broken(string rule, uint256 id, uint256 is_, uint256 shouldBe);

    function checkRules() external {
        vm.warp(nowSeconds);
        _checkEscrowSolvency();
        _checkHeld();
        _checkCredits();
        _checkStakes();
        _checkPurses();
        // One project, region and epoch at a time, in turn: what is wrong there stays wrong until its turn comes.
        _checkSeats(uint64(1 + (actionCount % projectCount)));
        _checkPool(uint8(actionCount % REGIONS_IN_USE));
        _checkPast(uint32(_epoch() - _min(_epoch(), actionCount % (LATE + 1))));
    }

    /// Escrow balance = credits + held + fees, and not one unit more but for tokens sent past its functions.
    function _checkEscrowSolvency() private view {
        uint256 owed = uint256(escrow.held()) + escrow.fees();
        for (uint64 id = 1; id <= projectCount; id++) owed += escrow.accountOf(id).balance;
        _same(
            "escrow balance = credits + held + fees + strays",
            0,
            usd.balanceOf(address(escrow)),
            owed + strayInEscrow
        );
        _same("fees", 0, escrow.fees(), fees);
    }

    /// Held = what is pending in buckets + payable + frozen amounts and bonds + refunds: by the contract's own views, and
    /// by the ledger.
    function _checkHeld() private view {
        uint256 sum = frozen;
        for (uint256 i = 0; i < buckets.length; i++) {
            Bucket storage bucket = buckets[i];
            (uint64 pending, uint16 feeBps) = settlement.pending(bucket.nodeId, bucket.epoch);
            _same("pending of a bucket", bucket.nodeId, pending, pendingOf[bucket.nodeId][bucket.epoch]);
            _same("fee of a bucket", bucket.nodeId, feeBps, pricesSeen[bucket.epoch].feeBps);
            sum += pending;
        }
        for (uint32 id = 1; id <= nodeCount; id++) {
            (uint64 amount, uint64 fee) = settlement.payableOf(id);
            _same("payable to a node", id, amount, node[id].payableAmount);
            _same("payable fee of a node", id, fee, node[id].payableFee);
            sum += uint256(amount) + fee;
        }
        for (uint256 i = 0; i < 3; i++) {
            uint64 owed = escrow.refundOf(owners[i]);
            _same("refund owed", i, owed, refund[owners[i]]);
            sum += owed;
        }
        _same("held = pending + payable + disputed + bonds + refunds", 0, escrow.held(), sum);
        _same("held, by the ledger", 0, sum, pendingTotal + payableTotal + frozen + refundTotal);
    }

    function _checkCredits() private view {
        for (uint64 id = 1; id <= projectCount; id++) {
            ICreditEscrow.Account memory account = escrow.accountOf(id);
            _same("credit of a project", id, account.balance, project[id].balance);
            _same("thawing credit of a project", id, account.thawing, project[id].thawing);
            _same("thaw epoch of a credit", id, account.thawEpoch, project[id].thawEpoch);
            if (account.thawing > account.balance)
                revert Broken("thawing <= credit", id, account.thawing, account.balance);
        }
    }

    /// Registry balance = stakes, and not one unit more but for tokens sent past its functions.
    function _checkStakes() private view {
        uint256 sum = strayInNodes;
        for (uint32 id = 1; id <= nodeCount; id++) {
            INodeRegistry.Node memory is_ = nodes.nodeOf(id);
            _same("stake of a node", id, is_.stake, node[id].stake);
            _same("thawing stake of a node", id, is_.thawing, node[id].thawing);
            _same("thaw epoch of a stake", id, is_.thawEpoch, node[id].thawEpoch);
            _same("retirement of a node", id, is_.retiredFrom, node[id].retiredFrom);
            if (is_.thawing > is_.stake) revert Broken("thawing <= stake", id, is_.thawing, is_.stake);
            sum += is_.stake;
        }
        _same("registry balance = stakes + strays", 0, usd.balanceOf(address(nodes)), sum);
        _same("settlement holds no tokens", 0, usd.balanceOf(address(settlement)), 0);
    }

    /// Nobody has more or less than the ledger paid to them.
    function _checkPurses() private view {
        for (uint256 i = 0; i < purses.length; i++) {
            _same("purse", i, usd.balanceOf(purses[i]), purse[purses[i]]);
        }
    }

    /// By the newest terms no node has two seats, and every seat has a node that exists.
    function _checkSeats(uint64 projectId) private view {
        uint256 word = _newestTerms(projectId);
        for (uint256 seat = 0; seat < 8; seat++) {
            uint32 nodeId = _seatAt(word, seat);
            if (nodeId == 0) continue;
            if (nodeId > nodeCount) revert Broken("seat of a known node", projectId, nodeId, nodeCount);
            for (uint256 other = 0; other < seat; other++) {
                if (_seatAt(word, other) == nodeId) revert Broken("seats are distinct", projectId, nodeId, seat);
            }
        }
    }

    /// A pool has exactly the nodes that joined it; a draw of all finds exactly those that accept, each once.
    function _checkPool(uint8 region) private view {
        uint256 members;
        uint256 accepting;
        for (uint32 id = 1; id <= nodeCount; id++) {
            if (node[id].region != region || !node[id].pooled) continue;
            members++;
            if (_accepts(id)) accepting |= 1 << id;
        }
        _same("members of a pool", region, nodes.poolSize(region), members);
        if (accepting == 0) return;
        uint32[] memory drawn = nodes.draw(8, uint16(1 << region), nowSeconds);
        uint256 found;
        for (uint256 i = 0; i < drawn.length; i++) {
            if ((found >> drawn[i]) & 1 == 1) revert Broken("drawn once", region, drawn[i], 0);
            found |= 1 << drawn[i];
        }
        _same("a draw finds those that accept", region, found, accepting);
    }

    /// Terms and prices of an epoch never change once it began, as long as it can be submitted.
    function _checkPast(uint32 epoch) private view {
        PriceList memory list = settlement.pricesAt(epoch);
        if (keccak256(abi.encode(list)) != keccak256(abi.encode(pricesSeen[epoch]))) {
            revert Broken("prices of an epoch stand", epoch, list.base, pricesSeen[epoch].base);
        }
        uint64[] memory ids = _projectIds();
        uint256[] memory words = projects.termsWords(ids, epoch);
        for (uint256 i = 0; i < ids.length; i++) {
            _same("terms of an epoch stand", ids[i], words[i], termsSeen[ids[i]][epoch]);
        }
    }

    function _same(string memory rule, uint256 id, uint256 is_, uint256 shouldBe) internal pure {
        if (is_ != shouldBe) revert Broken(rule, id, is_, shouldBe);
    }
}
