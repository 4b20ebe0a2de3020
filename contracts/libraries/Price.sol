// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What one receipt costs, from an epoch on. Amounts in base units of the asset (6 decimals). One slot.
/// @param fromEpoch The first epoch with these prices.
/// @param feeBps The network's share of what a node is paid, in 1/10000; at most 2000.
/// @param included Requests that `base` pays for.
/// @param base For each receipt.
/// @param perMRequests For a million requests beyond `included`.
/// @param perMCpuMs For a million milliseconds of CPU.
/// @param perGiB For 2^30 bytes of response bodies.
/// @param perGiBStored For 2^30 bytes that a seat has to hold, through one epoch.
struct PriceList {
    uint24 fromEpoch;
    uint16 feeBps;
    uint32 included;
    uint40 base;
    uint40 perMRequests;
    uint40 perMCpuMs;
    uint40 perGiB;
    uint24 perGiBStored;
}

/// @title Prices of receipts
library Price {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant MAX_FEE_BPS = 2_000;
    /// 1,000 of the asset for a million of anything. (`perGiBStored` has its bound in its 24 bits: 16.78 of the asset.)
    uint256 internal constant MAX_RATE = 1_000e6;

    /// @notice The price of a receipt: every division floors, so rounding is against the node.
    /// @param cap What one seat may charge in one epoch.
    function amountOf(
        PriceList memory list,
        uint256 cap,
        uint256 requests,
        uint256 cpuMs,
        uint256 egressKiB,
        uint256 storedMiB
    ) internal pure returns (uint256 amount) {
        // Each product is below 2^64 * 2^40, so nothing here can overflow.
        unchecked {
            uint256 beyond = requests > list.included ? requests - list.included : 0;
            amount =
                list.base +
                (beyond * list.perMRequests + cpuMs * list.perMCpuMs) / 1e6 +
                ((egressKiB * list.perGiB) >> 20) +
                ((storedMiB * list.perGiBStored) >> 10);
            if (amount > cap) amount = cap;
        }
    }

    /// @notice The fee on `amount`: rounded up, against the node.
    function feeOf(uint256 amount, uint256 feeBps) internal pure returns (uint256) {
        return (amount * feeBps + BPS - 1) / BPS;
    }
}
