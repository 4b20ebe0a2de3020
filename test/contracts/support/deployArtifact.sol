// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {vm} from "./Vm.sol";

/// @notice A constructor refused.
error NotDeployed(string name);

/// @notice Deploys a contract as Hardhat built it, from its artifact.
/// @dev Hardhat's runner finds artifacts by name; forge is told where they are and reads the file.
/// @param folder Of the source `<name>.sol`, as below `artifacts`.
/// @param arguments The constructor's, encoded.
function deployArtifact(string memory folder, string memory name, bytes memory arguments) returns (address deployed) {
    string memory artifacts = vm.envOr("WORKER3_ARTIFACTS", string(""));
    string memory artifact =
        bytes(artifacts).length == 0
            ? string.concat(name, ".sol:", name)
            : string.concat(artifacts, "/", folder, "/", name, ".sol/", name, ".json");
    bytes memory code = bytes.concat(vm.getCode(artifact), arguments);
    assembly ("memory-safe") {
        deployed := create(0, add(code, 32), mload(code))
    }
    if (deployed == address(0)) revert NotDeployed(name);
}
