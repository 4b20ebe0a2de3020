// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

/// @notice What a domain claims.
/// @param key The hash of the label below the zone, or of the whole domain outside it.
/// @param inZone Whether the domain is a name of the zone: exclusive.
/// @param reserved Whether only the network's keeper may claim it.
struct DomainName {
    bytes32 key;
    bool inZone;
    bool reserved;
}

/// @title Which texts are domains, and which of them are names of the zone
/// @notice A domain is lower-case letters, digits and hyphens in labels of 1 to 63 characters, at least two labels,
/// 253 characters in all, no hyphen at either end of a label, and a last label that is not a number (an address is no
/// domain). A name of the zone is exactly one label of 3 to 63 characters below it.
/// @dev Sources: RFC 1035 section 2.3.1 and 2.3.4, RFC 1123 section 2.1 (a label may start with a digit),
/// RFC 5891 section 4.2.3.1 (hyphens at the third and fourth place belong to punycode), RFC 3696 section 2.
library Domain {
    using ShortStrings for ShortString;

    uint256 internal constant MAX_LENGTH = 253;
    uint256 internal constant MAX_LABEL = 63;
    uint256 internal constant MIN_ZONE_LABEL = 3;

    /// @notice The domain has `length` characters; 3 to 253 can be.
    error DomainHasWrongLength(string domain, uint256 length);
    /// @notice The character at `index` is not a lower-case letter, a digit, a hyphen or a dot.
    error DomainHasWrongCharacter(string domain, uint256 index);
    /// @notice The label that ends before `index` is empty, longer than 63, or has a hyphen at its start or end.
    error DomainHasWrongLabel(string domain, uint256 index);
    /// @notice The domain has no dot, or its last label is a number.
    error DomainHasNoTopLevel(string domain);
    /// @notice Below the zone exactly one label can be claimed: not the zone itself and nothing deeper.
    error NotOneLabelBelowZone(string domain);
    /// @notice A name of the zone has 3 to 63 characters before the zone.
    error ZoneLabelHasWrongLength(string domain, uint256 length);
    /// @notice A name of the zone has no hyphens at its third and fourth place: they would announce punycode, and with
    /// it letters that look like others.
    error ZoneLabelLooksLikePunycode(string domain);
    /// @notice The network needs this name itself.
    error NameIsReserved(string domain);

    /// Bit c is set where character c may stand in a domain: `a-z`, `0-9`, `-` and `.`.
    uint256 private constant CHARACTERS = 0x07fffffe_00000000_03ff6000_00000000;

    uint256 private constant DOT = 0x2e;
    uint256 private constant HYPHEN = 0x2d;

    /// @notice The network's own domain is no domain, so that no name below it could ever be claimed.
    error ZoneIsNoDomain(string zone);

    /// @notice Checks the network's own domain: what `parse` asks of every other.
    function checkZone(string memory zone) internal pure {
        bytes memory raw = bytes(zone);
        uint256 labels = 1;
        uint256 start;
        bool isNumber = true;
        for (uint256 i = 0; i <= raw.length; i++) {
            if (i == raw.length || raw[i] == ".") {
                if (i == start || i - start > MAX_LABEL || raw[start] == "-" || raw[i - 1] == "-") {
                    revert ZoneIsNoDomain(zone);
                }
                if (i == raw.length) break;
                start = i + 1;
                labels++;
                isNumber = true;
            } else {
                if (((CHARACTERS >> uint8(raw[i])) & 1) == 0) revert ZoneIsNoDomain(zone);
                if (raw[i] < "0" || raw[i] > "9") isNumber = false;
            }
        }
        if (labels == 1 || isNumber) revert ZoneIsNoDomain(zone);
    }

    /// @notice Checks `domain` and says what it claims.
    /// @param zone The network's own domain.
    function parse(string calldata domain, ShortString zone) internal pure returns (DomainName memory name) {
        bytes calldata raw = bytes(domain);
        uint256 length = raw.length;
        if (length < 3 || length > MAX_LENGTH) revert DomainHasWrongLength(domain, length);

        // What the zone says was checked when the zone was.
        uint256 end = _endsInZone(raw, zone) ? length - zone.byteLength() : length;
        uint256 start; // of the label at hand
        uint256 firstDot;
        unchecked {
            for (uint256 i = 0; i < end; i++) {
                uint256 c = _characterAt(raw, i);
                if (((CHARACTERS >> c) & 1) == 0) revert DomainHasWrongCharacter(domain, i);
                if (c != DOT) continue;
                _checkLabel(domain, start, i);
                if (start == 0) firstDot = i;
                start = i + 1;
            }
        }
        if (end == length) {
            _checkLabel(domain, start, length);
            if (start == 0 || _isNumber(raw[start:])) revert DomainHasNoTopLevel(domain);
            name.key = keccak256(raw);
        } else {
            if (end == 0 || firstDot + 1 != end) revert NotOneLabelBelowZone(domain);
            bytes calldata label = raw[0:firstDot];
            _checkZoneLabel(domain, label);
            name.key = keccak256(label);
            name.inZone = true;
            name.reserved = _isReserved(label);
        }
    }

    /// Whether `raw` is the zone, or the zone with a dot in front of it and something before that.
    function _endsInZone(bytes calldata raw, ShortString zone) private pure returns (bool) {
        uint256 zoneLength = zone.byteLength();
        if (raw.length < zoneLength) return false;
        uint256 end = raw.length - zoneLength;
        // A short string is its text, left-aligned, with its length in the last byte.
        bytes32 zoneText = ShortString.unwrap(zone) & ~bytes32(uint256(0xff));
        return bytes32(raw[end:]) == zoneText && (end == 0 || raw[end - 1] == ".");
    }

    function _checkZoneLabel(string calldata domain, bytes calldata label) private pure {
        if (label.length < MIN_ZONE_LABEL) revert ZoneLabelHasWrongLength(domain, label.length);
        if (label.length > 3 && label[2] == "-" && label[3] == "-") revert ZoneLabelLooksLikePunycode(domain);
        if (_isTechnical(label)) revert NameIsReserved(domain);
    }

    /// Names that the network keeps for its own pages and servers, and those that browsers, mail programs and visitors
    /// trust to be the network's own.
    function _isReserved(bytes calldata label) private pure returns (bool) {
        uint256 length = label.length;
        if (length > 12) return false;
        // By length, so that most names are compared with few words.
        bytes12 word = bytes12(label);
        if (length == 3) {
            return
                word == "www" ||
                word == "api" ||
                word == "app" ||
                word == "ns1" ||
                word == "ns2" ||
                word == "ns3" ||
                word == "dns" ||
                word == "cdn";
        }
        if (length == 4) {
            return
                word == "mail" ||
                word == "smtp" ||
                word == "docs" ||
                word == "wpad" ||
                word == "play" ||
                word == "ipfs";
        }
        if (length == 5) return word == "admin" || word == "login" || word == "abuse";
        if (length == 6) return word == "status" || word == "isatap";
        if (length == 7) return word == "account" || word == "gateway" || word == "mta-sts";
        if (length == 8) return word == "security";
        return word == "autoconfig" || word == "postmaster" || word == "autodiscover";
    }

    /// Names that the network's own DNS gives a meaning: regions, `nodes`, and `n`, `p` or `v` with a number. (`at`, `ns`
    /// and the regions of two letters are too short to be names at all.)
    function _isTechnical(bytes calldata label) private pure returns (bool) {
        if (label.length <= 5) {
            bytes5 word = bytes5(label);
            if (
                word == "nodes" ||
                word == "wnam" ||
                word == "enam" ||
                word == "sam" ||
                word == "weur" ||
                word == "eeur" ||
                word == "apac" ||
                word == "afr"
            ) return true;
        }
        bytes1 first = label[0];
        return (first == "n" || first == "p" || first == "v") && _isNumber(label[1:]);
    }

    function _isNumber(bytes calldata text) private pure returns (bool) {
        for (uint256 i = 0; i < text.length; i++) {
            if (text[i] < "0" || text[i] > "9") return false;
        }
        return true;
    }

    function _checkLabel(string calldata domain, uint256 start, uint256 end) private pure {
        unchecked {
            uint256 length = end - start;
            if (
                length == 0 ||
                length > MAX_LABEL ||
                _characterAt(bytes(domain), start) == HYPHEN ||
                _characterAt(bytes(domain), end - 1) == HYPHEN
            ) revert DomainHasWrongLabel(domain, end);
        }
    }

    /// Character `index` of `text`, which has that many.
    function _characterAt(bytes calldata text, uint256 index) private pure returns (uint256 c) {
        assembly ("memory-safe") {
            c := shr(248, calldataload(add(text.offset, index)))
        }
    }
}
