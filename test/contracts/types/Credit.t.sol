// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Credit, CreditLib} from "../../../contracts/types/Credit.sol";

/// @title The word of a project's credit, for any numbers
contract CreditTest {
    /// A word that the escrow can hold: what thaws is never more than the balance.
    function _word(uint64 balance, uint64 thawing, uint32 thawEpoch, uint32 loweredAt) private pure returns (Credit) {
        if (thawing > balance) thawing = balance;
        return
            Credit.wrap(
                uint256(balance) | (uint256(thawing) << 64) | (uint256(thawEpoch) << 128) | (uint256(loweredAt) << 192)
            );
    }

    function _check(
        Credit credit,
        uint256 balance,
        uint256 thawing,
        uint256 thawEpoch,
        uint256 loweredAt
    ) private pure {
        require(credit.balance() == balance, "balance");
        require(credit.thawing() == thawing, "thawing");
        require(credit.thawEpoch() == thawEpoch, "thawEpoch");
        require(credit.loweredAt() == loweredAt, "loweredAt");
    }

    function plus(Credit credit, uint256 amount) external pure returns (Credit) {
        return credit.plus(amount);
    }

    function testFuzz_aDepositAddsAndTouchesNothingElse(
        uint64 balance,
        uint64 thawing,
        uint32 thawEpoch,
        uint32 loweredAt,
        uint64 amount
    ) external view {
        Credit before = _word(balance, thawing, thawEpoch, loweredAt);
        uint256 sum = uint256(balance) + amount;
        try this.plus(before, amount) returns (Credit credit) {
            require(sum <= type(uint64).max, "ran over");
            _check(credit, sum, before.thawing(), thawEpoch, loweredAt);
        } catch (bytes memory reason) {
            require(sum > type(uint64).max, "refused what fits");
            require(bytes4(reason) == CreditLib.CreditOverflow.selector, "another reason");
        }
    }

    function testFuzz_aChargeTakesWhatDoesNotThawFirst(
        uint64 balance,
        uint64 thawing,
        uint32 thawEpoch,
        uint32 loweredAt,
        uint64 amount,
        uint32 epoch
    ) external pure {
        Credit before = _word(balance, thawing, thawEpoch, loweredAt);
        if (amount > balance) amount = balance;
        uint256 rest = balance - amount;
        uint256 thaws = before.thawing() < rest ? before.thawing() : rest;
        _check(before.minus(amount, epoch), rest, thaws, thawEpoch, epoch);
    }

    function testFuzz_aRequestReplacesTheThawAndNothingElse(
        uint64 balance,
        uint64 thawing,
        uint32 thawEpoch,
        uint32 loweredAt,
        uint64 amount,
        uint32 epoch
    ) external pure {
        Credit before = _word(balance, thawing, thawEpoch, loweredAt);
        if (amount > balance) amount = balance;
        _check(before.withThaw(amount, epoch), balance, amount, epoch, loweredAt);
    }

    function testFuzz_aWithdrawalPaysTheThawAndLeavesTheRest(
        uint64 balance,
        uint64 thawing,
        uint32 thawEpoch,
        uint32 loweredAt,
        uint32 epoch
    ) external pure {
        Credit before = _word(balance, thawing, thawEpoch, loweredAt);
        uint256 amount = before.thawing();
        _check(before.withThaw(0, 0).minus(amount, epoch), balance - amount, 0, 0, epoch);
    }
}
