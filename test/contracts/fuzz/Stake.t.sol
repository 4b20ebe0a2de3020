// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Times} from "../../../contracts/interfaces/IEpochClock.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ISettlementBound} from "../../../contracts/interfaces/ISettlementBound.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {deployArtifact} from "../support/deployArtifact.sol";
import {IMintable} from "../support/IMintable.sol";
import {same} from "../support/same.sol";
import {vm} from "../support/Vm.sol";

/// @title Thaw, slash and retirement of a stake, on the real registry
/// @dev The test plays the settlement, which alone may slash.
contract StakeFuzzTest {
    /// What the registry should know of the node.
    struct Model {
        uint256 stake;
        uint256 thawing;
        uint256 left;
        uint256 leftIn;
        uint256 retiredFrom;
        bool liftable;
    }

    uint64 private constant MIN_STAKE = 1_000e6;
    uint16 private constant SLASH_SHARE_BPS = 2_000;
    uint256 private constant GENESIS = 1_000_000;
    uint256 private constant EPOCH_SECONDS = 20;
    uint256 private constant STAKE_THAW = 19;
    /// In epoch 0 nothing can have been submitted, and nothing is slashed.
    uint256 private constant START = GENESIS + EPOCH_SECONDS;

    INodeRegistry private _nodes;
    IMintable private _usd;
    Model private _model;

    function setUp() public {
        vm.warp(START);
        _usd = IMintable(deployArtifact("contracts/mocks", "MockUSD", ""));
        _nodes = INodeRegistry(
            deployArtifact(
                "contracts",
                "NodeRegistry",
                abi.encode(address(this), _usd, times(), MIN_STAKE, 120, SLASH_SHARE_BPS, false)
            )
        );
        ISettlementBound(address(_nodes)).bind(address(this));
        _usd.mint(address(this), type(uint64).max);
        _usd.approve(address(_nodes), type(uint256).max);
    }

    /// In any order of request and slashes, what leaves is min(thawing, stake), and the rest stays.
    function testFuzz_slashTakesFromWhatThawsLast(uint64 stake, uint64 asked, uint64 first, uint64 second) external {
        stake = uint64(MIN_STAKE + (stake % 1e15));
        uint32 nodeId = _register(stake);
        _slash(nodeId, first % (2 * stake));
        asked = uint64(1 + (asked % _model.stake));
        _request(nodeId, asked);
        _slash(nodeId, second % (2 * stake));
        (uint256 rest, uint256 thawing) = (_model.stake, _model.thawing);

        vm.warp(START + (STAKE_THAW + 1) * EPOCH_SECONDS);
        uint256 before = _usd.balanceOf(address(this));
        same(_nodes.withdrawStake(nodeId), thawing);
        same(_usd.balanceOf(address(this)) - before, thawing);
        same(_nodes.nodeOf(nodeId).stake, rest - thawing);
        same(_nodes.nodeOf(nodeId).thawing, 0);
        same(_usd.balanceOf(address(_nodes)), rest - thawing);
    }

    /// Stake asked back in epoch r leaves when now > r + 19: not a second earlier, and a new request begins anew.
    function testFuzz_thawEndsWithItsEpoch(uint24 askedAfter, uint24 againAfter, uint24 waited) external {
        uint32 nodeId = _register(2 * MIN_STAKE);
        uint256 asked = START + (askedAfter % 1_000_000);
        vm.warp(asked);
        _nodes.requestUnstake(nodeId, 1);
        asked += againAfter % (20 * EPOCH_SECONDS);
        vm.warp(asked);
        _nodes.requestUnstake(nodeId, MIN_STAKE);
        uint256 now_ = asked + (waited % ((STAKE_THAW + 3) * EPOCH_SECONDS));
        vm.warp(now_);
        (bool done, ) = address(_nodes).call(abi.encodeCall(INodeRegistry.withdrawStake, (nodeId)));
        uint256 askedIn = (asked - GENESIS) / EPOCH_SECONDS;
        assert(done == ((now_ - GENESIS) / EPOCH_SECONDS > askedIn + STAKE_THAW));
        same(_nodes.nodeOf(nodeId).stake, done ? MIN_STAKE : 2 * MIN_STAKE);
    }

    /// Through any walk of slashes, additions and requests over epochs: a share an epoch goes and no more, and the node
    /// retires and comes back as its stake says.
    /// @param steps The low two bits say what, the next three how many seconds before it, the rest how much.
    function testFuzz_stakeDecidesWhoStays(uint64 stake, uint64[24] calldata steps) external {
        stake = uint64(MIN_STAKE + (stake % (2 * MIN_STAKE)));
        uint32 nodeId = _register(stake);
        uint256 now_ = START;
        for (uint256 i = 0; i < steps.length; i++) {
            now_ += 5 * ((steps[i] >> 2) & 7);
            vm.warp(now_);
            // A node that may stay says that it lives: what is gone then is gone for its stake.
            if (_model.retiredFrom == 0 || _isLiftable()) _nodes.setPresence(nodeId, uint32(_epoch()), 0);
            uint64 amount = (steps[i] >> 5) % MIN_STAKE;
            uint256 what = steps[i] & 3;
            if (what < 2) _slash(nodeId, amount);
            else if (what == 2) _add(nodeId, amount);
            else if (_model.stake != 0) _request(nodeId, uint64(1 + (amount % _model.stake)));
            _requireAsModelled(nodeId);
        }
    }

    function times() public pure returns (Times memory) {
        return Times(uint40(GENESIS), uint32(EPOCH_SECONDS), 4, 3, 5, 6, uint8(STAKE_THAW));
    }

    function nodeRegistry() external view returns (INodeRegistry) {
        return _nodes;
    }

    function _register(uint64 stake) private returns (uint32) {
        _model.stake = stake;
        return _nodes.register(address(1), 0, "https://node.example.org", stake);
    }

    function _slash(uint32 nodeId, uint64 amount) private {
        if (_model.leftIn != _epoch()) {
            (_model.left, _model.leftIn) = ((_model.stake * SLASH_SHARE_BPS) / 10_000, _epoch());
        }
        uint256 taken = amount < _model.left ? amount : _model.left;
        if (taken > _model.stake) taken = _model.stake;
        same(_nodes.slash(nodeId, amount, address(0xbeef)), taken);
        // Whoever takes it fetches it: exactly that much.
        vm.prank(address(0xbeef));
        _usd.transferFrom(address(_nodes), address(0xbeef), taken);
        same(_usd.allowance(address(_nodes), address(0xbeef)), 0);

        _model.left -= taken;
        _model.stake -= taken;
        if (_model.thawing > _model.stake) _model.thawing = _model.stake;
        if (_model.retiredFrom == 0 && _model.stake - _model.thawing < MIN_STAKE) {
            (_model.retiredFrom, _model.liftable) = (_epoch() + 2, true);
        }
        _requireAsModelled(nodeId);
    }

    function _add(uint32 nodeId, uint64 amount) private {
        _nodes.addStake(nodeId, amount);
        _model.stake += amount;
        if (_isLiftable() && _model.stake - _model.thawing >= MIN_STAKE) {
            (_model.retiredFrom, _model.liftable) = (0, false);
        }
    }

    function _request(uint32 nodeId, uint64 amount) private {
        _nodes.requestUnstake(nodeId, amount);
        _model.thawing = amount;
        if (_model.stake - amount < MIN_STAKE && (_model.retiredFrom == 0 || _isLiftable())) {
            uint256 next = _epoch() + 1;
            if (_model.retiredFrom == 0 || next < _model.retiredFrom) _model.retiredFrom = next;
            _model.liftable = false;
        }
        _requireAsModelled(nodeId);
    }

    function _requireAsModelled(uint32 nodeId) private view {
        INodeRegistry.Node memory node = _nodes.nodeOf(nodeId);
        same(node.stake, _model.stake);
        same(node.thawing, _model.thawing);
        same(node.retiredFrom, _model.retiredFrom);
        assert(node.isLiftable == _isLiftable());
        same(node.slashLeft, _model.leftIn == _epoch() ? _model.left : (_model.stake * SLASH_SHARE_BPS) / 10_000);
        // What a draw and a seat ask for: the stake that does not thaw, and none of who retires.
        uint256 free = _model.retiredFrom == 0 ? _model.stake - _model.thawing : 0;
        uint256 most = free / 120;
        bool isGone = _nodes.isGone(nodeId);
        if (most >= type(uint40).max)
            most = type(uint40).max; // the highest cap there is
        else same(_nodes.vacantSeats(_seated(nodeId, most + 1)), isGone || _model.retiredFrom == 0 ? 1 : 0);
        if (!isGone) same(_nodes.vacantSeats(_seated(nodeId, most)), 0);
    }

    /// Terms in which the node alone sits, with `cap`.
    function _seated(uint256 nodeId, uint256 cap) private pure returns (Terms) {
        return Terms.wrap(0).withSeat(0, nodeId).withCap(cap);
    }

    function _isLiftable() private view returns (bool) {
        return _model.liftable && _epoch() < _model.retiredFrom;
    }

    function _epoch() private view returns (uint256) {
        return (block.timestamp - GENESIS) / EPOCH_SECONDS;
    }
}
