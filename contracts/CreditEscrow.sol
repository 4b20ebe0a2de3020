// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {EpochClock} from "./base/EpochClock.sol";
import {SettlementBound} from "./base/SettlementBound.sol";
import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {IProjectRegistry} from "./interfaces/IProjectRegistry.sol";
import {IUsageSettlement} from "./interfaces/IUsageSettlement.sol";
import {Asset} from "./libraries/Asset.sol";
import {Ring} from "./types/Ring.sol";
import {Terms} from "./types/Terms.sol";

/// @title Escrow: the credit of every project, and what was charged until it is paid
contract CreditEscrow is ICreditEscrow, AccessManaged, SettlementBound, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using Asset for IERC20;

    IERC20 private immutable ASSET;
    IProjectRegistry private immutable PROJECTS;

    /// @inheritdoc ICreditEscrow
    address public feeReceiver;
    /// @inheritdoc ICreditEscrow
    uint128 public held;
    /// @inheritdoc ICreditEscrow
    uint96 public fees;
    /// balance 64 | thawing 64 | thawEpoch 32 | changedAt 32
    mapping(uint64 projectId => Account) private _accounts;
    /// @inheritdoc ICreditEscrow
    mapping(address who => uint64) public refundOf;

    /// @param authority The access manager.
    /// @param asset_ An ERC-20 with exactly 6 decimals, the same as the stake's.
    /// @param projects Says who owns a project; its time line counts here too.
    /// @param feeReceiver_ Where `collectFees` pays to.
    constructor(address authority, IERC20 asset_, IProjectRegistry projects, address feeReceiver_)
        AccessManaged(authority)
        EpochClock(projects.times())
    {
        ASSET = asset_.check();
        PROJECTS = projects;
        _setFeeReceiver(feeReceiver_);
    }

    modifier onlyProjectOwner(uint64 projectId) {
        address owner = PROJECTS.ownerOf(projectId);
        if (msg.sender != owner) revert NotProjectOwner(projectId, msg.sender, owner);
        _;
    }

    // Credit

    /// @inheritdoc ICreditEscrow
    function deposit(uint64 projectId, uint64 amount) external nonReentrant {
        _deposit(projectId, amount);
    }

    /// @inheritdoc ICreditEscrow
    function depositWithPermit(uint64 projectId, uint64 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrant
    {
        // Whoever saw the permit may have used it: then the allowance stands, and if not, the transfer says so.
        try IERC20Permit(address(ASSET)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _deposit(projectId, amount);
    }

    /// @inheritdoc ICreditEscrow
    function requestWithdraw(uint64 projectId, uint64 amount) external onlyProjectOwner(projectId) {
        Account storage account = _accounts[projectId];
        if (amount == 0 || amount > account.balance) revert WithdrawAmount(amount, account.balance);
        account.thawing = amount;
        account.thawEpoch = currentEpoch();
        emit WithdrawRequested(projectId, amount, account.thawEpoch);
    }

    /// @inheritdoc ICreditEscrow
    function cancelWithdraw(uint64 projectId) external onlyProjectOwner(projectId) {
        Account storage account = _accounts[projectId];
        if (account.thawing == 0) revert NothingThawing(projectId);
        account.thawing = 0;
        account.thawEpoch = 0;
        emit WithdrawCancelled(projectId);
    }

    /// @inheritdoc ICreditEscrow
    function withdraw(uint64 projectId) external nonReentrant onlyProjectOwner(projectId) returns (uint64 amount) {
        Account storage account = _accounts[projectId];
        amount = account.thawing;
        if (amount == 0) revert NothingThawing(projectId);
        uint256 lastEpoch = account.thawEpoch + CREDIT_THAW;
        if (currentEpoch() <= lastEpoch) revert StillThawing(projectId, uint32(lastEpoch));

        // `charge` keeps thawing <= balance.
        account.balance -= amount;
        account.thawing = 0;
        account.thawEpoch = 0;
        account.changedAt = currentEpoch();
        emit Withdrawn(projectId, msg.sender, amount, account.balance);

        ASSET.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ICreditEscrow
    function collectRefund() external nonReentrant returns (uint64 amount) {
        amount = refundOf[msg.sender];
        if (amount == 0) revert NothingOwed(msg.sender);
        refundOf[msg.sender] = 0;
        held -= amount;
        emit RefundCollected(msg.sender, amount);

        ASSET.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc ICreditEscrow
    function collectFees() external nonReentrant returns (uint96 amount) {
        amount = fees;
        if (amount == 0) revert NothingOwed(feeReceiver);
        fees = 0;
        emit FeesCollected(feeReceiver, amount);

        ASSET.safeTransfer(feeReceiver, amount);
    }

    // Parameters

    /// @inheritdoc ICreditEscrow
    function setFeeReceiver(address receiver) external restricted {
        _setFeeReceiver(receiver);
    }

    // The settlement's

    /// @inheritdoc ICreditEscrow
    function charge(uint256[] calldata debits) external onlySettlement returns (uint256 refused) {
        uint32 epoch = currentEpoch();
        uint256 total;
        for (uint256 i = 0; i < debits.length; i++) {
            uint64 projectId = uint64(debits[i] >> 64);
            uint64 amount = uint64(debits[i]);
            Account memory account = _accounts[projectId];
            if (amount > account.balance) {
                refused |= 1 << i;
                continue;
            }
            unchecked {
                account.balance -= amount;
                total += amount;
            }
            if (account.thawing > account.balance) account.thawing = account.balance;
            account.changedAt = epoch;
            _accounts[projectId] = account;
        }
        held += uint128(total);
    }

    /// @inheritdoc ICreditEscrow
    function refund(uint64 projectId, uint64 amount) external onlySettlement {
        held -= amount;
        uint64 balance = _credit(projectId, amount);
        emit Refunded(projectId, amount, balance);
    }

    /// @inheritdoc ICreditEscrow
    function pay(address to, uint64 amount, uint64 fee) external nonReentrant onlySettlement {
        held -= uint128(amount) + fee;
        fees += fee;

        ASSET.safeTransfer(to, amount);
    }

    /// @inheritdoc ICreditEscrow
    function takeBond(address from, uint64 bond) external nonReentrant onlySettlement returns (uint64 received) {
        received = ASSET.pull(from, bond);
        if (received < bond) revert BondTooSmall(received, bond);
        held += received;
    }

    /// @inheritdoc ICreditEscrow
    function owe(address who, uint64 amount) external onlySettlement {
        _owe(who, amount);
    }

    /// @inheritdoc ICreditEscrow
    function bookSlash(uint64 slashed, address who, uint64 reward) external onlySettlement {
        held += reward;
        fees += slashed - reward;
        if (reward != 0) _owe(who, reward);
    }

    // Views

    /// @inheritdoc ICreditEscrow
    function accountOf(uint64 projectId) external view returns (Account memory) {
        return _accounts[projectId];
    }

    /// @inheritdoc ICreditEscrow
    function available(uint64 projectId) public view returns (uint64) {
        Account memory account = _accounts[projectId];
        uint256 free = account.balance - account.thawing;
        uint256 reserved = _uncounted(projectId);
        return reserved < free ? uint64(free - reserved) : 0;
    }

    /// @inheritdoc ICreditEscrow
    function runway(uint64 projectId) external view returns (uint256 epochs, uint256 runwaySeconds) {
        uint256 budget = PROJECTS.budgetOf(projectId);
        if (budget == 0) return (type(uint256).max, type(uint256).max);
        epochs = available(projectId) / budget;
        runwaySeconds = epochs * EPOCH_SECONDS;
    }

    /// @inheritdoc ICreditEscrow
    function asset() external view returns (IERC20) {
        return ASSET;
    }

    // Internals

    function _deposit(uint64 projectId, uint64 amount) private {
        PROJECTS.ownerOf(projectId); // reverts where there is no such project
        uint64 received = ASSET.pull(msg.sender, amount);
        if (received == 0) revert NothingDeposited(projectId);
        uint64 balance = _credit(projectId, received);
        emit Deposited(projectId, msg.sender, received, balance);
    }

    function _credit(uint64 projectId, uint64 amount) private returns (uint64 balance) {
        Account storage account = _accounts[projectId];
        balance = account.balance + amount;
        account.balance = balance;
        account.changedAt = currentEpoch();
    }

    function _owe(address who, uint64 amount) private {
        refundOf[who] += amount;
        emit RefundOwed(who, amount, refundOf[who]);
    }

    function _setFeeReceiver(address receiver) private {
        if (receiver == address(0)) revert ZeroFeeReceiver();
        feeReceiver = receiver;
        emit FeeReceiverSet(receiver);
    }

    /// What may still be submitted: the cap for each seat of the last `late` epochs that is not counted yet.
    function _uncounted(uint64 projectId) private view returns (uint256 amount) {
        uint64[] memory projectIds = new uint64[](1);
        projectIds[0] = projectId;
        Ring ring = IUsageSettlement(settlement).ringOf(projectId);
        uint256 epoch = currentEpoch();
        for (uint256 e = epoch > LATE ? epoch - LATE : 0; e < epoch; e++) {
            Terms terms = Terms.wrap(PROJECTS.termsWords(projectIds, uint32(e))[0]);
            uint256 uncounted = terms.seatBits() & ~ring.countedSeats(e);
            for (; uncounted != 0; uncounted &= uncounted - 1) {
                amount += terms.cap();
            }
        }
    }

    /// @inheritdoc SettlementBound
    function _namesThis(IUsageSettlement candidate) internal view override returns (bool) {
        return address(candidate.creditEscrow()) == address(this)
            && address(candidate.projectRegistry()) == address(PROJECTS);
    }
}
