// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Where a node answers: `https://host[:port]`, nothing behind it
/// @dev Others show this text and connect to it, so it holds no character that could mean something else to them.
library Endpoint {
    uint256 internal constant MAX_LENGTH = 128;

    /// @notice The endpoint has `length` bytes; at most 128 can be.
    error EndpointIsTooLong(string endpoint, uint256 length);
    /// @notice The endpoint does not start with `https://`, or no host follows.
    error EndpointHasNoScheme(string endpoint);
    /// @notice The byte at `index` is none of `a-z 0-9 . - : [ ]`.
    error EndpointHasWrongCharacter(string endpoint, uint256 index);

    /// @param allowHttp Whether `http://` will do: on a devnet only.
    function check(string calldata endpoint, bool allowHttp) internal pure {
        bytes calldata raw = bytes(endpoint);
        if (raw.length > MAX_LENGTH) revert EndpointIsTooLong(endpoint, raw.length);

        uint256 start;
        if (raw.length > 8 && bytes8(raw[0:8]) == "https://") start = 8;
        else if (allowHttp && raw.length > 7 && bytes7(raw[0:7]) == "http://") start = 7;
        else revert EndpointHasNoScheme(endpoint);

        for (uint256 i = start; i < raw.length; i++) {
            bytes1 c = raw[i];
            bool alphanumeric = (c >= "a" && c <= "z") || (c >= "0" && c <= "9");
            if (!alphanumeric && c != "." && c != "-" && c != ":" && c != "[" && c != "]") {
                revert EndpointHasWrongCharacter(endpoint, i);
            }
        }
    }
}
