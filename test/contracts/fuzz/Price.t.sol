// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Price, PriceList} from "../../../contracts/libraries/Price.sol";
import {same} from "../support/same.sol";

/// @title What prices and fees can never do, whatever the numbers; their formula itself is in `libraries/price.test.ts`
contract PriceFuzzTest {
    using Price for PriceList;

    /// `exact` is the price as a fraction of 10^6 * 2^20: rounding takes less than one unit for each of the three divisions.
    function testFuzz_roundsDownByLessThanThreeUnits(
        PriceList memory list,
        uint64 requests,
        uint64 cpuMs,
        uint64 egressKiB,
        uint64 storedMiB
    ) external pure {
        uint256 amount = list.amountOf(type(uint256).max, requests, cpuMs, egressKiB, storedMiB);
        uint256 beyond = requests > list.included ? requests - list.included : 0;
        uint256 exact =
            ((uint256(list.base) * 1e6) << 20) +
                ((beyond * list.perMRequests + uint256(cpuMs) * list.perMCpuMs) << 20) +
                uint256(egressKiB) * list.perGiB * 1e6 +
                ((uint256(storedMiB) * list.perGiBStored * 1e6) << 10);
        uint256 unit = 1e6 << 20;
        assert(amount * unit <= exact);
        assert(exact - amount * unit < 3 * unit);
    }

    function testFuzz_moreUsageNeverCostsLess(
        PriceList memory list,
        uint40 cap,
        uint64[4] memory usage,
        uint64[4] memory more
    ) external pure {
        for (uint256 i = 0; i < 4; i++) if (more[i] < usage[i]) (usage[i], more[i]) = (more[i], usage[i]);
        uint256 less = list.amountOf(cap, usage[0], usage[1], usage[2], usage[3]);
        assert(less <= list.amountOf(cap, more[0], more[1], more[2], more[3]));
        assert(less <= cap);
    }

    /// Two receipts for what one could say: each rounds down, and the second pays the base again.
    function testFuzz_twoReceiptsForOneCostNoLessButForRounding(
        PriceList memory list,
        uint64[4] memory usage,
        uint64[4] memory part
    ) external pure {
        for (uint256 i = 0; i < 4; i++) part[i] = usage[i] == 0 ? 0 : part[i] % usage[i];
        list.included = 0;
        uint256 most = type(uint256).max;
        uint256 whole = list.amountOf(most, usage[0], usage[1], usage[2], usage[3]);
        uint256 first = list.amountOf(most, part[0], part[1], part[2], part[3]);
        uint256 second = list.amountOf(
            most,
            usage[0] - part[0],
            usage[1] - part[1],
            usage[2] - part[2],
            usage[3] - part[3]
        );
        assert(first + second <= whole + list.base);
        assert(first + second + 3 >= whole + list.base);
    }

    function testFuzz_feeIsTheLeastThatIsEnough(uint64 amount, uint16 bps) external pure {
        uint256 feeBps = bps % (Price.MAX_FEE_BPS + 1);
        uint256 fee = Price.feeOf(amount, feeBps);
        assert(fee * Price.BPS >= uint256(amount) * feeBps);
        assert(fee == 0 || (fee - 1) * Price.BPS < uint256(amount) * feeBps);
        assert(fee <= amount);
    }

    /// Released one by one, the receipts of a bucket pay the node no more than claimed together, and at most a unit less
    /// for each.
    function testFuzz_splittingNeverSavesFees(uint32[] memory amounts, uint16 bps) external pure {
        uint256 feeBps = bps % (Price.MAX_FEE_BPS + 1);
        uint256 total;
        uint256 feeOfParts;
        for (uint256 i = 0; i < amounts.length; i++) {
            total += amounts[i];
            feeOfParts += Price.feeOf(amounts[i], feeBps);
        }
        uint256 fee = Price.feeOf(total, feeBps);
        assert(feeOfParts >= fee);
        assert(feeOfParts <= fee + amounts.length);
    }

    function test_oneUnitIsAllFeeAtAnyRate() external pure {
        same(Price.feeOf(1, 1), 1);
        same(Price.feeOf(1, Price.MAX_FEE_BPS), 1);
        same(Price.feeOf(1, 0), 0);
    }
}
