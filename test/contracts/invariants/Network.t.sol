// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "../support/Vm.sol";
import {Actions} from "./Actions.sol";
import {Scenario} from "./Scenario.sol";

/// @title The rules of the contracts under any order of calls of everyone
contract NetworkTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// Of an action, and of a variant of one.
    uint256 private constant LEAST_SUCCESSES = 3;
    uint256 private constant LEAST_SEEN = 1;

    Scenario private _scenario;

    /// @notice An action went well less often than it should: it tests nothing.
    error SeldomDone(string action, uint256 successes, uint256 least);

    function setUp() public {
        _scenario = new Scenario();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_scenario);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_scenario), Actions.selectors());
    }

    function invariant_rulesHold() external {
        _scenario.checkRules();
    }

    /// At the end of each run everybody leaves.
    function afterInvariant() external {
        string memory log = vm.envOr("WORKER3_ACTIONS_LOG", string(""));
        if (bytes(log).length != 0) vm.writeLine(log, _counts());
        _scenario.everyoneLeaves();
        _scenario.checkRules();
    }

    /// An action that never succeeds tests nothing: in twelve walks of 256 calls each one has to.
    function test_everyActionGoesWell() external {
        bytes4[] memory selectors = Actions.selectors();
        string[] memory names = Actions.counted();
        uint256[] memory successes = new uint256[](names.length);
        for (uint256 walk = 0; walk < 12; walk++) {
            _scenario = new Scenario();
            for (uint256 i = 0; i < 256; i++) _act(selectors, uint256(keccak256(abi.encode(walk, i))));
            for (uint256 i = 0; i < names.length; i++) successes[i] += _scenario.successes(Actions.keyOf(names[i]));
            _scenario.everyoneLeaves();
            _scenario.checkRules();
        }
        for (uint256 i = 0; i < names.length; i++) {
            uint256 least = i < selectors.length ? LEAST_SUCCESSES : LEAST_SEEN;
            if (successes[i] < least) revert SeldomDone(names[i], successes[i], least);
        }
    }

    function _act(bytes4[] memory selectors, uint256 random) private {
        (bool done, bytes memory reason) = address(_scenario).call(
            abi.encodeWithSelector(selectors[random % selectors.length], random)
        );
        if (!done) {
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
        _scenario.checkRules();
    }

    /// One line: for each action its successes and refusals of this run.
    function _counts() private view returns (string memory line) {
        string[] memory names = Actions.counted();
        for (uint256 i = 0; i < names.length; i++) {
            bytes4 key = Actions.keyOf(names[i]);
            line = string.concat(
                line,
                names[i],
                "=",
                vm.toString(_scenario.successes(key)),
                "/",
                vm.toString(_scenario.refusals(key)),
                " "
            );
        }
    }
}
