// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICreditEscrow} from "../../../contracts/interfaces/ICreditEscrow.sol";
import {Times} from "../../../contracts/interfaces/IEpochClock.sol";
import {ISettlementBound} from "../../../contracts/interfaces/ISettlementBound.sol";
import {Ring, RingLib} from "../../../contracts/types/Ring.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {deployArtifact} from "../support/deployArtifact.sol";
import {IMintable} from "../support/IMintable.sol";
import {same} from "../support/same.sol";
import {vm} from "../support/Vm.sol";

/// @title What may be counted on of a credit, its runway and its thaw, on the real escrow
/// @dev The test plays the project registry and the settlement: it says which terms and which ring there are.
contract EscrowFuzzTest {
    uint256 private constant GENESIS = 1_000_000;
    uint256 private constant EPOCH_SECONDS = 20;
    uint256 private constant LATE = 4;
    uint256 private constant CREDIT_THAW = 6;

    ICreditEscrow private _escrow;
    IMintable private _usd;
    Ring private _ring;
    mapping(uint256 epoch => Terms) private _terms;
    /// The seats of nodes that were retired in an epoch.
    mapping(uint256 epoch => uint256 seatBits) private _retired;
    uint256 private _budget;

    function setUp() public {
        vm.warp(GENESIS);
        _usd = IMintable(deployArtifact("contracts/mocks", "MockUSD", ""));
        _escrow = ICreditEscrow(
            deployArtifact("contracts", "CreditEscrow", abi.encode(address(this), _usd, address(this), address(0xfee)))
        );
        ISettlementBound(address(_escrow)).bind(address(this));
        _usd.mint(address(this), type(uint64).max);
        _usd.approve(address(_escrow), type(uint256).max);
    }

    /// balance - thawing - cap x uncounted seats of the last `late` epochs, those of retired nodes left out, never below 0.
    function testFuzz_availableAndRunway(
        uint64 balance,
        uint64 thawing,
        uint256[6] memory terms,
        uint24 epoch,
        uint256 marks,
        uint64 budget
    ) external {
        balance = 1 + (balance % 1e15);
        thawing %= balance;
        epoch %= 40;
        _escrow.deposit(1, balance);
        if (thawing != 0) _escrow.requestWithdraw(1, thawing);
        vm.warp(GENESIS + epoch * EPOCH_SECONDS);
        _ring = RingLib.open(0).mark(epoch, 0);
        uint256 reserved;
        for (uint256 i = 1; i <= LATE && i <= epoch; i++) {
            reserved += _setTerms(epoch - i, terms[i], marks >> (16 * i));
        }
        // Neither the current epoch nor one that can no longer be submitted counts.
        _terms[epoch] = Terms.wrap(terms[0]);
        if (epoch > LATE) _terms[epoch - LATE - 1] = Terms.wrap(terms[5]);

        uint256 free = balance - thawing;
        uint256 available = free > reserved ? free - reserved : 0;
        same(_escrow.available(1), available);
        _budget = budget % 1e9;
        (uint256 epochs, uint256 runwaySeconds) = _escrow.runway(1);
        if (_budget == 0) return same(epochs & runwaySeconds, type(uint256).max);
        assert(epochs * _budget <= available && available < (epochs + 1) * _budget);
        same(runwaySeconds, epochs * EPOCH_SECONDS);
    }

    /// Credit asked back in epoch r leaves when now > r + 6, less what charges reached of it meanwhile.
    function testFuzz_thawEndsWithItsEpoch(
        uint64 balance,
        uint64 asked,
        uint64 charged,
        uint24 start,
        uint24 waited
    ) external {
        balance = 1 + (balance % 1e15);
        asked = 1 + (asked % balance);
        charged %= balance + 1;
        _escrow.deposit(1, balance);
        uint256 askedAt = GENESIS + (start % 1_000_000);
        vm.warp(askedAt);
        _escrow.requestWithdraw(1, asked);
        uint256[] memory debits = new uint256[](1);
        debits[0] = (1 << 64) | charged;
        same(_escrow.charge(debits), 0);

        uint256 now_ = askedAt + (waited % ((CREDIT_THAW + 3) * EPOCH_SECONDS));
        vm.warp(now_);
        uint64 rest = balance - charged;
        uint64 leaves = asked < rest ? asked : rest;
        bool isOver = (now_ - GENESIS) / EPOCH_SECONDS > (askedAt - GENESIS) / EPOCH_SECONDS + CREDIT_THAW;
        (bool done, ) = address(_escrow).call(abi.encodeCall(ICreditEscrow.withdraw, (1)));
        assert(done == (isOver && leaves != 0));
        same(_escrow.accountOf(1).balance, done ? rest - leaves : rest);
        same(_usd.balanceOf(address(_escrow)), uint256(_escrow.accountOf(1).balance) + _escrow.held());
    }

    /// A charge is all or nothing for each project, and nothing is made or lost on the way.
    function testFuzz_chargesAreAllOrNothing(uint64[6] memory balances, uint64[12] memory amounts) external {
        uint256[] memory debits = new uint256[](amounts.length);
        for (uint64 i = 0; i < balances.length; i++) {
            balances[i] = uint64(1 + (balances[i] % 1e15));
            _escrow.deposit(i + 1, balances[i]);
        }
        uint256 refused;
        uint256 held;
        for (uint256 i = 0; i < amounts.length; i++) {
            uint256 place = i % balances.length;
            amounts[i] %= 2e15;
            debits[i] = ((place + 1) << 64) | amounts[i];
            if (amounts[i] > balances[place]) {
                refused |= 1 << i;
            } else {
                balances[place] -= amounts[i];
                held += amounts[i];
            }
        }
        same(_escrow.charge(debits), refused);
        same(_escrow.held(), held);
        for (uint64 i = 0; i < balances.length; i++) same(_escrow.accountOf(i + 1).balance, balances[i]);
    }

    function times() external pure returns (Times memory) {
        return Times(uint40(GENESIS), uint32(EPOCH_SECONDS), uint8(LATE), 3, 5, uint8(CREDIT_THAW), 19);
    }

    function ownerOf(uint64) external view returns (address) {
        return address(this);
    }

    function chargeableSeats(uint64, uint32 epoch) external view returns (uint256 seatBits, uint40 cap) {
        return (_terms[epoch].seatBits() & ~_retired[epoch], uint40(_terms[epoch].cap()));
    }

    /// The two registries, to neither of which fees may go.
    function nodeRegistry() external pure returns (address) {
        return address(0xbad1);
    }

    function nameRegistry() external pure returns (address) {
        return address(0xbad2);
    }

    function budgetAt(uint64, uint32) external view returns (uint256) {
        return _budget;
    }

    function ringOf(uint64) external view returns (Ring) {
        return _ring;
    }

    function creditEscrow() external view returns (address) {
        return address(_escrow);
    }

    function projectRegistry() external view returns (address) {
        return address(this);
    }

    /// Terms of an epoch, with some of its seats counted and some of retired nodes; returns what the others may still charge.
    function _setTerms(uint256 epoch, uint256 word, uint256 marks) private returns (uint256 uncounted) {
        // Caps below 2^30, so that sums are near what balances are.
        word &= ~(uint256(0x3ff) << 222);
        for (uint256 seat = 0; seat < 8; seat++) {
            if ((word >> (24 * seat)) % 2 == 0) word &= ~(uint256(0xffffff) << (24 * seat));
            else if (((marks >> (8 + seat)) & 1) == 1) _retired[epoch] |= 1 << seat;
            else if (((marks >> seat) & 1) == 1) _ring = _ring.mark(epoch, seat);
            else uncounted += uint40(word >> 192);
        }
        _terms[epoch] = Terms.wrap(word);
    }
}
