// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Times} from "../../../contracts/interfaces/IEpochClock.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {ISettlementBound} from "../../../contracts/interfaces/ISettlementBound.sol";
import {deployArtifact} from "../support/deployArtifact.sol";
import {IMintable} from "../support/IMintable.sol";
import {same} from "../support/same.sol";
import {vm} from "../support/Vm.sol";

/// @title Thaw and slash of a stake, on the real registry
/// @dev The test plays the settlement, which alone may slash.
contract StakeFuzzTest {
    uint64 private constant MIN_STAKE = 1_000e6;
    uint256 private constant GENESIS = 1_000_000;
    uint256 private constant EPOCH_SECONDS = 20;
    uint256 private constant STAKE_THAW = 14;

    INodeRegistry private _nodes;
    IMintable private _usd;

    function setUp() public {
        vm.warp(GENESIS);
        _usd = IMintable(deployArtifact("contracts/mocks", "MockUSD", ""));
        _nodes = INodeRegistry(
            deployArtifact("contracts", "NodeRegistry", abi.encode(address(this), _usd, times(), MIN_STAKE, false))
        );
        ISettlementBound(address(_nodes)).bind(address(this));
        _usd.mint(address(this), type(uint64).max);
        _usd.approve(address(_nodes), type(uint256).max);
    }

    /// In any order of request and slashes, what leaves is min(thawing, stake), and the rest stays.
    function testFuzz_slashTakesFromWhatThawsLast(uint64 stake, uint64 asked, uint64 first, uint64 second) external {
        stake = uint64(MIN_STAKE + (stake % 1e15));
        asked = 1 + (asked % stake);
        uint32 nodeId = _register(stake);
        (uint256 rest, uint256 thawing) = _slashed(nodeId, stake, 0, first % (2 * stake));
        if (rest == 0) return;
        asked = uint64(asked > rest ? rest : asked);
        _nodes.requestUnstake(nodeId, asked);
        _requireRetired(nodeId, rest - asked < MIN_STAKE || rest < MIN_STAKE);
        (rest, thawing) = _slashed(nodeId, rest, asked, second % (2 * stake));

        vm.warp(GENESIS + (STAKE_THAW + 1) * EPOCH_SECONDS);
        uint256 before = _usd.balanceOf(address(this));
        if (thawing == 0) {
            (bool done, ) = address(_nodes).call(abi.encodeCall(INodeRegistry.withdrawStake, (nodeId)));
            assert(!done);
        } else {
            same(_nodes.withdrawStake(nodeId), thawing);
        }
        same(_usd.balanceOf(address(this)) - before, thawing);
        same(_nodes.nodeOf(nodeId).stake, rest - thawing);
        same(_nodes.nodeOf(nodeId).thawing, 0);
        same(_usd.balanceOf(address(_nodes)), rest - thawing);
    }

    /// Stake asked back in epoch r leaves when now > r + 14: not a second earlier, and a new request begins anew.
    function testFuzz_thawEndsWithItsEpoch(uint24 askedAfter, uint24 againAfter, uint24 waited) external {
        uint32 nodeId = _register(2 * MIN_STAKE);
        uint256 asked = GENESIS + (askedAfter % 1_000_000);
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

    function times() public pure returns (Times memory) {
        return Times(uint40(GENESIS), uint32(EPOCH_SECONDS), 3, 3, 5, 5, uint8(STAKE_THAW));
    }

    function nodeRegistry() external view returns (INodeRegistry) {
        return _nodes;
    }

    function _register(uint64 stake) private returns (uint32) {
        return _nodes.register(address(1), 0, "https://node.example.org", stake);
    }

    function _slashed(
        uint32 nodeId,
        uint256 stake,
        uint256 thawing,
        uint64 amount
    ) private returns (uint256 rest, uint256 thaws) {
        bool retired = _nodes.nodeOf(nodeId).retiredFrom != 0;
        uint256 taken = amount < stake ? amount : stake;
        same(_nodes.slash(nodeId, amount, address(0xbeef)), taken);
        // Whoever takes it fetches it: exactly that much.
        vm.prank(address(0xbeef));
        _usd.transferFrom(address(_nodes), address(0xbeef), taken);
        same(_usd.allowance(address(_nodes), address(0xbeef)), 0);
        (rest, thaws) = (stake - taken, thawing < stake - taken ? thawing : stake - taken);
        same(_nodes.nodeOf(nodeId).stake, rest);
        same(_nodes.nodeOf(nodeId).thawing, thaws);
        _requireRetired(nodeId, retired || rest - thaws < MIN_STAKE);
    }

    function _requireRetired(uint32 nodeId, bool retired) private view {
        assert((_nodes.nodeOf(nodeId).retiredFrom != 0) == retired);
    }
}
