// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Which texts are domains, and which of them are names of the zone
/// @notice A domain is lower-case letters, digits and hyphens in labels of 1 to 63 characters, at least two labels,
/// 253 characters in all, no hyphen at either end of a label, and a last label that is not a number (an address is no
/// domain). A name of the zone is exactly one label of 3 to 63 characters below it.
/// @dev Sources: RFC 1035 section 2.3.1 and 2.3.4, RFC 1123 section 2.1 (a label may start with a digit),
/// RFC 5891 section 4.2.3.1 (hyphens at the third and fourth place belong to punycode), RFC 3696 section 2.
library Domain {
    uint256 internal constant MAX_LENGTH = 253;
    uint256 internal constant MAX_LABEL = 63;
    uint256 internal constant MIN_ZONE_LABEL = 3;

    /// @notice The domain has `length` characters; 3 to 253 can be.
    error DomainLength(string domain, uint256 length);
    /// @notice The character at `index` is not a lower-case letter, a digit, a hyphen or a dot.
    error DomainCharacter(string domain, uint256 index);
    /// @notice The label that ends before `index` is empty, longer than 63, or has a hyphen at its start or end.
    error DomainLabel(string domain, uint256 index);
    /// @notice The domain has no dot, or its last label is a number.
    error DomainTopLevel(string domain);
    /// @notice Below the zone exactly one label can be claimed: not the zone itself and nothing deeper.
    error ZoneDepth(string domain);
    /// @notice A name of the zone has 3 to 63 characters before the zone.
    error ZoneLabelLength(string domain, uint256 length);
    /// @notice A name of the zone has no hyphens at its third and fourth place: they would announce punycode, and with
    /// it letters that look like others.
    error ZonePunycode(string domain);
    /// @notice The network needs this name itself.
    error NameReserved(string domain);

    /// @notice Refuses what is no domain.
    function check(string calldata domain) internal pure {
        bytes calldata raw = bytes(domain);
        uint256 length = raw.length;
        if (length < 3 || length > MAX_LENGTH) revert DomainLength(domain, length);

        uint256 start; // of the label at hand
        bool numeric = true; // the label at hand, so far
        for (uint256 i = 0; i < length; i++) {
            bytes1 c = raw[i];
            if (c == ".") {
                _checkLabel(domain, start, i);
                start = i + 1;
                numeric = true;
            } else if (c >= "a" && c <= "z") {
                numeric = false;
            } else if (c == "-") {
                numeric = false;
            } else if (c < "0" || c > "9") {
                revert DomainCharacter(domain, i);
            }
        }
        _checkLabel(domain, start, length);
        if (start == 0 || numeric) revert DomainTopLevel(domain);
    }

    /// @notice The label that `domain` claims below `zone`; empty where `domain` lies outside the zone.
    /// @param domain A checked domain.
    function zoneLabel(string calldata domain, string memory zone) internal pure returns (bytes calldata label) {
        bytes calldata raw = bytes(domain);
        uint256 zoneLength = bytes(zone).length;
        if (raw.length < zoneLength) return raw[0:0];

        uint256 end = raw.length - zoneLength;
        if (keccak256(raw[end:]) != keccak256(bytes(zone))) return raw[0:0];
        if (end == 0) revert ZoneDepth(domain);
        if (raw[end - 1] != ".") return raw[0:0];

        label = raw[0:end - 1];
        for (uint256 i = 0; i < label.length; i++) {
            if (label[i] == ".") revert ZoneDepth(domain);
        }
        if (label.length < MIN_ZONE_LABEL) revert ZoneLabelLength(domain, label.length);
        if (label.length > 3 && label[2] == "-" && label[3] == "-") revert ZonePunycode(domain);
        if (_isTechnical(label)) revert NameReserved(domain);
    }

    /// @notice Whether the label is one that only the network's keeper may claim.
    function isReserved(bytes calldata label) internal pure returns (bool) {
        if (label.length > 6) return false;
        bytes6 word = bytes6(label);
        return word == "www" || word == "api" || word == "app" || word == "admin" || word == "mail" || word == "ns1"
            || word == "ns2" || word == "status" || word == "docs";
    }

    /// Names that the network's own DNS gives a meaning: regions, `nodes`, and `n` or `v` with a number. (`at`, `ns`
    /// and the regions of two letters are too short to be names at all.)
    function _isTechnical(bytes calldata label) private pure returns (bool) {
        if (label.length <= 5) {
            bytes5 word = bytes5(label);
            if (
                word == "nodes" || word == "wnam" || word == "enam" || word == "sam" || word == "weur" || word == "eeur"
                    || word == "apac" || word == "afr"
            ) return true;
        }
        if (label[0] != "n" && label[0] != "v") return false;
        for (uint256 i = 1; i < label.length; i++) {
            if (label[i] < "0" || label[i] > "9") return false;
        }
        return true;
    }

    function _checkLabel(string calldata domain, uint256 start, uint256 end) private pure {
        bytes calldata raw = bytes(domain);
        if (end == start || end - start > MAX_LABEL || raw[start] == "-" || raw[end - 1] == "-") {
            revert DomainLabel(domain, end);
        }
    }
}
