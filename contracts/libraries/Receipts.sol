// SPDX-License-Identifier: Apache-2.0
// A receipt and the lists of them belong together.
// solhint-disable one-contract-per-file
pragma solidity 0.8.37;

/// @notice A receipt: `projectId 64 | requests 56 | cpuMs 48 | egressKiB 48 | storedMiB 40`, from the high bits down.
type Receipt is uint256;

using ReceiptLib for Receipt global;

/// @title Reading receipts
library ReceiptLib {
    function projectId(Receipt receipt) internal pure returns (uint64) {
        return uint64(Receipt.unwrap(receipt) >> 192);
    }

    function requests(Receipt receipt) internal pure returns (uint256) {
        return uint56(Receipt.unwrap(receipt) >> 136);
    }

    function cpuMs(Receipt receipt) internal pure returns (uint256) {
        return uint48(Receipt.unwrap(receipt) >> 88);
    }

    function egressKiB(Receipt receipt) internal pure returns (uint256) {
        return uint48(Receipt.unwrap(receipt) >> 40);
    }

    function storedMiB(Receipt receipt) internal pure returns (uint256) {
        return uint40(Receipt.unwrap(receipt));
    }
}

/// @title Lists of receipts, and the lines of counted ones
library Receipts {
    uint256 internal constant RECEIPT_BYTES = 32;
    uint256 internal constant LINE_BYTES = 40;

    /// @notice Room for `count` lines; `append` fills it.
    function allocate(uint256 count) internal pure returns (bytes memory lines) {
        lines = new bytes(count * LINE_BYTES);
        assembly ("memory-safe") {
            mstore(lines, 0)
        }
    }

    /// @notice Receipt number `index` of a list, which has that many.
    function receiptAt(bytes calldata receipts, uint256 index) internal pure returns (Receipt receipt) {
        assembly ("memory-safe") {
            receipt := calldataload(add(receipts.offset, shl(5, index)))
        }
    }

    /// @notice Appends a line. `lines` come from `allocate` with room for one more.
    function append(bytes memory lines, Receipt receipt, uint256 amount) internal pure {
        assembly ("memory-safe") {
            let length := mload(lines)
            let end := add(add(lines, 32), length)
            // The amount first, right-aligned in the last 32 of the line's 40 bytes; the receipt covers the rest.
            mstore(add(end, 8), amount)
            mstore(end, receipt)
            mstore(lines, add(length, LINE_BYTES))
        }
    }

    /// @notice The receipt and the amount of line number `index`, which the lines have.
    function lineAt(bytes calldata lines, uint256 index) internal pure returns (Receipt receipt, uint64 amount) {
        bytes calldata line = lines[index * LINE_BYTES:(index + 1) * LINE_BYTES];
        return (Receipt.wrap(uint256(bytes32(line[0:32]))), uint64(bytes8(line[32:40])));
    }
}
