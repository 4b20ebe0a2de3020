// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreditEscrow} from "../../../contracts/interfaces/ICreditEscrow.sol";
import {INameRegistry} from "../../../contracts/interfaces/INameRegistry.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IProjectRegistry} from "../../../contracts/interfaces/IProjectRegistry.sol";
import {PriceList} from "../../../contracts/libraries/Price.sol";
import {Head} from "../../../contracts/types/Head.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {vm} from "../support/Vm.sol";
import {TimeActions} from "./actions/TimeActions.sol";

/// @title What must hold after every call
abstract contract Rules is TimeActions {
    /// Of the draws that are checked: one that some nodes accept and have the stake for.
    uint40 private constant DRAWN_CAP = uint40(4 * USD);
    uint256 private constant DEFAULT_RULE = 0x1ff | (3 << 9) | (1 << 13);

    /// @notice A rule does not hold: `id` is the project, node, region or epoch it speaks of.
    error Broken(string rule, uint256 id, uint256 is_, uint256 shouldBe);

    function checkRules() external {
        vm.warp(nowSeconds);
        _checkEscrowSolvency();
        _checkHeld();
        _checkCredits();
        _checkStakes();
        _checkPurses();
        // One project, domain, region and epoch at a time, in turn: what is wrong there stays wrong until its turn comes.
        uint64 projectId = uint64(1 + (actionCount % projectCount));
        _checkSeats(projectId);
        _checkRecord(projectId);
        _checkName(actionCount % DOMAINS);
        _checkPool(uint8(actionCount % REGIONS_IN_USE));
        _checkNext();
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
            _same("credit rose in", id, account.raisedAt, project[id].raisedAt);
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
            _same("whether new stake lifts it", id, is_.isLiftable ? 1 : 0, _isLiftable(id) ? 1 : 0);
            _same("presence of a node", id, is_.presentUntil, node[id].presentUntil);
            _same("least cap of a node", id, is_.leastCap, node[id].leastCap);
            _same("slashes of an epoch stay in its share", id, is_.slashLeft, _slashLeft(id));
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
        uint256 word = _drawn(projectId);
        for (uint256 seat = 0; seat < 8; seat++) {
            uint32 nodeId = _seatAt(word, seat);
            if (nodeId == 0) continue;
            if (nodeId > nodeCount) revert Broken("seat of a known node", projectId, nodeId, nodeCount);
            for (uint256 other = 0; other < seat; other++) {
                if (_seatAt(word, other) == nodeId) revert Broken("seats are distinct", projectId, nodeId, seat);
            }
        }
    }

    /// What a project is, and what it has left, by the ledger.
    function _checkRecord(uint64 projectId) private view {
        Project storage entry = project[projectId];
        IProjectRegistry.Record memory record = projects.recordOf(projectId);
        uint256 head = Head.unwrap(record.head);
        _same("owner", projectId, uint160(head), uint160(entry.owner));
        _same("versions", projectId, uint32(head >> 160), entry.versions);
        _same("active version", projectId, uint32(head >> 192), entry.active);
        _same("domains counted = domains held", projectId, uint8(head >> 224), _domainCount(projectId));
        _same("closed", projectId, (head >> 232) & 1, entry.closed ? 1 : 0);
        _same("split", projectId, (head >> 233) & 1, entry.split ? 1 : 0);
        _same("split version", projectId, record.splitVersion == 0 ? 0 : 1, entry.split ? 1 : 0);
        _same("rule for refills", projectId, (head >> 234) ^ DEFAULT_RULE, _refillRule(entry));
        _same("meter", projectId, uint160(record.meter), uint160(entry.meter));
        _same("pending owner", projectId, uint160(record.pendingOwner), uint160(entry.pendingOwner));
        _same("closed from", projectId, record.closedFrom, entry.closedFrom);
        _same("available", projectId, escrow.available(projectId), _availableOf(projectId));
        uint256 budget = _budgetOf(entry.newest, _epoch() + 1);
        _same("budget of the next epoch", projectId, projects.budgetAt(projectId, _epoch() + 1), budget);
    }

    /// `regionMask 9 | seats 4 | pinHome 1 | chosen 1`; three seats from anywhere and a pinned home are the zero word.
    function _refillRule(Project storage entry) private view returns (uint256 rule) {
        rule = uint256(entry.refillMask) | (uint256(entry.refillSeats) << 9);
        if (entry.pinHome) rule |= 1 << 13;
        if (entry.refillChosen) rule |= 1 << 14;
    }

    /// A domain is whose the ledger says, and whoever acts by name finds a project of their own there, or nothing.
    function _checkName(uint256 index) private view {
        for (uint64 id = 1; id <= projectCount; id++) {
            bool holds = names.holds(id, _domain(index));
            _same("whether a project holds a domain", id, holds ? 1 : 0, _holdsDomain(index, id) ? 1 : 0);
        }
        for (uint256 i = 0; i < 3; i++) _checkProjectAt(index, owners[i]);
        if (!_isInZone(index)) return;
        (INameRegistry.NameStanding standing, address owner, uint64 projectId, , uint32 noticedAt) = names.standingOf(
            _domain(index)
        );
        _same("project of a name", index, projectId, name[index].projectId);
        _same("notice of a lapse", index, noticedAt, name[index].noticedAt);
        bool isHeld = standing == INameRegistry.NameStanding.Held;
        _same("whether a name is held", index, isHeld ? 1 : 0, _holdsDomain(index, projectId) ? 1 : 0);
        bool isFree = standing == INameRegistry.NameStanding.Free;
        if (index != RESERVED) _same("a free name", index, isFree ? 1 : 0, _mayClaim(index, address(1)) ? 1 : 0);
        if (!isFree) _same("who has a right to a name", index, uint160(owner), uint160(project[projectId].owner));
    }

    function _checkProjectAt(uint256 index, address who) private view {
        (uint64 expected, bool taken) = _projectAt(index, who);
        try names.projectAt(_domain(index), who) returns (uint64 found) {
            if (taken) revert Broken("a name of somebody else", index, found, 0);
            _same("where a deployment goes", index, found, expected);
            if (found != 0) _requireOwn(index, who, found);
        } catch {
            if (!taken) revert Broken("a deployment is refused", index, 0, expected);
        }
    }

    /// Terms of the next epoch are the newest that owners set.
    function _checkNext() private view {
        uint64[] memory ids = _projectIds();
        uint256[] memory words = projects.termsWords(ids, _epoch() + 1);
        for (uint256 i = 0; i < ids.length; i++) {
            _same("terms of the next epoch", ids[i], words[i], project[ids[i]].newest);
            _same("newest terms", ids[i], Terms.unwrap(projects.recordOf(ids[i]).terms), project[ids[i]].newest);
        }
    }

    function _slashLeft(uint32 nodeId) private view returns (uint64) {
        Slashes storage slashes = node[nodeId].slashes;
        if (slashes.epoch == _epoch()) return slashes.most - slashes.taken;
        return uint64((uint256(node[nodeId].stake) * maxSlashShareBps) / 10_000);
    }

    /// A pool has exactly the nodes that joined it; a draw of all finds exactly those that accept, each once.
    function _checkPool(uint8 region) private view {
        uint256 members;
        uint256 accepting;
        for (uint32 id = 1; id <= nodeCount; id++) {
            if (node[id].region != region || !node[id].pooled) continue;
            members++;
            if (_accepts(id, DRAWN_CAP)) accepting |= 1 << id;
        }
        _same("members of a pool", region, nodes.poolSize(region), members);
        if (accepting == 0) return;
        uint32[] memory drawn = nodes.draw(8, uint16(1 << region), nowSeconds, DRAWN_CAP);
        uint256 found;
        for (uint256 i = 0; i < drawn.length; i++) {
            if ((found >> drawn[i]) & 1 == 1) revert Broken("drawn once", region, drawn[i], 0);
            found |= 1 << drawn[i];
        }
        _same("a draw finds those that accept", region, found, accepting);
    }

    /// Terms and prices of an epoch never change once it began, as long as it can be submitted, but for what its owner grew
    /// while it ran; and each epoch has one word: its own, or that of the epoch before.
    function _checkPast(uint32 epoch) private view {
        PriceList memory list = settlement.pricesAt(epoch);
        if (keccak256(abi.encode(list)) != keccak256(abi.encode(pricesSeen[epoch]))) {
            revert Broken("prices of an epoch stand", epoch, list.base, pricesSeen[epoch].base);
        }
        uint64[] memory ids = _projectIds();
        uint256[] memory words = projects.termsWords(ids, epoch);
        for (uint256 i = 0; i < ids.length; i++) {
            _same("terms of an epoch stand", ids[i], words[i], termsOf[ids[i]][epoch]);
        }
        if (epoch == 0) return;
        uint256[] memory before = projects.termsWords(ids, epoch - 1);
        for (uint256 i = 0; i < ids.length; i++) {
            bool isOne = words[i] == before[i] || _fromOf(words[i]) == epoch;
            if (!isOne) revert Broken("one word an epoch", ids[i], words[i], before[i]);
        }
    }

    function _same(string memory rule, uint256 id, uint256 is_, uint256 shouldBe) internal pure {
        if (is_ != shouldBe) revert Broken(rule, id, is_, shouldBe);
    }
}
