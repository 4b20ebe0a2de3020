// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Credit, CreditLib} from "../../../contracts/types/Credit.sol";
import {same} from "../support/same.sol";

/// @title The word of a project's credit
contract CreditFuzzTest {
    /// A word as it can stand: no more thaws than there is, and often all of it.
    function _credit(uint64[2] memory amounts, uint32[2] memory epochs) private pure returns (Credit) {
        (uint256 balance, uint256 thawing) = (amounts[0], amounts[1]);
        if (thawing > balance) thawing = balance;
        return Credit.wrap(balance | (thawing << 64) | (uint256(epochs[0]) << 128) | (uint256(epochs[1]) << 160));
    }

    function _check(Credit credit, uint256 balance, uint256 thawing, uint256 thawEpoch, uint256 raisedAt) private pure {
        same(credit.balance(), balance);
        same(credit.thawing(), thawing);
        same(credit.thawEpoch(), thawEpoch);
        same(credit.raisedAt(), raisedAt);
    }

    /// Any part of the balance, and often all of it.
    function _part(Credit credit, uint64 amount) private pure returns (uint256) {
        return amount > credit.balance() ? credit.balance() : amount;
    }

    function testFuzz_plusAddsToTheBalanceAndSaysWhen(
        uint64[2] memory amounts,
        uint32[2] memory epochs,
        uint64 amount,
        uint32 epoch
    ) external view {
        Credit credit = _credit(amounts, epochs);
        uint256 sum = credit.balance() + amount;
        try this.plus(credit, amount, epoch) returns (Credit after_) {
            assert(sum <= type(uint64).max);
            _check(after_, sum, credit.thawing(), epochs[0], epoch);
        } catch (bytes memory reason) {
            assert(sum > type(uint64).max);
            assert(keccak256(reason) == keccak256(abi.encodeWithSelector(CreditLib.CreditOverflow.selector, sum)));
        }
    }

    /// A charge takes from what does not thaw first, and never leaves more thawing than there is.
    function testFuzz_minusReachesWhatThawsLast(
        uint64[2] memory amounts,
        uint32[2] memory epochs,
        uint64 amount
    ) external pure {
        Credit credit = _credit(amounts, epochs);
        uint256 taken = _part(credit, amount);
        uint256 free = credit.balance() - credit.thawing();
        uint256 thaws = taken <= free ? credit.thawing() : credit.thawing() - (taken - free);
        _check(credit.minus(taken), credit.balance() - taken, thaws, epochs[0], epochs[1]);
    }

    function testFuzz_thawChangesNothingElse(
        uint64[2] memory amounts,
        uint32[2] memory epochs,
        uint64 amount,
        uint32 epoch
    ) external pure {
        Credit credit = _credit(amounts, epochs);
        uint256 thaws = _part(credit, amount);
        _check(credit.withThaw(thaws, epoch), credit.balance(), thaws, epoch, epochs[1]);
    }

    function testFuzz_withdrawalPaysTheThawAndLeavesTheRest(
        uint64[2] memory amounts,
        uint32[2] memory epochs
    ) external pure {
        Credit credit = _credit(amounts, epochs);
        uint256 paid = credit.thawing();
        _check(credit.withThaw(0, 0).minus(paid), credit.balance() - paid, 0, 0, epochs[1]);
    }

    function plus(Credit credit, uint256 amount, uint256 epoch) external pure returns (Credit) {
        return credit.plus(amount, epoch);
    }
}
