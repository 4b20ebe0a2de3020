// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {Domain, DomainName} from "../../../contracts/libraries/Domain.sol";

/// @title What every accepted domain is, whatever bytes come; the rules one by one are in `libraries/domain.test.ts`
contract DomainFuzzTest {
    using ShortStrings for string;

    string private constant ZONE = "worker3.localhost";

    function testFuzz_anyText(string calldata text) external view {
        _requireSound(text);
    }

    /// Labels of the alphabet's edges, so that many are accepted.
    function testFuzz_nearlyDomains(uint8[20] memory characters, bool underZone) external view {
        bytes memory alphabet = "aznv019--..`{/:A";
        bytes memory text = new bytes(3 + (characters[0] % 17));
        for (uint256 i = 0; i < text.length; i++) {
            // Two thirds letters.
            text[i] = characters[i] % 3 == 0 ? alphabet[(characters[i] / 3) % 16] : alphabet[(characters[i] / 3) % 4];
        }
        _requireSound(underZone ? string.concat(string(text), ".", ZONE) : string.concat(string(text), ".org"));
    }

    /// Every label of lower-case letters, 3 to 63 of them, is a name of the zone unless it is reserved.
    function testFuzz_plainLabelsAreNames(bytes32 random, uint8 length) external view {
        bytes memory label = new bytes(6 + (length % 58));
        for (uint256 i = 0; i < label.length; i++) {
            label[i] = bytes1(uint8(97 + (uint256(keccak256(abi.encode(random, i))) % 26)));
        }
        DomainName memory name = this.parse(string.concat(string(label), ".", ZONE));
        assert(name.inZone);
        assert(name.key == keccak256(label));
    }

    function parse(string calldata text) external pure returns (DomainName memory) {
        return Domain.parse(text, ZONE.toShortString());
    }

    function _requireSound(string memory text) private view {
        try this.parse(text) returns (DomainName memory name) {
            uint256 firstDot = _requireLdh(bytes(text));
            bytes memory label = new bytes(firstDot);
            for (uint256 i = 0; i < firstDot; i++) label[i] = bytes(text)[i];
            string memory underZone = string.concat(string(label), ".", ZONE);
            assert(name.inZone == (keccak256(bytes(underZone)) == keccak256(bytes(text))));
            // A name's key is its label's hash, another domain's the hash of all of it, which has a dot: never the same.
            assert(name.key == keccak256(name.inZone ? label : bytes(text)));
            assert(!name.inZone || (firstDot >= 3 && firstDot <= 63));
        } catch (bytes memory reason) {
            _requireNamed(bytes4(reason));
        }
    }

    /// Lower-case letters, digits and hyphens in labels of 1 to 63, two at least, no hyphen at an end, 253 in all.
    function _requireLdh(bytes memory text) private pure returns (uint256 firstDot) {
        assert(text.length >= 3 && text.length <= 253);
        uint256 start;
        bool letters;
        for (uint256 i = 0; i <= text.length; i++) {
            bytes1 c = i == text.length ? bytes1(".") : text[i];
            if (c != ".") {
                bool digit = c >= "0" && c <= "9";
                assert(digit || c == "-" || (c >= "a" && c <= "z"));
                letters = letters || !digit;
                continue;
            }
            assert(i > start && i - start <= 63);
            assert(text[start] != "-" && text[i - 1] != "-");
            if (start == 0) firstDot = i;
            if (i == text.length) assert(letters && start != 0);
            (start, letters) = (i + 1, false);
        }
    }

    function _requireNamed(bytes4 selector) private pure {
        assert(
            selector == Domain.DomainHasWrongLength.selector ||
                selector == Domain.DomainHasWrongCharacter.selector ||
                selector == Domain.DomainHasWrongLabel.selector ||
                selector == Domain.DomainHasNoTopLevel.selector ||
                selector == Domain.NotOneLabelBelowZone.selector ||
                selector == Domain.ZoneLabelHasWrongLength.selector ||
                selector == Domain.ZoneLabelLooksLikePunycode.selector ||
                selector == Domain.NameIsReserved.selector
        );
    }
}
