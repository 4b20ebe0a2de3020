// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Credit, CreditLib} from "../../../contracts/types/Credit.sol";
import {same} from "../support/same.sol";

/// @title The word of a project's credit
contract CreditFuzzTest {
    /// A word as it can stand: no more thaws than there is.
    function _credit(uint64 balance, uint64 thawing, uint32 thawEpoch, uint32 loweredAt) private pure returns (Credit) {
        if (thawing > balance) (balance, thawing) = (thawing, balance);
        return
            Credit.wrap(balance | (uint256(thawing) << 64) | (uint256(thawEpoch) << 128) | (uint256(loweredAt) << 192));
    }

    function testFuzz_plusAddsToTheBalanceAlone(
        uint64[2] memory amounts,
        uint32 thawEpoch,
        uint32 loweredAt,
        uint64 amount
    ) external view {
        Credit credit = _credit(amounts[0], amounts[1], thawEpoch, loweredAt);
        uint256 sum = credit.balance() + amount;
        try this.plus(credit, amount) returns (Credit after_) {
            same(after_.balance(), sum);
            same(after_.thawing(), credit.thawing());
            same(after_.thawEpoch(), thawEpoch);
            same(after_.loweredAt(), loweredAt);
            assert(sum <= type(uint64).max);
        } catch (bytes memory reason) {
            assert(sum > type(uint64).max);
            assert(keccak256(reason) == keccak256(abi.encodeWithSelector(CreditLib.CreditOverflow.selector, sum)));
        }
    }

    /// A charge takes from what does not thaw first, and never leaves more thawing than there is.
    function testFuzz_minusReachesWhatThawsLast(
        uint64[2] memory amounts,
        uint32[2] memory epochs,
        uint64 amount,
        uint32 epoch
    ) external pure {
        Credit credit = _credit(amounts[0], amounts[1], epochs[0], epochs[1]);
        uint256 taken = credit.balance() == 0 ? 0 : amount % (credit.balance() + 1);
        Credit after_ = credit.minus(taken, epoch);
        same(after_.balance(), credit.balance() - taken);
        uint256 free = credit.balance() - credit.thawing();
        same(after_.thawing(), taken <= free ? credit.thawing() : credit.thawing() - (taken - free));
        same(after_.thawEpoch(), epochs[0]);
        same(after_.loweredAt(), epoch);
    }

    function testFuzz_thawChangesNothingElse(
        uint64[2] memory amounts,
        uint32[2] memory epochs,
        uint64 amount,
        uint32 epoch
    ) external pure {
        Credit credit = _credit(amounts[0], amounts[1], epochs[0], epochs[1]);
        uint256 thaws = credit.balance() == 0 ? 0 : amount % (credit.balance() + 1);
        Credit after_ = credit.withThaw(thaws, epoch);
        same(after_.balance(), credit.balance());
        same(after_.thawing(), thaws);
        same(after_.thawEpoch(), epoch);
        same(after_.loweredAt(), epochs[1]);
    }

    function plus(Credit credit, uint256 amount) external pure returns (Credit) {
        return credit.plus(amount);
    }
}
