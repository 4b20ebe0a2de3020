// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The part of a token's transfers by authorization that the escrow uses
/// @dev Source: ERC-3009, with the signature as bytes, so that contracts can sign by ERC-1271: USDC has it since version 2.2.
interface ITransferAuthorizations {
    /// @notice Whether an authorization of `authorizer` was used or taken back.
    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);

    /// @notice Moves `value` from `from` to `to`, who has to be the caller.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) external;
}
