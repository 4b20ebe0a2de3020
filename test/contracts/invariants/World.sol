// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {ICreditEscrow} from "../../../contracts/interfaces/ICreditEscrow.sol";
import {Times} from "../../../contracts/interfaces/IEpochClock.sol";
import {INameRegistry, NameRules} from "../../../contracts/interfaces/INameRegistry.sol";
import {INodeRegistry} from "../../../contracts/interfaces/INodeRegistry.sol";
import {IPausable} from "../../../contracts/interfaces/IPausable.sol";
import {IProjectRegistry} from "../../../contracts/interfaces/IProjectRegistry.sol";
import {ISettlementBound} from "../../../contracts/interfaces/ISettlementBound.sol";
import {IUsageSettlement} from "../../../contracts/interfaces/IUsageSettlement.sol";
import {PriceList} from "../../../contracts/libraries/Price.sol";
import {deployArtifact} from "../support/deployArtifact.sol";
import {IMintable} from "../support/IMintable.sol";
import {vm} from "../support/Vm.sol";
import {Actions} from "./Actions.sol";

/// @title The contracts as `ignition/modules/Worker3.ts` deploys them, the people around them, and the time
/// @dev The very bytecode of the build: this file knows interfaces and artifacts, never the contracts' code.
abstract contract World {
    uint256 internal constant GENESIS = 1_800_000_000;
    uint256 internal constant EPOCH_SECONDS = 86_400;
    uint32 internal constant LATE = 4;
    uint32 internal constant DISPUTE = 3;
    uint32 internal constant DECIDE = 5;
    uint32 internal constant CREDIT_THAW = 6;
    uint32 internal constant STAKE_THAW = 19;
    uint32 internal constant PARAMETER_DELAY = 86_400;
    uint64 internal constant USD = 1e6;
    uint40 internal constant DEFAULT_CAP = 1e6;
    string internal constant ZONE = "worker3.localhost";
    /// What everyone has at the start: more than all that ever moves.
    uint256 internal constant PURSE = 1e15;

    /// Keys, as small numbers that read well in a trace.
    uint256 internal constant OWNER_KEYS = 101;
    uint256 internal constant NODE_OWNER_KEYS = 201;
    uint256 internal constant OPERATOR_KEYS = 301;
    uint256 internal constant METER_KEY = 401;
    uint256 internal constant STRANGER_KEY = 501;

    uint64 private constant PARAMETERS_ROLE = 1;
    uint64 private constant GUARDIAN_ROLE = 2;
    uint64 private constant ADMIN_ROLE = 0;

    IMintable internal usd;
    IAccessManager internal manager;
    INodeRegistry internal nodes;
    IProjectRegistry internal projects;
    INameRegistry internal names;
    ICreditEscrow internal escrow;
    IUsageSettlement internal settlement;

    /// The third owner of projects also owns nodes: a project may be served by its owner.
    address[3] internal owners = [vm.addr(OWNER_KEYS), vm.addr(OWNER_KEYS + 1), vm.addr(OWNER_KEYS + 2)];
    address[3] internal nodeOwners = [vm.addr(NODE_OWNER_KEYS), vm.addr(NODE_OWNER_KEYS + 1), owners[2]];
    address[2] internal arbiters = [address(0xa1), address(0xa2)];
    address[2] internal feeReceivers = [address(0xfee1), address(0xfee2)];
    address internal stranger = vm.addr(STRANGER_KEY);
    address internal delegate = address(0xde1e);
    address internal guardian = address(0x96a7);
    address internal admin = address(0xad31);
    /// Everyone who may hold tokens, each once.
    address[] internal purses;

    /// What an action did: how often its call went well, and how often it was refused.
    mapping(bytes4 action => uint256) public successes;
    mapping(bytes4 action => uint256) public refusals;

    /// The block's time; runners forget `warp` between calls, so every action sets it again.
    uint256 internal nowSeconds = GENESIS;
    uint256 internal actionCount;
    uint256 private _random;

    /// @notice A contract failed without a reason, or by a panic: arithmetic, an index, an assertion.
    error Fault(bytes4 action, address target, bytes4 called, bytes reason);
    /// @notice A call went otherwise than the model foretold.
    error Unforeseen(bytes4 action, bool foretold, bytes result);

    modifier action(uint256 seed) {
        _random = seed;
        actionCount++;
        vm.warp(nowSeconds);
        vm.prevrandao(bytes32(seed));
        _;
    }

    constructor() {
        vm.warp(nowSeconds);
        usd = IMintable(deployArtifact("contracts/mocks", "MockUSD", ""));
        manager = IAccessManager(
            deployArtifact("@openzeppelin/contracts/access/manager", "AccessManager", abi.encode(address(this)))
        );
        Times memory times = Times(
            uint40(GENESIS),
            uint32(EPOCH_SECONDS),
            uint8(LATE),
            uint8(DISPUTE),
            uint8(DECIDE),
            uint8(CREDIT_THAW),
            uint8(STAKE_THAW)
        );
        nodes = INodeRegistry(
            deployArtifact("contracts", "NodeRegistry", abi.encode(manager, usd, times, 1_000 * USD, 120, 2_000, false))
        );
        projects = IProjectRegistry(
            deployArtifact(
                "contracts",
                "ProjectRegistry",
                abi.encode(
                    manager,
                    nodes,
                    NameRules(ZONE, address(this), INameRegistry(address(0)), 0),
                    DEFAULT_CAP,
                    100 * USD
                )
            )
        );
        names = projects.nameRegistry();
        escrow = ICreditEscrow(
            deployArtifact("contracts", "CreditEscrow", abi.encode(manager, usd, projects, feeReceivers[0]))
        );
        settlement = IUsageSettlement(
            deployArtifact(
                "contracts",
                "UsageSettlement",
                abi.encode(manager, nodes, projects, escrow, _firstPrices(), _firstParameters())
            )
        );
        ISettlementBound(address(nodes)).bind(address(settlement));
        ISettlementBound(address(projects)).bind(address(settlement));
        ISettlementBound(address(escrow)).bind(address(settlement));
        _handOver();
        _fund();
    }

    function _firstPrices() private pure returns (PriceList memory) {
        return PriceList(0, 500, 10_000, 1_000, 300_000, 20_000, 50_000, 1_000);
    }

    function _firstParameters() internal view returns (IUsageSettlement.Parameters memory) {
        return IUsageSettlement.Parameters(5 * USD, 1_000 * USD, 5 * USD, 100, 2, arbiters[0]);
    }

    /// The roles of the deployment; the deployer keeps none.
    function _handOver() private {
        bytes4[] memory pause = new bytes4[](1);
        pause[0] = IPausable.pause.selector;
        manager.setTargetFunctionRole(address(nodes), pause, GUARDIAN_ROLE);
        manager.setTargetFunctionRole(address(projects), pause, GUARDIAN_ROLE);
        manager.setTargetFunctionRole(address(settlement), pause, GUARDIAN_ROLE);
        pause[0] = IUsageSettlement.suspendDecisions.selector;
        manager.setTargetFunctionRole(address(settlement), pause, GUARDIAN_ROLE);

        _letAdminSet(address(nodes), INodeRegistry.setParameters.selector);
        _letAdminSet(address(projects), IProjectRegistry.setMaxCap.selector);
        _letAdminSet(address(escrow), ICreditEscrow.setFeeReceiver.selector);
        _letAdminSet(address(settlement), IUsageSettlement.setPrices.selector);
        _letAdminSet(address(settlement), IUsageSettlement.setParameters.selector);
        _letAdminSet(address(settlement), IUsageSettlement.setSuccessor.selector);

        manager.setRoleGuardian(PARAMETERS_ROLE, GUARDIAN_ROLE);
        manager.grantRole(PARAMETERS_ROLE, admin, PARAMETER_DELAY);
        manager.grantRole(GUARDIAN_ROLE, guardian, 0);
        manager.grantRole(ADMIN_ROLE, admin, PARAMETER_DELAY);
        manager.setGrantDelay(PARAMETERS_ROLE, PARAMETER_DELAY);
        manager.setGrantDelay(ADMIN_ROLE, PARAMETER_DELAY);
        manager.renounceRole(ADMIN_ROLE, address(this));
    }

    function _letAdminSet(address target, bytes4 selector) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, PARAMETERS_ROLE);
    }

    function _fund() private {
        for (uint256 i = 0; i < 3; i++) _addPurse(owners[i]);
        for (uint256 i = 0; i < 2; i++) _addPurse(nodeOwners[i]);
        for (uint256 i = 0; i < 2; i++) _addPurse(feeReceivers[i]);
        _addPurse(stranger);
    }

    function _addPurse(address who) private {
        purses.push(who);
        usd.mint(who, PURSE);
        vm.prank(who);
        usd.approve(address(nodes), type(uint256).max);
        vm.prank(who);
        usd.approve(address(escrow), type(uint256).max);
    }

    /// Calls as `actor`, counts what came of it, and fails where it is not as foretold.
    function _expect(bool foretold, address actor, address target, bytes memory data) internal returns (bool done) {
        bytes memory result;
        (done, result) = _call(actor, target, data);
        if (done != foretold) revert Unforeseen(msg.sig, foretold, result);
        if (done) successes[msg.sig]++;
        else refusals[msg.sig]++;
    }

    /// A call that has to be refused, as the success of an action that tries it.
    function _refused(address actor, address target, bytes memory data) internal {
        (bool done, bytes memory result) = _call(actor, target, data);
        if (done) revert Unforeseen(msg.sig, false, result);
        successes[msg.sig]++;
    }

    /// Counts a way in which an action went.
    function _saw(string memory variant) internal {
        successes[Actions.keyOf(variant)]++;
    }

    function _call(address actor, address target, bytes memory data) private returns (bool done, bytes memory result) {
        vm.prank(actor);
        (done, result) = target.call(data);
        if (!done && (result.length < 4 || bytes4(result) == 0x4e487b71)) {
            revert Fault(msg.sig, target, bytes4(data), result);
        }
    }

    /// A number below `below`, the next that the action's seed gives.
    function _pick(uint256 below) internal returns (uint256) {
        _random = uint256(keccak256(abi.encode(_random)));
        return _random % below;
    }

    /// A number from `least` to `most`: often one of the two ends.
    function _between(uint256 least, uint256 most) internal returns (uint256) {
        uint256 kind = _pick(8);
        if (kind == 0 || most <= least) return least;
        if (kind == 1) return most;
        return least + _pick(most - least + 1);
    }

    /// True once in `times`.
    function _once(uint256 times) internal returns (bool) {
        return _pick(times) == 0;
    }

    function _epoch() internal view returns (uint32) {
        return uint32((nowSeconds - GENESIS) / EPOCH_SECONDS);
    }

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function _max(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a : b;
    }
}
