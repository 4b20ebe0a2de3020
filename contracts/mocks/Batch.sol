// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Makes many calls in one transaction: for benchmarks that need a chain with much on it
contract Batch {
    /// @notice Calls `target` once for each of `calls`; the first that fails takes all of them back.
    function act(address target, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; i++) {
            // solhint-disable-next-line avoid-low-level-calls
            (bool done, bytes memory result) = target.call(calls[i]);
            if (done) continue;
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
    }
}
