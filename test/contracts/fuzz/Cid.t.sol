// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Cid} from "../../../contracts/libraries/Cid.sol";

/// @title Text <-> slot is the identity on exactly the texts that are accepted
contract CidFuzzTest {
    function testFuzz_slotToTextToSlot(bytes32 digest) external view {
        assert(this.parse(Cid.text(digest)) == digest);
        assert(keccak256(Cid.contenthash(digest)) == keccak256(abi.encodePacked(hex"e30101701220", digest)));
    }

    /// Whatever single byte of a CID becomes another: refused, or it is the one text of another digest.
    function testFuzz_oneByteChanged(bytes32 digest, uint8 index, bytes1 to) external view {
        bytes memory text = bytes(Cid.text(digest));
        uint256 place = index % text.length;
        if (text[place] == to) return;
        text[place] = to;
        _requireIdentity(string(text));
    }

    /// Any 59 characters of the alphabet behind the prefix.
    function testFuzz_anyCharactersOfTheAlphabet(bytes32 one, bytes32 two) external view {
        bytes memory text = bytes(Cid.text(0));
        bytes memory alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        bytes memory random = abi.encodePacked(one, two);
        for (uint256 i = 7; i < 59; i++) text[i] = alphabet[uint8(random[i]) % 32];
        _requireIdentity(string(text));
    }

    /// The last character carries two bits that are no part of the digest: one of four texts is canonical.
    function testFuzz_oneOfFourLastCharacters(bytes32 digest, uint8 last) external view {
        bytes memory text = bytes(Cid.text(digest));
        text[58] = bytes("abcdefghijklmnopqrstuvwxyz234567")[last % 32];
        _requireIdentity(string(text));
    }

    function testFuzz_anyText(string calldata text) external view {
        _requireIdentity(text);
    }

    function parse(string calldata text) external pure returns (bytes32) {
        return Cid.parse(text);
    }

    /// Accepted: its digest has this text and no other. Refused: with a reason.
    function _requireIdentity(string memory text) private view {
        try this.parse(text) returns (bytes32 digest) {
            assert(keccak256(bytes(Cid.text(digest))) == keccak256(bytes(text)));
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assert(
                selector == Cid.CidHasWrongLength.selector ||
                    selector == Cid.CidHasWrongPrefix.selector ||
                    selector == Cid.CidHasWrongCharacter.selector ||
                    selector == Cid.CidIsNotCanonical.selector
            );
        }
    }
}
