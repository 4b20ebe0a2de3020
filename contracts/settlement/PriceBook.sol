// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUsageSettlement} from "../interfaces/IUsageSettlement.sol";
import {Price, PriceList} from "../libraries/Price.sol";
import {Pausable} from "../base/Pausable.sol";

/// @title The prices of each epoch: those that count, those before them, and at most one list ahead
/// @dev Two lists are enough: a third is announced only when no receipt of the first can come any more.
abstract contract PriceBook is IUsageSettlement, Pausable {
    using Price for PriceList;

    /// Epochs from the announcement of prices to the first that has them.
    uint256 private constant PRICES_AHEAD = 2;
    /// The most epochs ahead: no other list can be announced before one that waits has begun.
    uint256 private constant MOST_PRICES_AHEAD = 90;

    /// `base` fits the cap of every project that `deploy` creates.
    uint40 private immutable MAX_BASE;

    PriceList private _prices;
    /// What counted, or still counts, until `_prices` does.
    PriceList private _pricesBefore;

    constructor(PriceList memory prices, uint40 maxBase) {
        MAX_BASE = maxBase;
        _requireBounds(prices);
        prices.fromEpoch = 0;
        _prices = prices;
        _pricesBefore = prices;
        emit PricesSet(prices);
    }

    /// @inheritdoc IUsageSettlement
    function setPrices(PriceList calldata prices) external restricted {
        _requireBounds(prices);
        // The list before last is overwritten: its receipts must be out of the way.
        uint256 epoch = currentEpoch();
        uint256 earliest = _prices.fromEpoch + LATE;
        if (epoch < earliest) revert PricesTooSoon(_prices.fromEpoch, uint32(earliest));
        if (prices.fromEpoch < epoch + PRICES_AHEAD) {
            revert PricesNotAhead(prices.fromEpoch, uint32(epoch + PRICES_AHEAD));
        }
        if (prices.fromEpoch > epoch + MOST_PRICES_AHEAD) {
            revert PricesTooFarAhead(prices.fromEpoch, uint32(epoch + MOST_PRICES_AHEAD));
        }
        _pricesBefore = _prices;
        _prices = prices;
        emit PricesSet(prices);
    }

    /// @inheritdoc IUsageSettlement
    function pricesAt(uint32 epoch) public view returns (PriceList memory prices) {
        if (epoch >= _prices.fromEpoch) return _prices;
        prices = _pricesBefore;
        if (epoch < prices.fromEpoch) revert PricesForgotten(epoch, prices.fromEpoch);
    }

    /// @inheritdoc IUsageSettlement
    function priceOf(
        uint32 epoch,
        uint40 cap,
        uint64 requests,
        uint64 cpuMs,
        uint64 egressKiB,
        uint64 storedMiB
    ) external view returns (uint64 amount) {
        return uint64(pricesAt(epoch).amountOf(cap, requests, cpuMs, egressKiB, storedMiB));
    }

    function _requireBounds(PriceList memory prices) private view {
        if (
            prices.feeBps > Price.MAX_FEE_BPS ||
            prices.base > MAX_BASE ||
            prices.perMRequests > Price.MAX_RATE ||
            prices.perMCpuMs > Price.MAX_RATE ||
            prices.perGiB > Price.MAX_RATE
        ) revert PricesOutOfBounds(prices, MAX_BASE);
    }
}
