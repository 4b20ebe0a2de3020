// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The few cheatcodes of the test runners (Hardhat's and forge) that the tests here use
interface Vm {
    /// @notice The address of a private key.
    function addr(uint256 key) external pure returns (address);

    /// @notice Signs `digest` with a private key.
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice Makes `sender` the caller of the next call.
    function prank(address sender) external;

    /// @notice Sets the block's time, in Unix seconds.
    function warp(uint256 timestamp) external;

    /// @notice Sets the block's random number.
    function prevrandao(bytes32 value) external;

    /// @notice The creation code of an artifact.
    function getCode(string calldata artifact) external view returns (bytes memory);

    /// @notice Gives up an input that says nothing about the rule.
    function assume(bool condition) external pure;

    /// @notice An environment variable, or `otherwise`.
    function envOr(string calldata name, string calldata otherwise) external view returns (string memory);

    /// @notice Appends a line to a file.
    function writeLine(string calldata path, string calldata line) external;

    function toString(uint256 value) external pure returns (string memory);
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
