// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Receipt, Receipts} from "../../../contracts/libraries/Receipts.sol";
import {same} from "../support/same.sol";

/// @title Lines are written as they are read, and into their own memory only
contract ReceiptsFuzzTest {
    using Receipts for bytes;

    function testFuzz_linesReadBackAsWritten(uint256[] memory words, uint64 salt) external view {
        uint256 count = words.length % 257;
        bytes memory lines = Receipts.allocate(count);
        bytes memory behind = abi.encode(keccak256("what stands behind the lines"), salt);
        bytes32 before = keccak256(behind);
        bytes memory expected;
        uint256 written = count == 0 ? 0 : salt % (count + 1);
        for (uint256 i = 0; i < written; i++) {
            uint64 amount = uint64(uint256(keccak256(abi.encode(words[i]))));
            lines.append(Receipt.wrap(words[i]), amount);
            expected = bytes.concat(expected, bytes32(words[i]), bytes8(amount));
        }
        assert(keccak256(lines) == keccak256(expected));
        assert(keccak256(behind) == before);
        this.readAll(lines, words);
    }

    function testFuzz_fieldsAreThoseThatWerePacked(
        uint64 projectId,
        uint56 requests,
        uint48 cpuMs,
        uint48 egressKiB,
        uint40 storedMiB
    ) external pure {
        bytes memory packed = abi.encodePacked(projectId, requests, cpuMs, egressKiB, storedMiB);
        same(packed.length, Receipts.RECEIPT_BYTES);
        Receipt receipt = Receipt.wrap(uint256(bytes32(packed)));
        same(receipt.projectId(), projectId);
        same(receipt.requests(), requests);
        same(receipt.cpuMs(), cpuMs);
        same(receipt.egressKiB(), egressKiB);
        same(receipt.storedMiB(), storedMiB);
    }

    function readAll(bytes calldata lines, uint256[] calldata words) external pure {
        for (uint256 i = 0; i < lines.length / Receipts.LINE_BYTES; i++) {
            (Receipt receipt, uint64 amount) = lines.lineAt(i);
            same(Receipt.unwrap(receipt), words[i]);
            same(amount, uint64(uint256(keccak256(abi.encode(words[i])))));
        }
    }
}
