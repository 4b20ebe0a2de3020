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

    struct Outcome {
        bool done;
        bytes result;
    }

    /// @notice Calls `target`; fails as it fails.
    function act(address target, bytes calldata data) external {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = target.call(data);
        if (!done) _revertWith(result);
    }

    /// @notice What would come of each deed, each on its own, if it were done now. Nothing is done.
    function foresee(Deed[] calldata deeds) external returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](deeds.length);
        for (uint256 i = 0; i < deeds.length; i++) {
            try deeds[i].actor.tryOut(deeds[i].target, deeds[i].data) {} catch (bytes memory reason) {
                (outcomes[i].done, outcomes[i].result) = abi.decode(reason, (bool, bytes));
            }
        }
    }

    /// @notice Calls `target` and takes it back: always reverts, with the outcome.
    function tryOut(address target, bytes calldata data) external {
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory result) = target.call(data);
        _revertWith(abi.encode(done, result));
    }

    function _revertWith(bytes memory reason) private pure {
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
