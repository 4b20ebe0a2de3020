// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title An account that does what it is told, and can say what would come of it: for tests
/// @dev Whoever plays a part in a long walk is one of these, so that one call asks all of them what they may do now.
contract Actor {
    struct Deed {
        Actor actor;
        address target;
        bytes data;
    }

    /// @notice Calls `target`; fails as it fails.
    function act(address target, bytes calldata data) external {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = target.call(data);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(result, 32), mload(result))
        }
    }

    /// @notice What would come of each deed, each on its own, if it were done now. Nothing is done.
    /// @return outcomes As `tryOut` gives them.
    function foresee(Deed[] calldata deeds) external returns (bytes[] memory outcomes) {
        outcomes = new bytes[](deeds.length);
        for (uint256 i = 0; i < deeds.length; i++) {
            // It never returns: what it says is in its revert.
            // solhint-disable-next-line no-empty-blocks
            try deeds[i].actor.tryOut(deeds[i].target, deeds[i].data) {} catch (bytes memory outcome) {
                outcomes[i] = outcome;
            }
        }
    }

    /// @notice Calls `target` and takes it back: always reverts, with 32 bytes that say whether the call went well (1) or
    /// not (0), and what it returned or failed with. Long walks ask this very often, so it is short.
    function tryOut(address target, bytes calldata data) external {
        assembly {
            calldatacopy(0, data.offset, data.length)
            let done := call(gas(), target, 0, 0, data.length, 0, 0)
            mstore(0, done)
            returndatacopy(32, 0, returndatasize())
            revert(0, add(32, returndatasize()))
        }
    }
}
