// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Signatures of keys (65 bytes, or 64 by EIP-2098) and of contracts (ERC-1271)
library Signature {
    /// @notice Whether `signer` signed `digest`. A high s and the zero signer are refused.
    /// @dev A key is tried first: an account of EIP-7702 has code and signs as a key all the same.
    function isValid(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (signer == address(0)) return false;

        address recovered;
        if (signature.length == 65) {
            (recovered, , ) = ECDSA.tryRecoverCalldata(digest, signature);
        } else if (signature.length == 64) {
            (recovered, , ) = ECDSA.tryRecover(digest, bytes32(signature[0:32]), bytes32(signature[32:64]));
        }
        if (recovered == signer) return true;
        return
            signer.code.length != 0 && SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }
}
