// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title CID text <-> the one slot that names it
/// @notice A deployment is named by a CIDv1 of codec dag-pb and hash sha2-256, written in lower-case base32 without
/// padding: 59 characters, the first seven of them `bafybei`. All that varies is the 32-byte digest.
/// @dev 58 characters of 5 bits are 290 bits: 36 bytes `01 70 12 20 digest` and two bits of padding, which must be
/// zero. `bafybe` spells the first 30 bits; the 52 characters behind it are `00 | digest | 00`.
/// Base32 is read and written 32 characters at a time: one character a byte lane, halved five times.
/// Source: multiformats CIDv1 and multibase; RFC 4648 section 6.
library Cid {
    uint256 internal constant LENGTH = 59;

    /// @notice The text has `length` characters instead of 59.
    error CidHasWrongLength(string cid, uint256 length);
    /// @notice The text does not start with `bafybei`: another version, codec, hash, base or upper case.
    error CidHasWrongPrefix(string cid, string expected);
    /// @notice The character at `index` is not of the base32 alphabet `a-z2-7`.
    error CidHasWrongCharacter(string cid, uint256 index);
    /// @notice The characters at both ends of the digest have bits that are no part of its 32 bytes.
    error CidIsNotCanonical(string cid);

    uint256 private constant LANES = 0x0101010101010101010101010101010101010101010101010101010101010101;
    /// The low 5, 10, 20, 40 or 80 bits of each pair of lanes.
    uint256 private constant LOW_5 = 0x001f001f001f001f001f001f001f001f001f001f001f001f001f001f001f001f;
    uint256 private constant LOW_10 = 0x000003ff000003ff000003ff000003ff000003ff000003ff000003ff000003ff;
    uint256 private constant LOW_20 = 0x00000000000fffff00000000000fffff00000000000fffff00000000000fffff;
    uint256 private constant LOW_40 = 0x0000000000000000000000ffffffffff0000000000000000000000ffffffffff;
    uint256 private constant LOW_80 = 0x00000000000000000000000000000000000000000000ffffffffffffffffffff;

    /// `bafybei`.
    uint256 private constant PREFIX = 0x62616679626569;

    /// @notice The digest that `cid` names.
    /// @dev Reads each character as its 5 bits, writes those out again and compares, so what is accepted is the one text
    /// of its digest; only a refusal pays for finding its reason.
    function parse(string calldata cid) internal pure returns (bytes32) {
        if (bytes(cid).length != LENGTH) revert CidHasWrongLength(cid, bytes(cid).length);
        uint256 prefix;
        uint256 first; // characters 7 to 38
        uint256 second; // characters 39 to 58, left-aligned
        assembly ("memory-safe") {
            prefix := shr(200, calldataload(cid.offset))
            first := calldataload(add(cid.offset, 7))
            second := shl(96, calldataload(add(cid.offset, 27)))
        }

        unchecked {
            uint256 firstLanes = _lanes(first);
            uint256 secondLanes = _lanes(second);
            uint256 high = _gather(firstLanes);
            uint256 low = _gather(secondLanes) >> 60;
            uint256 wrong =
                (prefix ^ PREFIX) |
                    (first ^ _letters(firstLanes)) |
                    ((second ^ _letters(secondLanes)) >> 96) |
                    (high >> 158) |
                    (low & 3);
            if (wrong != 0) _refuse(cid);
            return bytes32((high << 98) | (low >> 2));
        }
    }

    /// @notice The text of the CID with `digest`.
    function text(bytes32 digest) internal pure returns (string memory) {
        (uint256 first, uint256 second) = _characters(digest);
        return string(bytes.concat(bytes7(uint56(PREFIX)), bytes32(first), bytes20(bytes32(second))));
    }

    /// @notice The EIP-1577 contenthash of the CID with `digest`: what an ENS resolver takes.
    /// @dev `e3 01` is the multicodec ipfs-ns as a varint, behind it the CID's bytes.
    function contenthash(bytes32 digest) internal pure returns (bytes memory) {
        return bytes.concat(hex"e30101701220", digest);
    }

    /// The 52 characters behind `bafybei`: 32 in the first word, 20 in the second, left-aligned.
    function _characters(bytes32 digest) private pure returns (uint256 first, uint256 second) {
        first = _letters(_scatter(uint256(digest) >> 98));
        second = (_letters(_scatter((uint256(digest) << 62) & (type(uint256).max >> 96))) >> 96) << 96;
    }

    /// 32 characters -> 32 lanes of 5 bits. What is no character gives rubbish, never a revert.
    function _lanes(uint256 characters) private pure returns (uint256) {
        unchecked {
            // Letters have bit 6 set and count from 97; digits 2-7 stand for 26-31, so count from 24.
            // Lanes never borrow from each other: bit 7 is set before and dropped after.
            uint256 letters = (characters >> 6) & LANES;
            return ((characters | (LANES << 7)) - LANES * 24 - letters * 73) & (LANES * 31);
        }
    }

    /// 32 lanes of 5 bits -> 160 bits.
    function _gather(uint256 x) private pure returns (uint256) {
        unchecked {
            x = (x & LOW_5) | ((x >> 3) & (LOW_5 << 5));
            x = (x & LOW_10) | ((x >> 6) & (LOW_10 << 10));
            x = (x & LOW_20) | ((x >> 12) & (LOW_20 << 20));
            x = (x & LOW_40) | ((x >> 24) & (LOW_40 << 40));
            return (x & LOW_80) | ((x >> 48) & (LOW_80 << 80));
        }
    }

    /// 160 bits -> 32 lanes of 5 bits.
    function _scatter(uint256 x) private pure returns (uint256) {
        unchecked {
            x = (x & LOW_80) | ((x & (LOW_80 << 80)) << 48);
            x = (x & LOW_40) | ((x & (LOW_40 << 40)) << 24);
            x = (x & LOW_20) | ((x & (LOW_20 << 20)) << 12);
            x = (x & LOW_10) | ((x & (LOW_10 << 10)) << 6);
            return (x & LOW_5) | ((x & (LOW_5 << 5)) << 3);
        }
    }

    /// 32 lanes of 5 bits -> 32 characters: `a` + v, and 73 less from 26 on (`2` is 50).
    function _letters(uint256 lanes) private pure returns (uint256) {
        unchecked {
            uint256 digits = ((lanes + LANES * 6) >> 5) & LANES;
            return lanes + LANES * 97 - digits * 73;
        }
    }

    /// Says why `cid` is refused.
    function _refuse(string calldata cid) private pure {
        bytes calldata raw = bytes(cid);
        if (uint56(bytes7(raw[0:7])) != PREFIX) revert CidHasWrongPrefix(cid, "bafybei");
        for (uint256 i = 7; i < LENGTH; i++) {
            bytes1 c = raw[i];
            if (!(c >= "a" && c <= "z") && !(c >= "2" && c <= "7")) revert CidHasWrongCharacter(cid, i);
        }
        revert CidIsNotCanonical(cid);
    }
}
