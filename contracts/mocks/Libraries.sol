// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {Cid} from "../libraries/Cid.sol";
import {Domain, DomainName} from "../libraries/Domain.sol";
import {Endpoint} from "../libraries/Endpoint.sol";
import {NodePool} from "../libraries/NodePool.sol";
import {Price, PriceList} from "../libraries/Price.sol";
import {Receipt, Receipts} from "../libraries/Receipts.sol";
import {Signature} from "../libraries/Signature.sol";
import {RefillRule, RefillRuleLib} from "../types/RefillRule.sol";
import {Ring, RingLib} from "../types/Ring.sol";
import {Terms, TermsLib} from "../types/Terms.sol";

/// @title The libraries and types of the contracts as functions that a test can call
contract Libraries {
    using ShortStrings for string;
    using Price for PriceList;
    using NodePool for NodePool.Pool;
    using NodePool for NodePool.Draw;

    NodePool.Pool private _pool;

    function parseCid(string calldata cid) external pure returns (bytes32) {
        return Cid.parse(cid);
    }

    function cidText(bytes32 digest) external pure returns (string memory) {
        return Cid.text(digest);
    }

    function contenthash(bytes32 digest) external pure returns (bytes memory) {
        return Cid.contenthash(digest);
    }

    function parseDomain(string calldata domain, string calldata zone) external pure returns (DomainName memory) {
        return Domain.parse(domain, zone.toShortString());
    }

    function checkEndpoint(string calldata endpoint, bool allowHttp) external pure {
        Endpoint.check(endpoint, allowHttp);
    }

    function amountOf(
        PriceList calldata list,
        uint256 cap,
        uint64 requests,
        uint64 cpuMs,
        uint64 egressKiB,
        uint64 storedMiB
    ) external pure returns (uint256) {
        return list.amountOf(cap, requests, cpuMs, egressKiB, storedMiB);
    }

    function feeOf(uint64 amount, uint16 feeBps) external pure returns (uint256) {
        return Price.feeOf(amount, feeBps);
    }

    function packTerms(uint32[] calldata nodeIds, uint40 cap, uint24 fromEpoch) external pure returns (Terms) {
        (Terms terms, ) = TermsLib.empty(cap).withMore(nodeIds, 0);
        return terms.withFromEpoch(fromEpoch);
    }

    function readTerms(
        Terms terms,
        uint32 nodeId
    )
        external
        pure
        returns (uint32[] memory nodeIds, uint256 cap, uint256 fromEpoch, uint256 seat, uint256 count, uint256 seatBits)
    {
        return (terms.nodeIds(), terms.cap(), terms.fromEpoch(), terms.seatOf(nodeId), terms.count(), terms.seatBits());
    }

    function changeTerms(
        Terms terms,
        uint8 seat,
        uint24 nodeId,
        uint40 cap,
        uint24 fromEpoch
    ) external pure returns (Terms) {
        return terms.withSeat(seat, nodeId).withCap(cap).withFromEpoch(fromEpoch);
    }

    function markRing(Ring ring, uint32 epoch, uint8 seat) external pure returns (Ring) {
        return ring.mark(epoch, seat);
    }

    function unmarkRing(Ring ring, uint32 epoch, uint8 seat) external pure returns (Ring) {
        return ring.unmark(epoch, seat);
    }

    function countedSeats(Ring ring, uint32 epoch) external pure returns (uint256) {
        return ring.countedSeats(epoch);
    }

    function openRing(uint32 epoch) external pure returns (Ring) {
        return RingLib.open(epoch);
    }

    function packRefill(
        uint16 regionMask,
        uint8 seats,
        bool pinHome,
        bool isChosen
    ) external pure returns (RefillRule) {
        return RefillRuleLib.pack(regionMask, seats, pinHome, isChosen);
    }

    function readRefill(
        RefillRule rule
    ) external pure returns (uint256 regionMask, uint256 seats, bool pinHome, bool isChosen) {
        return (rule.regionMask(), rule.seats(), rule.pinHome(), rule.isChosen());
    }

    function addSeats(
        Terms terms,
        uint32[] calldata nodeIds,
        uint8 seat
    ) external pure returns (Terms more, bool fits) {
        return terms.withMore(nodeIds, seat);
    }

    function growTerms(Terms terms, Terms current, Terms grown) external pure returns (Terms) {
        return terms.withGrowth(current, grown);
    }

    function splitTerms(Terms terms, Terms before) external pure returns (Terms beyond, Terms withoutSeats) {
        return (terms.beyond(before), terms.withoutSeats());
    }

    function checkZone(string calldata zone) external pure {
        Domain.checkZone(zone);
    }

    function lineAt(bytes calldata lines, uint256 index) external pure returns (Receipt receipt, uint64 amount) {
        return Receipts.lineAt(lines, index);
    }

    function isValidSignature(address signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return Signature.isValid(signer, digest, signature);
    }

    /// @notice Adds `nodeIds` to a region of the pool.
    function fillPool(uint8 region, uint32[] calldata nodeIds) external {
        for (uint256 i = 0; i < nodeIds.length; i++) {
            _pool.push(region, nodeIds[i]);
        }
    }

    function removeFromPool(uint8 region, uint256 index) external returns (uint256 moved) {
        return _pool.remove(region, index);
    }

    function poolMembers(uint8 region) external view returns (uint256[] memory nodeIds) {
        nodeIds = new uint256[](_pool.length(region));
        for (uint256 i = 0; i < nodeIds.length; i++) {
            nodeIds[i] = _pool.nodeAt(region, i);
        }
    }

    /// @notice Every candidate that a draw would look at, in order.
    function drawAll(uint256 regionMask, uint256 seed) external view returns (uint256[] memory nodeIds) {
        NodePool.Draw memory draw = _pool.startDraw(regionMask, seed);
        nodeIds = new uint256[](draw.total < NodePool.MAX_READS ? draw.total : NodePool.MAX_READS);
        for (uint256 i = 0; draw.hasNext(); i++) {
            nodeIds[i] = draw.next(_pool);
        }
    }
}
